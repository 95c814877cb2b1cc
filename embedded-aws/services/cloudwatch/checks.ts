import type { Dimension } from "@aws-sdk/client-cloudwatch";
import { AwsError, notModelled } from "../../core/errors.ts";

export const invalid = (message: string) => new AwsError("InvalidParameterValueException", message);
export const contradictory = (message: string) => new AwsError("InvalidParameterCombinationException", message);

/** Limits: `Dimension` in the API reference. @throws AwsError InvalidParameterValue */
export function dimensionsOf(list: readonly Dimension[] | undefined): Record<string, string> {
  for (const { Name = "" } of list ?? [])
    if (Name.startsWith(":")) throw invalid(`The name of a dimension doesn't begin with ":", as "${Name}" does.`);
  return Object.fromEntries((list ?? []).map(({ Name = "", Value = "" }) => [Name, Value]));
}

export const dimensionList = (dimensions: Readonly<Record<string, string>>): Dimension[] =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

/**
 * Milliseconds of a period. @throws AwsError InvalidParameterValue; NotModelledHere below a minute, for which nothing
 * is kept here
 */
export function periodOf(seconds: number | undefined): number {
  if (seconds === 1 || seconds === 5 || seconds === 10 || seconds === 20 || seconds === 30)
    throw notModelled(`A period of ${seconds} seconds: metrics of high resolution`);
  if (seconds === undefined || seconds < 60 || seconds % 60 !== 0)
    throw invalid(`The period must be 1, 5, 10, 20, 30 or a multiple of 60 seconds, not ${seconds ?? "nothing"}.`);
  return seconds * 1000;
}
