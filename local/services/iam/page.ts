import { AwsError } from "../../core/errors.ts";

/** What every IAM list takes. */
interface Paging {
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
 * One page, in the order of the items' keys. The marker holds the last key, so that what is made or deleted between two pages shifts nothing.
 * @throws AwsError ValidationError for a marker that no page gave out
 */
export function pageOf<Item>(items: Iterable<Item>, keyOf: (item: Item) => string, input: Paging): Page<Item> {
  const after = input.Marker === undefined ? "" : keyIn(input.Marker);
  const rest = [...items]
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => key > after)
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  const page = rest.slice(0, input.MaxItems ?? DEFAULT_ITEMS);
  const last = page.at(-1);
  const more = last !== undefined && page.length < rest.length;
  return {
    items: page.map(({ item }) => item),
    end: more ? { IsTruncated: true, Marker: markerOf(last.key) } : { IsTruncated: false },
  };
}

const markerOf = (key: string): string => Buffer.from(`after ${key}`).toString("base64url");

function keyIn(marker: string): string {
  const text = Buffer.from(marker, "base64url").toString();
  const key = text.slice("after ".length);
  // The words are not confirmed.
  if (!text.startsWith("after ") || markerOf(key) !== marker)
    throw new AwsError("ValidationError", `Invalid Marker: "${marker}" isn't one that an earlier page gave out.`, {
      status: 400,
    });
  return key;
}
