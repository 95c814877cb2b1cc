// The package.json that is packed; what is in the package, and whether it works, `npm run check:package` tries.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Manifest, packed } from "../../tools/package/manifest.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;

describe("package.json", () => {
  it("leads to sources in the repository, and to what is compiled of them in the package", () => {
    for (const source of Object.values(manifest.exports)) expect(existsSync(join(ROOT, source)), source).to.equal(true);
    expect(packed(manifest).exports["./customer"]).to.deep.equal({
      types: "./dist/customer/customer-hooks.d.ts",
      default: "./dist/customer/customer-hooks.js",
    });
    expect(Object.keys(packed(manifest).exports)).to.deep.equal(["./customer", "./partner", "./contract"]);
    for (const source of Object.values(manifest.bin)) expect(existsSync(join(ROOT, source)), source).to.equal(true);
    expect(packed(manifest)).to.have.deep.property("bin", { hooks: "./dist/hooks/main.js" });
  });

  it("says nothing in the package that only concerns the repository", () => {
    const kept = Object.keys(packed(manifest));
    expect(Object.keys(manifest)).to.include.members(["scripts", "workspaces", "devDependencies", "allowScripts"]);
    expect(kept).to.not.include.oneOf(["scripts", "workspaces", "devDependencies", "allowScripts", "private"]);
    expect(kept).to.include.members([
      "name",
      "version",
      "license",
      "type",
      "files",
      "dependencies",
      "peerDependencies",
    ]);
  });

  it("has Pulumi as a peer, and tests with a version that a peer may have", () => {
    const { devDependencies } = manifest as Manifest & { readonly devDependencies: Record<string, string> };
    for (const [name, range] of Object.entries(manifest.peerDependencies)) {
      expect(range, name).to.equal(`^${String(devDependencies[name])}`);
      expect(manifest.dependencies, name).to.not.have.property(name);
    }
  });
});
