// What bundle.ts has esbuild do.
import { dirname } from "node:path";
import { type BuildFailure, type Message, type Metafile, build } from "esbuild";
import { trim } from "./trim.ts";
import { untested } from "./trim-versions.ts";

export type Bundled =
  | {
      readonly code: string;
      readonly modules: readonly string[];
      readonly bytes: Readonly<Record<string, number>>;
      /** Why the AWS SDK is in it as a whole, where it could be trimmed elsewhere. */
      readonly untrimmed?: string | undefined;
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

const inWords = ({ text: what, location }: Message): string =>
  location === null || location.file === "<stdin>" ? what : `${what} (${location.file}, line ${location.line})`;

/** What esbuild says first. Throws what isn't esbuild's. */
function errorIn(cause: unknown): string {
  const [error] = (cause as Partial<BuildFailure>).errors ?? [];
  if (!error) throw cause;
  return inWords(error);
}

/** Trimmed where everything is there to be trimmed, and nothing of it must stay whole. */
async function made(contents: string) {
  const trimmed = await run(contents, true).catch((cause: unknown) => `it can't be trimmed: ${errorIn(cause)}`);
  if (typeof trimmed === "string") return { ...(await run(contents, false)), untrimmed: trimmed };
  if (isShared(trimmed.metafile)) return { ...(await run(contents, false)), untrimmed: undefined };
  const untrimmed = untested(Object.keys(trimmed.metafile.inputs), ROOT);
  return untrimmed === undefined ? { ...trimmed, untrimmed } : { ...(await run(contents, false)), untrimmed };
}

const bytesOf = ({ outputs }: Metafile): Record<string, number> =>
  Object.fromEntries(
    Object.values(outputs)
      .flatMap(({ inputs }) => Object.entries(inputs))
      .map(([path, { bytesInOutput }]) => [path, bytesInOutput] as const)
      .filter(([path, bytes]) => path !== "<stdin>" && bytes > 0),
  );

/** The text, in whose imports modules stand as `specifier` of bundle.ts gives them, as one. */
export async function bundled(contents: string): Promise<Bundled> {
  try {
    const { outputFiles, metafile, warnings, untrimmed } = await made(contents);
    const [warning] = warnings;
    if (warning) return { problem: inWords(warning) };
    const [output] = outputFiles;
    if (!output) return { problem: "esbuild made nothing of it" };
    return {
      code: output.text,
      modules: Object.keys(metafile.inputs).filter((path) => path !== "<stdin>"),
      bytes: bytesOf(metafile),
      untrimmed,
    };
  } catch (cause) {
    return { problem: errorIn(cause) };
  }
}
