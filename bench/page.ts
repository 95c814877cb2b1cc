// Tables that runs write into docs/performance.md, between `<!-- NAME -->` and `<!-- end -->`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";

const PAGE = join(import.meta.dirname, "..", "docs", "performance.md");

/** The first row is the head. */
export const markdownTable = (rows: readonly (readonly string[])[]): string =>
  rows
    .map((row, index) => `| ${row.join(" | ")} |${index === 0 ? `\n|${row.map(() => " --- |").join("")}` : ""}`)
    .join("\n");

/** Prints the tables, and writes each to its place. Throws where the page has none. */
export async function writeTables(tables: Readonly<Record<string, string>>): Promise<void> {
  let text = readFileSync(PAGE, "utf8");
  for (const [name, content] of Object.entries(tables)) {
    console.log(`\n${content}`);
    const place = new RegExp(`(<!-- ${name} -->)[^]*?(<!-- end -->)`);
    if (!place.test(text)) throw new Error(`docs/performance.md has no place for "${name}" any more.`);
    text = text.replace(place, (_, before: string, after: string) => `${before}\n\n${content}\n\n${after}`);
  }
  writeFileSync(PAGE, await format(text, { ...(await resolveConfig(PAGE)), filepath: PAGE }));
}
