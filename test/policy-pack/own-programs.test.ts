// No rule is tripped by a program of ours.
import { expect } from "chai";
import { violations } from "../../policy-pack/rules.ts";
import { OPERATION_NAMES, rowOf } from "../../shared/contract/operations.ts";
import type { Recorded } from "../harness/run-stack.ts";
import { CUSTOMER2, PARTNER, runBoth, runCustomer, runPartner, runPipeline, runRoot } from "../harness/stacks.ts";
import { shown } from "./shown.ts";

const operations = JSON.stringify(OPERATION_NAMES.filter((operation) => rowOf(operation).eventName !== undefined));
const foreign = JSON.stringify([`arn:aws:iam::${CUSTOMER2}:role/publish-to-partner-role-${PARTNER}`]);
const everything = {
  operations,
  createTrail: "true",
  trigger: "both",
  reconcile: "rate(1 day)",
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
        disabledCustomers: JSON.stringify([CUSTOMER2]),
        basicIngest: "true",
        nameSuffix: "second",
        debug: "true",
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
  for (const [title, run] of Object.entries(PROGRAMS)) {
    it(`let ${title} pass, in a preview and in an update`, async () => {
      for (const preview of [true, false]) {
        const { resources } = await run(preview);
        expect(resources.filter(({ account }) => account !== undefined)).to.have.length.above(2);
        expect(violations(shown(resources))).to.deep.equal([]);
      }
    });
  }
});
