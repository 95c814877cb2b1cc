// A function's module and all that it imports as one text. The same sources give the same bytes in any folder and on
// any machine: what is deployed changes when, and only when, the code does.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, extname, join, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Bundled } from "./bundling.ts";

const ROOT = dirname(import.meta.dirname);

export interface Bundle {
  /** CommonJS, minified: `index.js` of the archive. */
  readonly code: string;
  /** Paths of all modules in it, relative to the folder that this package's modules lie in. */
  readonly modules: readonly string[];
  /** What each of them has of the code, in bytes; one of which nothing is left isn't there. */
  readonly bytes: Readonly<Record<string, number>>;
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

/**
 * Bundles a text in whose imports modules stand as `specifier` gives them: of this package alone, which can't change
 * while the program runs, so that a text is bundled once. Rejects with UnbundledModule.
 */
export function bundle(contents: string): Promise<Bundle> {
  const made = BUNDLES.get(contents) ?? bundleAnew(contents);
  BUNDLES.set(contents, made);
  return made;
}
const BUNDLES = new Map<string, Promise<Bundle>>();

async function bundleAnew(contents: string): Promise<Bundle> {
  // A program that makes no function needs no bundler.
  const { bundled } = await import("./bundling.ts");
  return taken(await bundled(contents));
}

/** The largest bundle that is taken: Lambda takes no more than 250 MB, unpacked. */
const MAX_BYTES = 256 << 20;

/**
 * Bundles a text with somebody else's modules. Throws UnbundledModule.
 *
 * Synchronously, so that a component's constructor can refuse what can't be bundled before it declares anything; in a
 * process of its own, since esbuild takes plugins only where it may answer later.
 */
export function bundleAtOnce(contents: string): Bundle {
  const answer = execFileSync(process.execPath, [siblingModule(import.meta, "bundling-process")], {
    input: contents,
    encoding: "utf8",
    maxBuffer: MAX_BYTES,
  });
  return taken(JSON.parse(answer) as Bundled);
}

function taken(bundled: Bundled): Bundle {
  if ("problem" in bundled) throw new UnbundledModule(bundled.problem);
  const { untrimmed, ...made } = bundled;
  if (untrimmed !== undefined)
    void pulumi.log.info(`A function carries the whole AWS SDK, and starts slower than it could: ${untrimmed}.`);
  return made;
}

/**
 * The archive of a function: handler `index.handler`. Of a file: an asset's text is written into the stack's state,
 * among a function's inputs and among its outputs, and the state anew at each step of an update. Of a file the state
 * has the hash, by which Pulumi compares, and the path, which the next update doesn't look at.
 */
export const functionArchive = (bundle: Bundle | Promise<Bundle>): pulumi.asset.AssetArchive =>
  new pulumi.asset.AssetArchive(
    Promise.resolve(bundle).then(({ code }) => ({ "index.js": new pulumi.asset.FileAsset(fileWith(code)) })),
  );

/** For as long as this program runs, in a folder that nobody else may write to. */
function fileWith(code: string): string {
  folder ??= temporaryFolder();
  const path = join(folder, `${createHash("sha256").update(code).digest("hex")}.js`);
  if (!existsSync(path)) writeFileSync(path, code);
  return path;
}
let folder: string | undefined;

function temporaryFolder(): string {
  const made = mkdtempSync(join(tmpdir(), "iot-hooks-"));
  process.once("exit", () => {
    rmSync(made, { recursive: true, force: true });
  });
  return made;
}
