// The functions as they ship.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Script } from "node:vm";
import { expect } from "chai";
import { announceBundle } from "../../customer/announce-function.ts";
import { reconcileBundle } from "../../customer/reconciliation.ts";
import { PARTNER } from "embedded-aws/testing";
import { defaultReceiveBundle, ownCode } from "../../partner/own-code.ts";
import { type Bundle, functionArchive } from "../../shared/bundle.ts";
import { OPERATIONS } from "../../shared/trim-errors.ts";
import { LEFT_OUT, REPLACEMENTS } from "../../shared/trim-modules.ts";
import { TRIMMED_PACKAGES } from "../../shared/trim-versions.ts";

const ROOT = join(import.meta.dirname, "..", "..");

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}
const run = promisify(execFile);

/** `bytes`: the most that it may have. An update of the SDK that takes more has a reason, or something to be trimmed. */
const FUNCTIONS = [
  {
    name: "announce",
    bytes: 200_000,
    bundle: announceBundle,
    own: /^(customer\/lambda|shared\/contract|shared\/lambda)\//,
  },
  {
    name: "receive",
    bytes: 185_000,
    bundle: defaultReceiveBundle,
    own: /^(partner\/lambda\/|partner\/on-thing\.ts$|shared\/contract\/|shared\/lambda\/)/,
  },
] as const;

/** What deploys on other machines would have to repeat, byte for byte. */
const PRINT_BOTH = `
  const { announceBundle } = await import("./customer/announce-function.ts");
  const { defaultReceiveBundle } = await import("./partner/own-code.ts");
  process.stdout.write(JSON.stringify([announceBundle().code, defaultReceiveBundle().code]));
`;

const PRINT_MODULES = `
  const { announceBundle } = await import("./customer/announce-function.ts");
  process.stdout.write(JSON.stringify(announceBundle().modules));
`;

for (const { name, bytes, bundle, own } of FUNCTIONS) {
  describe(`the bundle of ${name}`, () => {
    let made: Bundle;
    before(() => {
      made = bundle();
    });

    it("has its own code and that of its side, and the contract, and nothing else of this repository", () => {
      const ours = made.modules.filter((path) => !path.startsWith("node_modules/"));
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

/** A copy of what the functions are bundled from. */
async function cloned(): Promise<string> {
  const elsewhere = await mkdtemp(join(tmpdir(), "clone-"));
  for (const folder of ["customer", "partner", "shared", "package.json"]) {
    await cp(join(ROOT, folder), join(elsewhere, folder), { recursive: true });
  }
  await symlink(join(ROOT, "node_modules"), join(elsewhere, "node_modules"));
  return elsewhere;
}

describe("a bundle", () => {
  it("has the same bytes when it is made in another folder", async function () {
    this.timeout(30_000);
    const elsewhere = await cloned();
    try {
      const { stdout } = await run(process.execPath, ["--input-type=module", "-e", PRINT_BOTH], {
        cwd: elsewhere,
        maxBuffer: 64 << 20,
      });
      const [announce, receive] = JSON.parse(stdout) as string[];
      expect(announce === announceBundle().code, "announce").to.equal(true);
      expect(receive === defaultReceiveBundle().code, "receive").to.equal(true);
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });

  it("has the same bytes when the partner's own code in it lies in another folder", async () => {
    const folders = await Promise.all(["a-", "another one-"].map((name) => mkdtemp(join(tmpdir(), name))));
    try {
      const codes: string[] = [];
      for (const folder of folders) {
        const packages = join(folder, "node_modules", "letters");
        await mkdir(packages, { recursive: true });
        await writeFile(join(packages, "index.js"), "exports.letter = (from) => `Dear ${from}`;");
        await writeFile(join(folder, "names.ts"), 'export const name: string = "fleet";');
        const entry = join(folder, "on-thing.ts");
        const code = `import { letter } from "letters";
          import { name } from "./names.ts";
          export const onThing = () => { console.log(letter(name)); };`;
        await writeFile(entry, code);
        codes.push(ownCode({ entry }, { accountId: PARTNER, region: "us-east-1" }, (argument) => argument).bundle.code);
      }
      expect(codes[0]).to.include("Dear ");
      expect(codes[0] === codes[1]).to.equal(true);
      for (const folder of folders) expect(codes[0]).to.not.include(folder);
    } finally {
      for (const folder of folders) await rm(folder, { recursive: true });
    }
  });

  it("is trimmed, and each thing that is to be trimmed is there to be trimmed", () => {
    const modules = [announceBundle(), defaultReceiveBundle(), reconcileBundle()].flatMap((made) => made.modules);
    for (const { module } of [...REPLACEMENTS, ...LEFT_OUT]) expect(modules).to.include(`node_modules/${module}`);
  });

  it("calls the operations that its errors are kept for, and no others", () => {
    const codes = [announceBundle(), defaultReceiveBundle(), reconcileBundle()].map(({ code }) => code);
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

  it("has the whole SDK, and says why, where another version of it is installed than was tested", async function () {
    this.timeout(30_000);
    const elsewhere = await cloned();
    try {
      const manifest = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as Manifest;
      const dependencies = { ...manifest.dependencies, "@smithy/core": "3.0.0" };
      await writeFile(join(elsewhere, "package.json"), JSON.stringify({ ...manifest, dependencies }));
      const { stdout } = await run(process.execPath, ["--input-type=module", "-e", PRINT_MODULES], {
        cwd: elsewhere,
        maxBuffer: 64 << 20,
      });
      const [said, printed = ""] = stdout.trim().split("\n");
      expect(said).to.match(/carries the whole AWS SDK, .*: @smithy\/core is \d\S+ here, and 3\.0\.0 was tested\.$/);
      const modules = JSON.parse(printed) as string[];
      expect(modules.filter((path) => path.includes("/credential-provider-sso/"))).to.not.deep.equal([]);
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });

  for (const [library, use] of [
    ["@aws-sdk/client-sqs", "SQSClient"],
    ["@aws-lambda-powertools/metrics", "Metrics"],
  ] as const) {
    it(`has all of it whole where the partner's own code uses ${library}, which may need any of it`, async () => {
      const folder = await mkdtemp(join(tmpdir(), "own-"));
      try {
        await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
        const entry = join(folder, "on-thing.ts");
        await writeFile(
          entry,
          `import { ${use} } from "${library}";
          export const onThing = () => { console.log(${use}); };`,
        );
        const { code, modules } = ownCode(
          { entry },
          { accountId: PARTNER, region: "us-east-1" },
          (argument) => argument,
        ).bundle;
        expect(modules).to.include("node_modules/@aws-sdk/credential-provider-sso/dist-es/index.js");
        expect(code).to.not.include("is left out of this function's bundle");
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }

  it("has none of it whole otherwise", () => {
    const { code, modules } = defaultReceiveBundle();
    expect(modules).to.not.include("node_modules/@aws-sdk/credential-provider-sso/dist-es/index.js");
    expect(code).to.include("is left out of this function's bundle");
  });

  it("is index.js of the archive, and nothing is beside it", async () => {
    const { assets } = functionArchive({ code: "exports.handler = 1", modules: [], bytes: {} });
    const files = Object.entries(await assets);
    const texts = await Promise.all(
      files.map(async ([file, asset]) => [file, await (asset as unknown as { text: Promise<string> }).text]),
    );
    expect(Object.fromEntries(texts)).to.deep.equal({ "index.js": "exports.handler = 1" });
  });
});
