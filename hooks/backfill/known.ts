// What the partner knows and the listing did not show. Neither fits into memory: both are read as often as there are
// parts, and each time the names of one part are compared.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline/promises";
import { REGISTRY_NAME } from "../../shared/contract/names.ts";
import { inWords } from "../printable.ts";
import { UserError } from "../user-error.ts";

/** Some 20 MB. */
const NAMES_PER_PART = 100_000;

export const partsOf = (names: number): number => Math.max(1, Math.ceil(names / NAMES_PER_PART));

export interface Comparison {
  /** ARNs of what the partner knows, one a line, as `hooks known` writes them. */
  readonly knownFile: string;
  /** Names that were listed, one a line. */
  readonly listedFile: string;
  /** ARNs of this account and Region begin with it. */
  readonly arnPrefix: string;
  readonly parts: number;
}

/** Names of one part that the partner knows, and that were not listed. @throws UserError */
export async function missingNames(comparison: Comparison, part: number): Promise<readonly string[]> {
  const { knownFile, listedFile, arnPrefix, parts } = comparison;
  const missing = new Set<string>();
  for await (const name of knownNames(knownFile, arnPrefix)) if (partOf(name, parts) === part) missing.add(name);
  for await (const name of lines(listedFile)) missing.delete(name);
  return [...missing];
}

/** How many lines are of this account and Region. @throws UserError */
export async function countKnown(knownFile: string, arnPrefix: string): Promise<number> {
  let count = 0;
  for await (const _ of knownNames(knownFile, arnPrefix)) count += 1;
  return count;
}

async function* knownNames(knownFile: string, arnPrefix: string): AsyncGenerator<string> {
  for await (const arn of lines(knownFile)) {
    if (!arn.startsWith("arn:"))
      throw new UserError(`${knownFile} has a line that is no ARN: it takes what \`hooks known\` writes.`);
    const name = arn.slice(arnPrefix.length);
    if (arn.startsWith(arnPrefix) && REGISTRY_NAME.test(name)) yield name;
  }
}

async function* lines(path: string): AsyncGenerator<string> {
  try {
    for await (const line of createInterface({ input: createReadStream(path) })) if (line !== "") yield line;
  } catch (error) {
    if (error instanceof Error && "code" in error)
      throw new UserError(`${path} can't be read: ${inWords(error)}.`, { cause: error });
    throw error;
  }
}

/** FNV-1a: names that differ in a digit are spread over the parts. */
function partOf(name: string, parts: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % parts;
}
