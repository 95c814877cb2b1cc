import { pageByKey } from "../../core/paging.ts";

/** What every IAM list takes. */
export interface Paging {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}
interface Page<Item> {
  readonly items: Item[];
  /** For the output, beside the items. */
  readonly end: { readonly IsTruncated: boolean; readonly Marker?: string };
}

const DEFAULT_ITEMS = 100;

/**
 * One page, in the order of the items' keys.
 * @throws AwsError ValidationError for a marker that no page gave out
 */
export function pageOf<Item>(all: Iterable<Item>, keyOf: (item: Item) => string, input: Paging): Page<Item> {
  const limit = input.MaxItems ?? DEFAULT_ITEMS;
  const { items, next } = pageByKey(all, keyOf, { token: input.Marker, limit, code: "ValidationError" });
  return { items, end: next === undefined ? { IsTruncated: false } : { IsTruncated: true, Marker: next } };
}
