// A function's module and all that it imports as one text. The same sources give the same bytes in any folder and on
// any machine: what is deployed changes when, and only when, the code does.
import { dirname, extname, join, relative } from "node:path";
import { type BuildFailure, buildSync } from "esbuild";
import * as pulumi from "@pulumi/pulumi";

const ROOT = dirname(import.meta.dirname);

export interface Bundle {
  /** CommonJS, minified: `index.js` of the archive. */
  readonly code: string;
  /** Paths of all modules in it, relative to the folder that this package's modules lie in. */
  readonly modules: readonly string[];
}

/** Why there is no bundle: esbuild's first error or warning, with where it found it. */
export class UnbundledModule extends Error {
  override readonly name = "UnbundledModule";
}

/**
 * A module's path, below the one that asks, with its extension: TypeScript here, JavaScript in the published package.
 */
export const siblingModule = ({ dirname: folder, filename }: ImportMeta, path: string): string =>
  join(folder, `${path}${extname(filename)}`);

/** How a module at an absolute path is written in an import of the text that `bundle` takes. */
export const specifier = (path: string): string => JSON.stringify(`./${relative(ROOT, path).replaceAll("\\", "/")}`);

/** Bundles a text in whose imports modules stand as `specifier` gives them. Throws UnbundledModule. */
export function bundle(contents: string): Bundle {
  const { outputFiles, metafile, warnings } = build(contents);
  const [warning] = warnings;
  if (warning) throw new UnbundledModule(inWords(warning));
  const [output] = outputFiles;
  if (!output) throw new UnbundledModule("esbuild made nothing of it");
  return { code: output.text, modules: Object.keys(metafile.inputs).filter((path) => path !== "<stdin>") };
}

function build(contents: string) {
  try {
    // Synchronously, so that a component's constructor can refuse what can't be bundled before it declares anything.
    return buildSync({
      stdin: { contents, resolveDir: ROOT, loader: "ts" },
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
  } catch (cause) {
    const [error] = (cause as Partial<BuildFailure>).errors ?? [];
    if (!error) throw cause;
    throw new UnbundledModule(inWords(error), { cause });
  }
}

const inWords = ({ text, location }: BuildFailure["errors"][number]): string =>
  location === null || location.file === "<stdin>" ? text : `${text} (${location.file}, line ${location.line})`;

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

/** `make`, once per process: for bundles of this package's own modules, which can't change while the program runs. */
export function once(make: () => Bundle): () => Bundle {
  let made: Bundle | undefined;
  return () => (made ??= make());
}
