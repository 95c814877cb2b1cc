// What `npm pack` runs before and after: `prepack` compiles into dist/ and puts the package's own package.json in
// place, `postpack` brings back the repository's. npm packs the file that it finds, and has no setting for another
// one.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Manifest, packed, textOf } from "./manifest.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const MANIFEST = join(ROOT, "package.json");
/** The repository's package.json while the package's is in its place. */
const KEPT = join(ROOT, ".package.json");

const read = (file: string): string => readFileSync(file, "utf8");

function restore(): void {
  if (!existsSync(KEPT)) return;
  const kept = read(KEPT);
  // After an interrupted run somebody may have mended it already, and gone on.
  if (read(MANIFEST) === textOf(packed(JSON.parse(kept) as Manifest))) writeFileSync(MANIFEST, kept);
  rmSync(KEPT);
}

function prepack(): void {
  restore();
  rmSync(join(ROOT, "dist"), { recursive: true, force: true });
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  execFileSync(process.execPath, [tsc, "-p", join(import.meta.dirname, "tsconfig.build.json")], { stdio: "inherit" });
  const manifest = read(MANIFEST);
  writeFileSync(KEPT, manifest);
  writeFileSync(MANIFEST, textOf(packed(JSON.parse(manifest) as Manifest)));
}

const [step] = process.argv.slice(2);
if (step === "prepack") prepack();
else if (step === "postpack") restore();
else {
  console.error(`tools/package/pack.ts is run by npm pack, as prepack or postpack, and not as "${step ?? ""}".`);
  process.exitCode = 1;
}
