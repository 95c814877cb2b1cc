// What is the same in every operation of IoT: how pages are cut, permissions are named, and what
// the errors say.
import { arn, parseArn } from "../../core/arn.ts";
import { AwsError } from "../../core/errors.ts";
import { pageInOrder } from "../../core/paging.ts";
import type { Call, Permission } from "../../core/service.ts";
import { requestTagKeys, type GivenTags } from "../../core/tags.ts";
import type { Numbered } from "./state.ts";

export const invalid = (message: string): AwsError => new AwsError("InvalidRequestException", message);
export const notFound = (what: string, name: string): AwsError =>
  new AwsError("ResourceNotFoundException", `${what} ${name} was not found in this account and Region.`);

/**
 * Permission on a resource of IoT (`thing/lamp`), or on `*` where the Service Authorization Reference («Actions,
 * resources, and condition keys for AWS IoT») names no resource type for the action.
 */
export const on = (call: Call, action: string, resource?: string, tags?: GivenTags): Permission => ({
  action: `iot:${action}`,
  resource: resource === undefined ? "*" : arn("iot", call, resource),
  ...(tags === undefined ? {} : { context: requestTagKeys(tags) }),
});

/**
 * `changes` over `before`; an empty value takes the attribute away («UpdateThing», AttributePayload). Throws
 * InvalidRequestException for more than `limit` attributes.
 */
export function attributesOf(
  changes: Readonly<Record<string, string>> | undefined,
  limit: number,
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const attributes = { ...before };
  for (const [name, value] of Object.entries(changes ?? {})) {
    if (value === "") Reflect.deleteProperty(attributes, name);
    else attributes[name] = value;
  }
  const count = Object.keys(attributes).length;
  if (count > limit) throw invalid(`There may be at most ${limit} attributes here, not ${count}.`);
  return attributes;
}

export const sameAttributes = (
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): boolean =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([name, value]) => other[name] === value);

/** Things and groups may be given by name or by ARN. */
export const nameIn = (name: string | undefined, given: string | undefined): string | undefined =>
  name ?? parseArn(given ?? "")?.resource.split("/")[1];

/** Optimistic locking. Throws VersionConflictException (its text is not confirmed). */
export function checkVersion(what: string, version: number, expected: number | undefined): void {
  if (expected === undefined || expected === version) return;
  throw new AwsError("VersionConflictException", `${what} has version ${version}, not the expected ${expected}.`);
}

/**
 * One page of what is `wanted` of a listing, in the order of creation. AWS documents at most 250 results for most
 * listings; how many it gives when nothing is asked for is not confirmed: as many as may be. Throws
 * InvalidRequestException for a token that isn't one.
 */
export function page<T extends Numbered>(
  all: Iterable<T>,
  { nextToken, maxResults }: { nextToken?: string | undefined; maxResults?: number | undefined },
  { limit = 250, wanted = () => true }: { limit?: number; wanted?: (item: T) => boolean } = {},
): { items: T[]; nextToken: string | undefined } {
  const paging = { token: nextToken, limit: maxResults ?? limit, code: "InvalidRequestException" };
  const { items, next } = pageInOrder(filtered(all, wanted), ({ serial }) => serial, paging);
  return { items, nextToken: next };
}

/** In the order of creation, as `page` takes them. */
export const bySerial = <T extends Numbered>(items: T[]): T[] => items.sort((a, b) => a.serial - b.serial);

function* filtered<T>(all: Iterable<T>, wanted: (item: T) => boolean): Generator<T> {
  for (const item of all) if (wanted(item)) yield item;
}
