// Run by bundle.ts, in a process of its own: takes the text to bundle on its standard input, and writes a `Bundled`
// on its standard output.
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { type BuildFailure, type Message, type Metafile, build } from "esbuild";
import { trim } from "./trim.ts";
import { isAsTested } from "./trim-versions.ts";

export type Bundled =
  | {
      readonly code: string;
      readonly modules: readonly string[];
      readonly bytes: Readonly<Record<string, number>>;
    }
  | { readonly problem: string };

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
const TRIMMED = /(?:^|\/)@(?:aws|aws-sdk|smithy|aws-lambda-powertools\/metrics)\//;
const LIBRARIES = /(?:^|\/)@(?:aws|aws-sdk|smithy|aws-lambda-powertools)\//;
const OURS = /^(?:customer|partner|shared)\/|^<stdin>$/;

/** Whether the partner's own code, or a package that it brings, loads what is trimmed: what it needs nobody knows. */
const isShared = ({ inputs }: Metafile): boolean =>
  Object.entries(inputs).some(
    ([path, { imports }]) =>
      !OURS.test(path) && !LIBRARIES.test(path) && imports.some((imported) => TRIMMED.test(imported.path)),
  );

/** Undefined where not everything is there to be trimmed, or what is there must stay whole. */
async function trimmedRun(contents: string) {
  const made = await run(contents, true).catch(() => undefined);
  if (made === undefined || isShared(made.metafile)) return undefined;
  return isAsTested(Object.keys(made.metafile.inputs), ROOT) ? made : undefined;
}

const bytesOf = ({ outputs }: Metafile): Record<string, number> =>
  Object.fromEntries(
    Object.values(outputs)
      .flatMap(({ inputs }) => Object.entries(inputs))
      .map(([path, { bytesInOutput }]) => [path, bytesInOutput] as const)
      .filter(([path, bytes]) => path !== "<stdin>" && bytes > 0),
  );

const inWords = ({ text: what, location }: Message): string =>
  location === null || location.file === "<stdin>" ? what : `${what} (${location.file}, line ${location.line})`;

async function bundled(contents: string): Promise<Bundled> {
  try {
    const { outputFiles, metafile, warnings } = (await trimmedRun(contents)) ?? (await run(contents, false));
    const [warning] = warnings;
    if (warning) return { problem: inWords(warning) };
    const [output] = outputFiles;
    if (!output) return { problem: "esbuild made nothing of it" };
    return {
      code: output.text,
      modules: Object.keys(metafile.inputs).filter((path) => path !== "<stdin>"),
      bytes: bytesOf(metafile),
    };
  } catch (cause) {
    const [error] = (cause as Partial<BuildFailure>).errors ?? [];
    if (!error) throw cause;
    return { problem: inWords(error) };
  }
}

process.stdout.write(JSON.stringify(await bundled(await text(process.stdin))));
