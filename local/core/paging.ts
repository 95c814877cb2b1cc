// Lists in pages: the token of a page holds the last key of it, so that what is made or deleted between two pages shifts nothing.
import { AwsError } from "./errors.ts";

interface Paging {
  readonly token: string | undefined;
  readonly limit: number;
  /** The error for a token that no page gave out. */
  readonly code: string;
}

/**
 * One page of the items, in the order of their keys, with the token of the next one where there is more.
 * @throws AwsError with the given code
 */
export function pageByKey<Item>(
  items: Iterable<Item>,
  keyOf: (item: Item) => string,
  { token, limit, code }: Paging,
): { readonly items: Item[]; readonly next?: string } {
  const after = token === undefined ? undefined : keyIn(token, code);
  const rest = [...items]
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || key > after)
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const more = last !== undefined && page.length < rest.length;
  return { items: page.map(({ item }) => item), ...(more ? { next: tokenOf(last.key) } : {}) };
}

const tokenOf = (key: string): string => Buffer.from(`after ${key}`).toString("base64url");

function keyIn(token: string, code: string): string {
  const text = Buffer.from(token, "base64url").toString();
  const key = text.slice("after ".length);
  if (!text.startsWith("after ") || tokenOf(key) !== token)
    throw new AwsError(code, `The token "${token}" isn't one that an earlier page gave out.`, { status: 400 });
  return key;
}
