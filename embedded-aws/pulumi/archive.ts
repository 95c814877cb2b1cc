// A program's AssetArchive as the zip that Lambda takes. Mocks hand over Pulumi's classes, whose fields are promises;
// the engine's protocol has the same fields as plain values: awaiting serves both.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { zipSync } from "fflate";

interface AssetLike {
  readonly text?: string | Promise<string>;
  readonly path?: string | Promise<string>;
  readonly assets?: Record<string, unknown> | Promise<Record<string, unknown>>;
}

/** Zip has no time zone and starts in 1980: a fixed day makes the same files the same bytes. */
const DAY = new Date(1980, 0, 1);

async function entries(archive: AssetLike, prefix: string, into: Record<string, Uint8Array>): Promise<void> {
  const assets = await archive.assets;
  if (!assets)
    throw new Error(
      "A function's code must be an AssetArchive of files: only that is modelled here, no remote or file archive.",
    );
  for (const [name, asset] of Object.entries(assets) as [string, AssetLike][]) {
    const text = await asset.text;
    const path = await asset.path;
    if (text !== undefined) into[prefix + name] = Buffer.from(text);
    else if (path !== undefined) into[prefix + name] = await readFile(path);
    else await entries(asset, `${prefix}${name}/`, into);
  }
}

/** The last ones, by what is in them: a program that is deployed again has the same. */
const zips = new Map<string, Uint8Array>();
const MAX_ZIPS = 8;

export async function zipOf(archive: unknown): Promise<Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  await entries(archive as AssetLike, "", files);
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  const content = createHash("sha256");
  for (const [name, bytes] of Object.entries(sorted))
    content.update(JSON.stringify([name, bytes.length])).update(bytes);
  const key = content.digest("hex");
  const known = zips.get(key);
  if (known) return known;
  // Every file readable and executable: a `bootstrap` has to be.
  // The fastest level: nobody carries it far.
  const zip = zipSync(sorted, { level: 1, mtime: DAY, os: 3, attrs: 0o755 << 16 });
  if (zips.size >= MAX_ZIPS) zips.clear();
  zips.set(key, zip);
  return zip;
}

/** As Lambda gives it: SHA-256 in base64. */
export const codeSha256 = (zip: Uint8Array): string => createHash("sha256").update(zip).digest("base64");
