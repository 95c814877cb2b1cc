// docs/mutation.md: its table keeps the rows of files that a run didn't measure.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writePage } from "../faults/page.ts";
import { SLICES } from "./slices.ts";

export interface Measured {
  readonly file: string;
  /** Mutants that a test noticed. */
  readonly found: number;
  readonly mutants: number;
  /** Per cent. */
  readonly atLeast: number;
}

const PAGE = "mutation.md";
const FILES = SLICES.flatMap(({ files }) => files);

const percent = (found: number, mutants: number): string => (mutants === 0 ? "" : ((100 * found) / mutants).toFixed(1));

const rowOf = ({ file, found, mutants, atLeast }: Measured, date: string): string =>
  `| \`${file}\` | ${mutants} | ${found} | ${percent(found, mutants)} | ${atLeast} | ${date} |`;

/** By file; what is no longer mutated is left out. */
function earlierRows(): Map<string, string> {
  const path = join(import.meta.dirname, "..", "..", "docs", PAGE);
  const rows = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  return new Map(
    FILES.flatMap((file) => rows.filter((row) => row.startsWith(`| \`${file}\` `)).map((row) => [file, row])),
  );
}

export async function writeTable(measured: readonly Measured[]): Promise<void> {
  const rows = earlierRows();
  const date = new Date().toISOString().slice(0, 10);
  for (const of of measured) rows.set(of.file, rowOf(of, date));
  const all = FILES.flatMap((file) => rows.get(file) ?? []);
  const cells = all.map((row) => row.split("|").map((cell) => Number(cell)));
  const sum = (column: number) => cells.reduce((total, row) => total + (row[column] ?? 0), 0);
  await writePage(PAGE, pageOf(all, FILES.length, sum(2), sum(3)));
}

const pageOf = (rows: readonly string[], files: number, mutants: number, found: number): string => `# Mutation testing

Written by \`npm run test:mutation:product\`: ${rows.length} of ${files} files measured, ${mutants} mutants, of which
the tests that are about those files found ${found} (${percent(found, mutants)} %). A mutant is a small break of the
code: a condition turned round, a text emptied, a bound moved by one. What isn't in the table was never measured.

Who may speak is held best: \`sender.ts\`, \`customers.ts\` of the function, the patterns in \`names.ts\`, whom a
publish role trusts, and whose a dead letter is, \`vouching.ts\`. What survives in files that have what is asked was read, and is accepted where
nobody could tell it from the code as it is:

- texts and defaults for cases that a type excludes and the compiler wants handled: \`?? "it"\` beside a path that is
  always there, \`?? []\` of a row that always has one;
- bounds of which both sides mean the same: a debug message of exactly the largest size, a description of exactly
  128 KB;
- \`instanceof\` in a \`catch\` where nothing else is thrown;
- descriptions of rules and resources, and what a component registers as outputs of its own, which nothing reads.

Files below what is asked want tests, or to be measured again. Not in the table: bundling and trimming, whose slice takes
hours, since each of its tests bundles. Not in the list of files at all: the functions' entries, which run in bundles,
and most of \`hooks/\`.

| file | mutants | found | % | asked | measured |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
