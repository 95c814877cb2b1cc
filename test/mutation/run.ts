// `npm run test:mutation:product`: breaks the product in every way that Stryker knows, and looks which breaks a test
// finds. Writes docs/mutation.md, a row for each file that was measured; fails where a file has less than is asked.
// `-- TEXT…` measures the slice of that name, or the files whose paths hold it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Measured, writeTable } from "./table.ts";
import { SLICES, type Slice } from "./slices.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const FOLDER = join(ROOT, ".local", "mutation");
const STRYKER = join(import.meta.dirname, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");

/** Everything below is read by nobody whom a mutant can harm. */
const NOT_COPIED = [
  ".local",
  "embedded-aws/.local",
  "dist",
  "bench",
  "docs",
  "reports",
  "test/mutation",
  "embedded-aws/mutation",
];

/**
 * As .mocharc.json has them, by their paths outside of the sandbox: what tests import by a package's name, as
 * `embedded-aws/testing`, comes from there too, and is the same module only then.
 */
const REQUIRED = [
  "test/harness/compile-cache.ts",
  "embedded-aws/test/rejections.ts",
  "test/harness/pulumi-diagnostics.ts",
].map((path) => join(ROOT, path));

const configurationOf = ({ files, tests }: Slice, report: string) => ({
  testRunner: "mocha",
  plugins: [import.meta.resolve("@stryker-mutator/mocha-runner")],
  mochaOptions: { config: ".mocharc.json", require: REQUIRED, spec: tests },
  mutate: files,
  coverageAnalysis: "perTest",
  concurrency: availableParallelism(),
  // Where neither the compiler nor the linter looks.
  tempDirName: join(FOLDER, "sandboxes"),
  // On a machine with something else to do a test may take a while, and a mutant that isn't found counts as found.
  timeoutMS: 20_000,
  ignorePatterns: NOT_COPIED,
  reporters: ["json", "clear-text", "progress-append-only"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: report },
});

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
}

async function measure(slice: Slice): Promise<readonly Measured[]> {
  const report = join(FOLDER, `${slice.name}-report.json`);
  const configuration = join(FOLDER, `${slice.name}.json`);
  await writeFile(configuration, JSON.stringify(configurationOf(slice, report)));
  const stryker = spawn(process.execPath, [STRYKER, "run", configuration], {
    cwd: ROOT,
    stdio: "inherit",
    // Mutants run in processes of their own, which load the same again and again.
    env: { ...process.env, NODE_COMPILE_CACHE: join(FOLDER, "compile-cache") },
  });
  const [code] = (await once(stryker, "exit")) as [number | null];
  if (code !== 0) throw new Error(`Stryker ended with ${code ?? "a signal"} on ${slice.name}: what it says is above.`);
  const { files } = JSON.parse(await readFile(report, "utf8")) as Report;
  const count = (path: string, ...statuses: readonly string[]) =>
    files[path]?.mutants.filter(({ status }) => statuses.includes(status)).length ?? 0;
  return slice.files.map((file) => {
    const found = count(file, "Killed", "Timeout");
    return { file, found, mutants: found + count(file, "Survived", "NoCoverage"), atLeast: slice.atLeast };
  });
}

/** Slices of that name, or else what of each slice lies at a path that holds it. */
function wantedBy(text: string): readonly Slice[] {
  const named = SLICES.filter(({ name }) => name === text);
  if (named.length > 0) return named;
  const holding = SLICES.map((slice) => ({ ...slice, files: slice.files.filter((file) => file.includes(text)) }));
  const found = holding.filter(({ files }) => files.length > 0);
  if (found.length > 0) return found;
  throw new Error(
    `Nothing that is mutated is called ${text}: slices are ${SLICES.map(({ name }) => name).join(", ")}.`,
  );
}

const texts = process.argv.slice(2);
await mkdir(FOLDER, { recursive: true });
const low: string[] = [];
for (const slice of texts.length === 0 ? SLICES : texts.flatMap(wantedBy)) {
  const measured = await measure(slice);
  await writeTable(measured);
  low.push(
    ...measured.filter(({ found, mutants, atLeast }) => 100 * found < atLeast * mutants).map(({ file }) => file),
  );
}
if (low.length > 0) {
  console.error(`Fewer mutants were found than is asked in ${low.join(", ")}: docs/mutation.md.`);
  process.exitCode = 1;
}
