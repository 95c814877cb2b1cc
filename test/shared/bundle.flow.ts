// The functions bundled elsewhere: in another folder, beside other versions, with a partner's own code. Each takes
// seconds.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { announceBundle } from "../../customer/announce-function.ts";
import { defaultReceiveBundle, ownReceiveBundle } from "../../partner/own-code.ts";

const ROOT = join(import.meta.dirname, "..", "..");

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}
const run = promisify(execFile);

/** What deploys on other machines would have to repeat, byte for byte. */
const PRINT_BOTH = `
  const { announceBundle } = await import("./customer/announce-function.ts");
  const { defaultReceiveBundle } = await import("./partner/own-code.ts");
  process.stdout.write(JSON.stringify((await Promise.all([announceBundle(), defaultReceiveBundle(false)])).map(({ code }) => code)));
`;

const PRINT_MODULES = `
  const { announceBundle } = await import("./customer/announce-function.ts");
  process.stdout.write(JSON.stringify((await announceBundle()).modules));
`;

/** A copy of what the functions are bundled from. */
async function cloned(): Promise<string> {
  const elsewhere = await mkdtemp(join(tmpdir(), "clone-"));
  for (const folder of ["customer", "partner", "shared", "package.json"]) {
    await cp(join(ROOT, folder), join(elsewhere, folder), { recursive: true });
  }
  await symlink(join(ROOT, "node_modules"), join(elsewhere, "node_modules"));
  return elsewhere;
}

describe("a bundle that is made elsewhere", () => {
  it("has the same bytes when it is made in another folder", async function () {
    this.timeout(30_000);
    const elsewhere = await cloned();
    try {
      const { stdout } = await run(process.execPath, ["--input-type=module", "-e", PRINT_BOTH], {
        cwd: elsewhere,
        maxBuffer: 64 << 20,
      });
      const [announce, receive] = JSON.parse(stdout) as string[];
      expect(announce === (await announceBundle()).code, "announce").to.equal(true);
      expect(receive === (await defaultReceiveBundle(false)).code, "receive").to.equal(true);
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
        codes.push(ownReceiveBundle(entry, false).code);
      }
      expect(codes[0]).to.include("Dear ");
      expect(codes[0] === codes[1]).to.equal(true);
      for (const folder of folders) expect(codes[0]).to.not.include(folder);
    } finally {
      for (const folder of folders) await rm(folder, { recursive: true });
    }
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
        const { code, modules } = ownReceiveBundle(entry, false);
        expect(modules).to.include("node_modules/@aws-sdk/credential-provider-sso/dist-es/index.js");
        expect(code).to.not.include("is left out of this function's bundle");
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }
});
