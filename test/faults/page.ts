// A page of docs/ that a run writes: formatted as the check of all files wants it.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";

export async function writePage(name: string, text: string): Promise<void> {
  const file = join(import.meta.dirname, "..", "..", "docs", name);
  await writeFile(file, await format(text, { ...(await resolveConfig(file)), parser: "markdown" }));
}
