// Each rule is tripped by a program made for it, and by no program of ours.
import { expect } from "chai";
import { RULES, STACK_RULES, violations } from "../../policy-pack/rules.ts";
import { OPERATION_NAMES, rowOf } from "../../shared/contract/operations.ts";
import { type Recorded, runStack } from "../harness/run-stack.ts";
import { CUSTOMER2, PARTNER, runBoth, runCustomer, runPartner, runPipeline, runRoot } from "../harness/stacks.ts";
import { BAD_PROGRAMS } from "./bad-programs.ts";

/** Resources as the pack is shown them. */
const shown = (resources: readonly Recorded[]) =>
  resources.map(({ type, name, inputs }) => ({ type, name, props: inputs }));

const operations = JSON.stringify(OPERATION_NAMES.filter((operation) => rowOf(operation).eventName !== undefined));
const foreign = JSON.stringify([`arn:aws:iam::${CUSTOMER2}:role/publish-to-partner-role-${PARTNER}`]);
const everything = {
  operations,
  createTrail: "true",
  externalId: "shared-id",
  nameSuffix: "second",
  partnerNameSuffix: "third",
};
const china = { "aws:region": "cn-north-1" };

const PROGRAMS: Readonly<Record<string, (preview: boolean) => Promise<{ resources: readonly Recorded[] }>>> = {
  "the customer": (preview) => runCustomer({}, { preview }),
  "the customer with every setting": (preview) => runCustomer(everything, { preview }),
  "the customer in China": (preview) => runCustomer({ ...china, createTrail: "true" }, { preview }),
  "the partner without a customer": (preview) => runPartner({}, { preview }),
  "the partner with the customer's stack": async (preview) => (await runBoth({}, {}, { preview })).partner,
  "the partner with every setting": (preview) =>
    runPartner(
      {
        customers: foreign,
        operations,
        externalIds: JSON.stringify({ [CUSTOMER2]: "shared-id" }),
        nameSuffix: "second",
        debug: "false",
        publishTopics: '["alarms/*"]',
      },
      { preview },
    ),
  "the root": (preview) => runRoot({}, { preview }),
  "the root with a trail": (preview) => runRoot({ createTrail: "true", operations }, { preview }),
  "the customer's pipeline": (preview) => runPipeline({}, { preview }),
  "the partner's pipeline": (preview) => runPipeline({ side: "partner", accountId: PARTNER }, { preview }),
};

describe("the policy rules", () => {
  for (const { what, rule, messages, program } of BAD_PROGRAMS) {
    it(`${rule} refuses ${what}`, async () => {
      const { resources } = await runStack(program, { project: "bad" });
      const found = violations(shown(resources));
      expect(found.map((violation) => violation.rule)).to.deep.equal(messages.map(() => rule));
      for (const [index, message] of messages.entries()) expect(found[index]?.message).to.match(message);
      expect(found[0]?.resource).to.match(/^\S+ \(aws:.*\)$/);
    });
  }

  it("are each tripped by a program above", () => {
    expect(new Set(BAD_PROGRAMS.map(({ rule }) => rule))).to.deep.equal(
      new Set([...RULES, ...STACK_RULES].map(({ name }) => name)),
    );
  });

  for (const [title, run] of Object.entries(PROGRAMS)) {
    it(`let ${title} pass, in a preview and in an update`, async () => {
      for (const preview of [true, false]) {
        const { resources } = await run(preview);
        expect(resources.filter(({ account }) => account !== undefined)).to.have.length.above(2);
        expect(violations(shown(resources))).to.deep.equal([]);
      }
    });
  }

  it("let a denial for everybody pass: it takes away only", () => {
    const deny = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" };
    const props = { policy: { Statement: deny } };
    expect(violations([{ type: "aws:s3/bucketPolicy:BucketPolicy", name: "b", props }])).to.deep.equal([]);
  });
});
