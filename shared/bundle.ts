// A function's module and all that it imports as one text. The same sources give the same bytes in any folder and on any machine: what is deployed
// changes when, and only when, the code does.
import { dirname, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";

const ROOT = dirname(import.meta.dirname);

export interface Bundle {
  /** CommonJS, minified: `index.js` of the archive. */
  readonly code: string;
  /** Paths of all modules in it, relative to the repository. */
  readonly modules: readonly string[];
}

const bundles = new Map<string, Promise<Bundle>>();

/** Bundles the module at the absolute path `entry`, once per process. Throws esbuild's own errors, and on its warnings too. */
export function bundle(entry: string): Promise<Bundle> {
  let made = bundles.get(entry);
  if (made === undefined) {
    made = make(entry);
    bundles.set(entry, made);
  }
  return made;
}

async function make(entry: string): Promise<Bundle> {
  // Not above: whoever only reads a program, such as a test of its settings, needn't load it.
  const { build } = await import("esbuild");
  const { outputFiles, metafile, warnings } = await build({
    entryPoints: [relative(ROOT, entry)],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    // The SDK's ES modules can be shaken, its CommonJS can't: less to load at a cold start.
    mainFields: ["module", "main"],
    legalComments: "none",
    logLevel: "silent",
    // Another tsconfig.json above the repository, or a changed one in it, must not change what is deployed.
    tsconfigRaw: {},
  });
  const [warning] = warnings;
  if (warning) throw new Error(`${relative(ROOT, entry)} can't be bundled: ${warning.text}`);
  const [output] = outputFiles;
  if (!output) throw new Error(`esbuild made nothing of ${relative(ROOT, entry)}`);
  return { code: output.text, modules: Object.keys(metafile.inputs) };
}

/** The archive of a function: handler `index.handler`, and further files by name. */
export const functionArchive = (
  { code }: Bundle,
  files: Readonly<Record<string, string>> = {},
): pulumi.asset.AssetArchive =>
  new pulumi.asset.AssetArchive(
    Object.fromEntries(
      Object.entries({ ...files, "index.js": code }).map(([name, text]) => [name, new pulumi.asset.StringAsset(text)]),
    ),
  );
