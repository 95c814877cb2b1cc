// Lists in pages: the token of a page holds the last key of it, so that what is made or deleted between two pages
// shifts nothing.
import { AwsError } from "./errors.ts";

type Key = string | number;
interface Paging {
  readonly token: string | undefined;
  readonly limit: number;
  /** The error for a token that no page gave out. */
  readonly code: string;
  /** Keys fall instead of rising. */
  readonly descending?: boolean;
}
interface Page<Item> {
  readonly items: Item[];
  /** The token of the next page, where there is more. */
  readonly next?: string;
}

/**
 * One page of items that come in the order of their keys. It takes from them no more than it needs: a fleet has many
 * pages.
 * @throws AwsError with the given code
 */
export function pageInOrder<Item>(
  ordered: Iterable<Item>,
  keyOf: (item: Item) => Key,
  { token, limit, code, descending = false }: Paging,
): Page<Item> {
  const after = token === undefined ? undefined : keyIn(token, code);
  const items: Item[] = [];
  for (const item of ordered) {
    const key = keyOf(item);
    if (after !== undefined) {
      if (typeof key !== typeof after) throw noToken(token, code);
      if (descending ? key >= after : key <= after) continue;
    }
    const last = items.at(-1);
    if (items.length >= limit && last !== undefined) return { items, next: tokenOf(keyOf(last)) };
    items.push(item);
  }
  return { items };
}

/** The same for items in any order. */
export function pageByKey<Item>(items: Iterable<Item>, keyOf: (item: Item) => string, paging: Paging): Page<Item> {
  const keyed = [...items].map((item) => ({ item, key: keyOf(item) }));
  const rising = paging.descending ? -1 : 1;
  keyed.sort((one, other) => (one.key < other.key ? -rising : rising));
  const { items: page, ...rest } = pageInOrder(keyed, ({ key }) => key, paging);
  return { items: page.map(({ item }) => item), ...rest };
}

const tokenOf = (key: Key): string => Buffer.from(`after ${JSON.stringify(key)}`).toString("base64url");
const noToken = (token: string | undefined, code: string): AwsError =>
  new AwsError(code, `The token "${token ?? ""}" isn't one that an earlier page gave out.`, { status: 400 });

function keyIn(token: string, code: string): Key {
  const [, text] = /^after ("(?:[^"\\]|\\.)*"|\d+)$/.exec(Buffer.from(token, "base64url").toString()) ?? [];
  const key = text === undefined ? undefined : (JSON.parse(text) as Key);
  if (key === undefined || tokenOf(key) !== token) throw noToken(token, code);
  return key;
}
