// The partner's own code, as an argument that is wrong: what can't be bundled, variables and limits that Lambda
// refuses, and statements that would let it speak for customers.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { PolicyStatement } from "../../partner/own-code.ts";
import type { OnThingModule } from "../../partner/partner-hooks.ts";
import { PARTNER } from "../harness/stacks.ts";
import { onAws, partnerHooks, refused } from "./adopter.ts";

/** Bundled once in a process, unlike others. */
const ONLY_LOGS = join(import.meta.dirname, "..", "..", "partner", "on-thing.ts");

describe("PartnerHooks refuses code of the partner's own", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "own-code-"));
    const files = {
      "none.ts": "export function onThings(): void {}",
      "other.ts": 'import { none } from "./none.ts";\nexport const onThing = none;',
      "without.ts": 'import { onThing } from "not-installed";\nexport { onThing };',
      "typo.ts": "export function onThing(: void {}",
      "missing.ts": 'import { x } from "not-installed";\nexport const onThing = x;',
      "suspicious.ts": "export const onThing = () => new URL(import.meta.url);",
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const found = (module: Partial<OnThingModule>) =>
    refused(() => partnerHooks({ onThing: { entry: ONLY_LOGS, ...module } }));
  const entries: Readonly<Record<string, RegExp>> = {
    "nowhere.ts": /but there is no file \S+nowhere\.ts: correct the path, which starts at the project's folder/,
    "none.ts": /but that module exports no onThing: write "export function onThing\(delivery\) \{\}" in it/,
    "other.ts": /but it can't be bundled: No matching export in .* for import "none" .*other\.ts, line 1/,
    "without.ts": /but it can't be bundled: .*"not-installed".*without\.ts, line 1/,
    "typo.ts": /but it can't be bundled: .*typo\.ts, line 1/,
    "missing.ts": /but it can't be bundled: .*"not-installed".*missing\.ts, line 1/,
    "suspicious.ts": /but it can't be bundled: "import\.meta" is not available.*suspicious\.ts, line 1/,
  };
  for (const [file, words] of Object.entries(entries)) {
    it(`in ${file}`, async () => {
      const refusedEntry = await found({ entry: join(folder, file) });
      expect(refusedEntry.message)
        .to.match(words)
        .and.match(/^[^\n]*[^.\n]\.$/);
      expect(refusedEntry.message).to.include(`onThing.entry of PartnerHooks "hooks" is "${join(folder, file)}", but`);
      expect(onAws(refusedEntry)).to.deep.equal([]);
    });
  }

  const modules: readonly (readonly [string, Partial<OnThingModule>, string, RegExp?])[] = [
    ["a variable of ours", { environment: { DEBUG: "x" } }, "environment.DEBUG"],
    ["a variable of Lambda's", { environment: { AWS_REGION: "x" } }, "environment.AWS_REGION"],
    ["another variable of Lambda's", { environment: { LAMBDA_TASK_ROOT: "x" } }, "environment.LAMBDA_TASK_ROOT"],
    ["a variable that no shell would take", { environment: { "a-b": "x" } }, 'environment["a-b"]'],
    ["a variable that begins with a digit", { environment: { "1a": "x" } }, 'environment["1a"]'],
    ["a variable that ends otherwise", { environment: { "ab-": "x" } }, 'environment["ab-"]'],
    ["fifteen minutes and more", { timeout: 901 }, "timeout", /seconds/],
    ["half a second", { timeout: 0.5 }, "timeout", /seconds/],
    ["too little memory", { memory: 64 }, "memory", /MB/],
    [
      "a variable that is no text",
      { environment: { SIZE: 3 as unknown as string } },
      "environment.SIZE",
      /but a variable's value is a text: give one/,
    ],
  ];
  for (const [why, module, argument, says = /: (?:choose|set) /] of modules) {
    it(`with ${why}`, async () => {
      const refusedModule = await found(module);
      expect(refusedModule.message).to.include(`onThing.${argument} of PartnerHooks "hooks"`);
      expect(refusedModule.message)
        .to.match(/^[^\n]*, but [^\n]*: (?:choose|set|give) [^.\n]*\.$/)
        .and.match(says);
      expect(onAws(refusedModule)).to.deep.equal([]);
    });
  }

  const topic = (name: string) => `arn:aws:iot:us-east-1:${PARTNER}:topic/${name}`;
  const publishing: readonly (readonly [string, PolicyStatement, string, string])[] = [
    ["all topics", { Action: ["iot:Publish"], Resource: [topic("*")] }, topic("*"), "cross_account_hooks/"],
    ["everything", { Action: ["*"], Resource: ["*"] }, "*", "cross_account_hooks/"],
    ["hook topics", { Action: ["iot:Publish"], Resource: [topic("cross_account_hooks/1*")] }, "hooks/1*", "cross_acc"],
    ["debug topics, in any case", { Action: ["IOT:PUB*"], Resource: [topic("f/*"), topic("d?bug/a")] }, "d?", "debug/"],
    ["a rule's topics", { Action: ["iot:Publish"], Resource: [topic("$aws/rules/r/x")] }, "rules/r/x", "$aws/"],
    ["a variable", { Action: ["iot:*"], Resource: [topic("${aws:PrincipalTag/a}/b")] }, "/b", "cross_account_hooks/"],
    [
      "any account's",
      { Action: ["iot:Publish"], Resource: ["arn:*:topic/debug/*"] },
      "arn:*:topic/debug/*",
      "cross_account_hooks/",
    ],
    // Past the types, where "everything but" is known to IAM.
    ["all but one", { NotAction: ["s3:*"], Resource: ["*"] } as unknown as PolicyStatement, '"*"', "cross_account_"],
  ];
  for (const [why, statement, resource, reserved] of publishing) {
    const account = { accountId: PARTNER, region: "us-east-1" };
    it(`that may publish on ${why}`, async () => {
      const policyStatements = [{ Action: ["s3:GetObject"], Resource: ["*"] }, statement];
      const onThing = { entry: ONLY_LOGS, policyStatements };
      const early = await refused(() => partnerHooks({ ...account, onThing }));
      expect(early.message).to.include('onThing.policyStatements[1].Resource of PartnerHooks "hooks" is "');
      expect(early.message).to.include(resource).and.to.include(`topics of ${reserved}`);
      expect(onAws(early)).to.deep.equal([]);
      // The account is asked of the provider.
      expect((await refused(() => partnerHooks({ onThing }))).message).to.include(early.message);
    });
  }

  it("with a variable of ours among those that aren't known yet", async () => {
    const environment = pulumi.output(Promise.resolve({ DEBUG: "x" }));
    expect((await found({ environment })).message).to.include(
      'onThing.environment.DEBUG of PartnerHooks "hooks" is set, but the receive function has that variable for itself',
    );
  });

  it("with a variable of ours whose value isn't known yet", async () => {
    const refusedModule = await found({ environment: { DEBUG: pulumi.output(Promise.resolve("x")) } });
    expect(refusedModule.message).to.include("the receive function has that variable for itself: choose another name");
    expect(onAws(refusedModule)).to.deep.equal([]);
  });
});
