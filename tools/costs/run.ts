// `npm run costs`: counts, and writes the counts into the command and their price into docs/costs.md.
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { COMBINATIONS, countOf } from "./count.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const path = (...parts: readonly string[]): string => join(ROOT, ...parts);

const counts = [];
for (const of of COMBINATIONS) counts.push(await countOf(of));
await writeFile(
  path("hooks", "cost", "counts.ts"),
  `// What AWS bills for one event. Written by \`npm run costs\`; a test counts it anew.
import type { Unit } from "./prices.ts";

/** Settings of the partner's that change what is counted. */
export interface Options {
  readonly debug: boolean;
  readonly registry: boolean;
}

type Counts = Readonly<Partial<Record<Unit, number>>>;

export const COUNTS: readonly { readonly of: Options; readonly customer: Counts; readonly partner: Counts }[] = ${JSON.stringify(counts)};
`,
);
// Loaded now: it reads what was just written.
const { pageText } = await import("./page.ts");
await writeFile(path("docs", "costs.md"), pageText());
execFileSync(
  process.execPath,
  [path("node_modules", "prettier", "bin", "prettier.cjs"), "--write", "hooks/cost/counts.ts", "docs/costs.md"],
  {
    cwd: ROOT,
  },
);
