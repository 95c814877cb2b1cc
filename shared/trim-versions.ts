// What is cut was tested with the versions that our package.json pins. Where an installation has only others, by its
// own overrides for one, nothing is cut.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LEFT_OUT, REPLACEMENTS } from "./trim-modules.ts";

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Packages of which something is replaced or left out. */
export const TRIMMED_PACKAGES: readonly string[] = [
  ...new Set([...REPLACEMENTS, ...LEFT_OUT].map(({ module }) => module.split("/").slice(0, 2).join("/"))),
];

const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;

/** Of this package: beside the sources, and in the published package above what was made of them. */
const OWN = dirname(import.meta.dirname);
const pinned = (): Manifest["dependencies"] =>
  manifestIn(existsSync(join(OWN, "package.json")) ? OWN : dirname(OWN)).dependencies;

/** Folders of trimmed packages that modules come from. */
function foldersOf(modules: readonly string[]): ReadonlyMap<string, string> {
  const folders = new Map<string, string>();
  for (const module of modules) {
    const [, folder, name] = /^(.*node_modules\/(@[^/]+\/[^/]+))\/(?!.*node_modules\/)/.exec(module) ?? [];
    if (folder !== undefined && name !== undefined && TRIMMED_PACKAGES.includes(name)) folders.set(folder, name);
  }
  return folders;
}

/**
 * The first package that isn't of the version that was tested, in words.
 *
 * @param modules paths, with slashes, relative to `root`
 */
export function untested(modules: readonly string[], root: string): string | undefined {
  const versions = pinned();
  for (const [folder, name] of foldersOf(modules)) {
    const { version } = manifestIn(join(root, folder));
    if (version !== versions[name]) return `${name} is ${version} here, and ${versions[name] ?? "none"} was tested`;
  }
  return undefined;
}
