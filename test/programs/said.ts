// What is said of a setting's value.
import type * as v from "valibot";
import { parsed } from "../../shared/settings.ts";

export const naming = (setting: string): string => `the ${setting}`;

/** What is said of a value after `the x `, without its end; undefined where it is taken. */
export function said(schema: v.GenericSchema, value: unknown): string | undefined {
  try {
    parsed(schema, value, naming, "x");
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^the x ?/, "").replace(/\.$/, "");
  }
}

export const TEXT = "but it must be a text: set or remove it";
export const EXTERNAL =
  "but STS wants 2 to 1224 letters, digits and _+=,.@:/- in an external id: set the one that both sides agreed on";
