// Run by bundle.ts, in a process of its own: takes the text to bundle on its standard input, and writes a `Bundled`
// on its standard output.
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { type BuildFailure, type Message, type Metafile, build } from "esbuild";
import { trim } from "./trim.ts";

export type Bundled = { readonly code: string; readonly modules: readonly string[] } | { readonly problem: string };

const ROOT = dirname(import.meta.dirname);

const run = (contents: string, trimmed: boolean) =>
  build({
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
    plugins: trimmed ? [trim] : [],
  });

/** Paths are relative to this package's folder: where it is installed, its neighbours' begin with `../../`. */
const SDK = /(?:^|\/)@(?:aws-sdk|smithy)\//;
const OURS = /^(?:customer|partner|shared)\/|^<stdin>$/;

/** Whether the partner's own code, or a package that it brings, loads the SDK: what it needs of it nobody knows. */
const sharesTheSdk = ({ inputs }: Metafile): boolean =>
  Object.entries(inputs).some(
    ([path, { imports }]) => !OURS.test(path) && !SDK.test(path) && imports.some((imported) => SDK.test(imported.path)),
  );

const inWords = ({ text: what, location }: Message): string =>
  location === null || location.file === "<stdin>" ? what : `${what} (${location.file}, line ${location.line})`;

async function bundled(contents: string): Promise<Bundled> {
  try {
    const trimmed = await run(contents, true);
    const { outputFiles, metafile, warnings } = sharesTheSdk(trimmed.metafile) ? await run(contents, false) : trimmed;
    const [warning] = warnings;
    if (warning) return { problem: inWords(warning) };
    const [output] = outputFiles;
    if (!output) return { problem: "esbuild made nothing of it" };
    return { code: output.text, modules: Object.keys(metafile.inputs).filter((path) => path !== "<stdin>") };
  } catch (cause) {
    const [error] = (cause as Partial<BuildFailure>).errors ?? [];
    if (!error) throw cause;
    return { problem: inWords(error) };
  }
}

process.stdout.write(JSON.stringify(await bundled(await text(process.stdin))));
