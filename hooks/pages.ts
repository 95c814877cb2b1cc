/** All pages of a listing, whatever says where the next one begins. */
export async function everyPage<Item, Token = string>(
  page: (token: Token | undefined) => Promise<{ readonly items: readonly Item[]; readonly next: Token | undefined }>,
): Promise<Item[]> {
  const all: Item[] = [];
  let token: Token | undefined;
  do {
    const { items, next } = await page(token);
    all.push(...items);
    token = next;
  } while (token !== undefined);
  return all;
}
