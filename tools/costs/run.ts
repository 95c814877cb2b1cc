// `npm run costs`: counts, and writes the counts into the command and their price into docs/costs.md.
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CHANGE_NAMES } from "../../hooks/cost/changes.ts";
import { countOf, countOfSample, difference } from "./count.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const path = (...parts: readonly string[]): string => join(ROOT, ...parts);

const byDefault = await countOf([]);
const differences: Record<string, unknown> = {};
for (const change of CHANGE_NAMES) differences[change] = difference(await countOf([change]), byDefault);
await writeFile(
  path("hooks", "cost", "counts.ts"),
  `// What AWS bills for one event. Written by \`npm run costs\`; a test counts it anew.
import type { Change, Counts } from "./changes.ts";

export const BY_DEFAULT: Counts = ${JSON.stringify(byDefault)};

/** Of the AWS sample that this project follows, which has no device registry and no queues. */
export const OF_THE_SAMPLE: Counts = ${JSON.stringify(await countOfSample())};

/** What each change adds. */
export const DIFFERENCES: Readonly<Record<Change, Counts>> = ${JSON.stringify(differences)};
`,
);
// Loaded now: it reads what was just written.
const { pageText } = await import("./page.ts");
await writeFile(path("docs", "costs.md"), pageText());
execFileSync(
  process.execPath,
  [path("node_modules", "prettier", "bin", "prettier.cjs"), "--write", "hooks/cost/counts.ts", "docs/costs.md"],
  { cwd: ROOT },
);
