// The functions as they ship; what they are elsewhere, bundle.flow.ts tries.
import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { announceBundle } from "../../customer/announce-function.ts";
import { reconcileBundle } from "../../customer/reconciliation.ts";
import { defaultReceiveBundle } from "../../partner/own-code.ts";
import { type Bundle, functionArchive } from "../../shared/bundle.ts";
import { OPERATIONS } from "../../shared/trim-errors.ts";
import { LEFT_OUT, REPLACEMENTS } from "../../shared/trim-modules.ts";
import { TRIMMED_PACKAGES } from "../../shared/trim-versions.ts";

const ROOT = join(import.meta.dirname, "..", "..");

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * `bytes`: the most that it may have. An update of the SDK that takes more has a reason, or something to be trimmed.
 */
const FUNCTIONS = [
  {
    name: "announce",
    bytes: 200_000,
    bundle: announceBundle,
    own: /^(customer\/lambda|shared\/contract|shared\/lambda)\//,
  },
  {
    name: "receive",
    bytes: 168_500,
    bundle: () => defaultReceiveBundle(false),
    own: /^(partner\/lambda\/|partner\/on-thing\.ts$|shared\/contract\/|shared\/lambda\/)/,
  },
] as const;

for (const { name, bytes, bundle, own } of FUNCTIONS) {
  describe(`the bundle of ${name}`, () => {
    let made: Bundle;
    before(async () => {
      made = await bundle();
    });

    it("has its own code and that of its side, and the contract, and nothing else of this repository", () => {
      const ours = made.modules.filter((path) => !path.includes("node_modules/"));
      expect(ours).to.include(`${name === "announce" ? "customer" : "partner"}/lambda/${name}.ts`);
      for (const path of ours) expect(path).to.match(own);
    });

    it("has nothing of Pulumi", () => {
      expect(made.modules.filter((path) => path.includes("@pulumi"))).to.deep.equal([]);
      expect(made.code).to.not.include("@pulumi");
    });

    it("says nothing of the machine that made it", () => {
      expect(made.code).to.not.include(ROOT);
    });

    it(`is small enough to start fast: ${bytes / 1000} kB`, () => {
      expect(Buffer.byteLength(made.code)).to.be.lessThan(bytes);
    });

    it("needs nothing beside it but Node's own modules", () => {
      const required = [...made.code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, module = ""]) => module);
      expect(required).to.include("node:fs");
      expect(required.filter((module) => !isBuiltin(module))).to.deep.equal([]);
    });

    it("asks for none of the globals for which Node would load the web's streams and cryptography", () => {
      expect(made.code).to.not.match(/[^.\w](?:ReadableStream\b|crypto\.)/);
    });

    it("is JavaScript that the runtime parses", () => {
      expect(() => new Script(made.code)).to.not.throw();
    });
  });
}

/** With all that can be switched on. */
const all = (): Promise<Bundle[]> => Promise.all([announceBundle(), defaultReceiveBundle(true), reconcileBundle()]);

/** Wherever the packages lie: where this one is installed, beside it. */
const inPackage = (path: string): string => path.replace(/^(?:\.\.\/)+/, "");

describe("a bundle", () => {
  it("has what publishes debug messages where there are any, and 16 kB less where there are none", async () => {
    const [on, off] = await Promise.all([true, false].map((debug) => defaultReceiveBundle(debug)));
    const ofDataPlane = (made: Bundle | undefined) =>
      made?.modules.filter(
        (path) => path.includes("/client-iot-data-plane/") || path === "partner/lambda/publisher.ts",
      );
    expect(ofDataPlane(on)).to.not.deep.equal([]);
    expect(ofDataPlane(off)).to.deep.equal([]);
    expect((on?.code.length ?? 0) - (off?.code.length ?? 0)).to.be.within(16_000, 17_000);
  });

  it("is trimmed, and each thing that is to be trimmed is there to be trimmed", async () => {
    const modules = (await all()).flatMap((made) => made.modules.map(inPackage));
    for (const { module } of [...REPLACEMENTS, ...LEFT_OUT]) expect(modules).to.include(`node_modules/${module}`);
  });

  it("calls the operations that its errors are kept for, and no others", async () => {
    const codes = (await all()).map(({ code }) => code);
    const called = codes.flatMap((code) =>
      [...code.matchAll(/ extends [\w$]+\([\w$]+,[\w$]+,"(\w+)",/g)].map(([, name]) => name),
    );
    expect([...new Set(called)].sort()).to.deep.equal([...OPERATIONS]);
  });

  it("is trimmed in versions only that are pinned, and that it was tested with", async () => {
    const manifest = async (folder: string) =>
      JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
    const { dependencies } = await manifest(ROOT);
    for (const name of TRIMMED_PACKAGES)
      expect(dependencies[name], name).to.equal((await manifest(join(ROOT, "node_modules", name))).version);
  });

  it("has none of it whole otherwise", async () => {
    const { code, modules } = await defaultReceiveBundle(true);
    expect(modules.map(inPackage)).to.not.include("node_modules/@aws-sdk/credential-provider-sso/dist-es/index.js");
    expect(code).to.include("is left out of this function's bundle");
  });

  it("is index.js of the archive, and nothing is beside it", async () => {
    const { assets } = functionArchive({ code: "exports.handler = 1", modules: [], bytes: {} });
    const files = Object.entries(await assets);
    const texts = await Promise.all(
      files.map(async ([file, asset]) => [file, await readFile(await (asset as pulumi.asset.FileAsset).path, "utf8")]),
    );
    expect(Object.fromEntries(texts)).to.deep.equal({ "index.js": "exports.handler = 1" });
  });
});
