// Do the borders between the rooms hold? Every room's file imports a file of every other room, in a folder that has
// nothing else: what the tool refuses must be exactly what borders.ts doesn't allow.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { expect } from "chai";
import { type IViolation, cruise } from "dependency-cruiser";
import { ROOMS, configuration } from "../borders.ts";

/** A file in each room. */
const FILES: Readonly<Record<string, string>> = {
  contract: "shared/contract/a.ts",
  "both functions": "shared/lambda/a.ts",
  shared: "shared/a.ts",
  "customer's function": "customer/lambda/a.ts",
  customer: "customer/a.ts",
  "partner's function": "partner/lambda/a.ts",
  partner: "partner/a.ts",
  "hooks command": "hooks/a.ts",
  kit: "kit/a.ts",
  "both sides": "program.ts",
  pipeline: "pipeline/a.ts",
  "policy pack": "policy-pack/a.ts",
  examples: "examples/one/a.ts",
  plugin: "plugin/a.ts",
  "embedded AWS": "embedded-aws/index.ts",
  "embedded AWS: languages": "embedded-aws/language/sql/a.ts",
  "embedded AWS: wire": "embedded-aws/core/wire/a.ts",
  "embedded AWS: core": "embedded-aws/core/a.ts",
  "embedded AWS: functions": "embedded-aws/functions/a.ts",
  "embedded AWS: services": "embedded-aws/services/iot/a.ts",
  "embedded AWS: Pulumi": "embedded-aws/pulumi/a.ts",
  "embedded AWS: terminal": "embedded-aws/show/a.ts",
  "embedded AWS: browser": "embedded-aws/page/client/a.tsx",
  "embedded AWS: page": "embedded-aws/page/a.ts",
  "embedded AWS: tests": "embedded-aws/test/a.ts",
  "embedded AWS: commands": "embedded-aws/main.ts",
  start: "start/main.ts",
  tests: "test/a.ts",
  benchmarks: "bench/a.ts",
  tools: "tools/a.ts",
};
const fileOf = (room: string): string => {
  const file = FILES[room];
  if (file === undefined) throw new Error(`borders.ts has a room "${room}": give it a file here.`);
  return file;
};

const PULUMI = 'import * as pulumi from "@pulumi/pulumi";\nexport const loaded = pulumi;\n';

/** Crossings that the matrix of rooms alone doesn't show. */
const PLANTED: Readonly<Record<string, string>> = {
  "node_modules/@pulumi/pulumi/package.json": '{ "name": "@pulumi/pulumi", "main": "index.js" }',
  "node_modules/@pulumi/pulumi/index.js": "",
  "shared/contract/loads.ts": PULUMI,
  "customer/lambda/loads.ts": PULUMI,
  "partner/on-thing.ts": PULUMI,
  "embedded-aws/language/sql/loads.ts": PULUMI,
  "customer/lambda/types-only.ts": 'import type { Output } from "@pulumi/pulumi";\nexport type T = Output<string>;\n',
  "customer/one.ts": 'import type { Two } from "./two.ts";\nexport interface One { readonly two: Two }\n',
  "customer/two.ts": 'import type { One } from "./one.ts";\nexport interface Two { readonly one: One }\n',
  "embedded-aws/services/iot/other.ts": 'import type { A } from "../sqs/a.ts";\nexport type B = A;\n',
  "embedded-aws/services/sqs/a.ts": "export interface A {}\n",
  "hooks/always.ts": 'import { kit } from "../kit/value.ts";\nexport const loaded = kit;\n',
  "hooks/asked.ts": 'export const load = () => import("../kit/value.ts");\n',
  "kit/value.ts": "export const kit = 1;\n",
  "attic/a.ts": 'import "./b.ts";\n',
  "attic/b.ts": "export {};\n",
};

describe("the borders between the rooms", () => {
  let folder: string;
  let violations: readonly IViolation[];

  before(async function () {
    // One run of a compiler's worth of work: a busy machine needs its time.
    this.timeout(120_000);
    folder = await mkdtemp(join(tmpdir(), "borders-"));
    for (const from of ROOMS) {
      const imports = ROOMS.filter((to) => to !== from).map((to) => {
        const path = relative(dirname(fileOf(from.name)), fileOf(to.name));
        return `import type { A } from "${path.startsWith(".") ? path : `./${path}`}";\n`;
      });
      await plant(fileOf(from.name), `${imports.join("")}export interface A {}\n`);
    }
    for (const [file, text] of Object.entries(PLANTED)) await plant(file, text);
    const { tsConfig: _, ...options } = configuration.options;
    const { output } = await cruise(
      ["."],
      { ...options, baseDir: folder, validate: true, ruleSet: { forbidden: configuration.forbidden } },
      options.enhancedResolveOptions,
    );
    if (typeof output === "string") throw new Error(output);
    ({ violations } = output.summary);
  });
  after(() => rm(folder, { recursive: true }));

  const plant = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  };
  const brokenBy = (file: string): string[] =>
    violations.filter(({ from }) => from === file).map(({ rule }) => rule.name);

  for (const from of ROOMS) {
    it(`let ${from.name} import what the matrix says, and refuse all else, types included`, () => {
      const forbidden = ROOMS.filter((to) => to !== from && !from.imports.includes(to.name));
      expect(
        brokenBy(fileOf(from.name))
          .filter((name) => name.startsWith(`${from.name} -> `))
          .sort(),
      ).to.deep.equal(forbidden.map((to) => `${from.name} -> ${to.name}`).sort());
    });
  }

  it("refuse Pulumi in what runs inside Lambda, and any package in the languages, but for types", () => {
    expect(brokenBy("shared/contract/loads.ts")).to.deep.equal(["contract -> packages"]);
    expect(brokenBy("customer/lambda/loads.ts")).to.deep.equal(["customer's function -> packages"]);
    expect(brokenBy("partner/on-thing.ts")).to.deep.equal(["partner's function -> packages"]);
    expect(brokenBy("embedded-aws/language/sql/loads.ts")).to.deep.equal(["embedded AWS: languages -> packages"]);
    expect(brokenBy("customer/lambda/types-only.ts")).to.deep.equal([]);
  });

  it("let the hooks command load the kit, and Pulumi with it, when it is asked for", () => {
    expect(brokenBy("hooks/always.ts")).to.deep.equal(["kit when asked"]);
    expect(brokenBy("hooks/asked.ts")).to.deep.equal([]);
  });

  it("refuse cycles that only types close", () => {
    expect(brokenBy("customer/one.ts")).to.deep.equal(["no cycles"]);
  });

  it("refuse a service of the embedded AWS that imports another", () => {
    expect(brokenBy("embedded-aws/services/iot/other.ts")).to.deep.equal(["services apart"]);
  });

  it("refuse a file that belongs to no room", () => {
    expect(brokenBy("attic/a.ts")).to.deep.equal(["every file has a room"]);
  });
});
