// Another operation changes its own lines of a policy and moves no others: what a preview shows is what was meant.
import { expect } from "chai";
import fc from "fast-check";
import { announcePolicy } from "../../customer/policies.ts";
import { publishPolicy, receivePolicy } from "../../partner/policies.ts";
import { OPERATION_NAMES, type Operation, rowOf } from "../../shared/contract/operations.ts";
import type { PolicyDocument } from "../../shared/policy-document.ts";
import { CUSTOMER, PARTNER } from "../harness/stacks.ts";

const customer = { accountId: CUSTOMER, region: "us-east-1" };
const partner = { accountId: PARTNER, region: "us-east-1" };
const made = {
  logGroupArn: "arn:aws:logs:us-east-1:111111111111:log-group:group",
  deadLetterQueueArn: "arn:aws:sqs:us-east-1:111111111111:queue",
};

const POLICIES: Readonly<Record<string, (operations: readonly Operation[]) => PolicyDocument>> = {
  "the announce function": (operations) =>
    announcePolicy({
      ...{ customer, operations, trigger: "cloudtrail", describesThings: false },
      publishRoleArn: "arn:aws:iam::222222222222:role/r",
      ...made,
    }),
  "a publish role": (operations) =>
    publishPolicy({ partner, customerAccountId: CUSTOMER, operations, disabled: false, basicIngestRule: "hooks" }),
  "the receive function": (operations) =>
    receivePolicy({
      partner,
      operations,
      debug: true,
      publishTopics: ["fleet/*"],
      customersArn: "arn:aws:dynamodb:us-east-1:222222222222:table/customers",
      registryArn: undefined,
      statements: [],
      ...made,
    }),
};

const linesOf = (document: PolicyDocument) =>
  JSON.stringify(document, undefined, 1).replaceAll(",\n", "\n").split("\n");

/** Whether all lines of `before` are in `after`, in their order. */
function keeps(before: readonly string[], after: readonly string[]): boolean {
  let at = 0;
  for (const line of after) if (line === before[at]) at += 1;
  return at === before.length;
}

const CONFIGURABLE = OPERATION_NAMES.filter((operation) => rowOf(operation).eventName !== undefined);
/** As configuration hands them on: in the table's order. */
const some = fc.subarray(CONFIGURABLE, { minLength: 1 });

for (const [whose, policyOf] of Object.entries(POLICIES)) {
  describe(`the policy of ${whose}`, () => {
    it("only gains lines with another operation, and none of the old ones moves past another", () => {
      fc.assert(
        fc.property(some, fc.constantFrom(...CONFIGURABLE), (operations, added) => {
          const more = CONFIGURABLE.filter((operation) => operation === added || operations.includes(operation));
          expect(keeps(linesOf(policyOf(operations)), linesOf(policyOf(more)))).to.equal(true);
        }),
      );
    });

    it("keeps each statement's place when an operation is added behind the others", () => {
      fc.assert(
        fc.property(some, (operations) => {
          const before = policyOf(operations.slice(0, -1)).Statement as object[];
          const after = policyOf(operations).Statement as { Sid: string }[];
          const sids = (before as { Sid: string }[]).map(({ Sid }) => Sid);
          if (operations.length > 1) expect(after.slice(0, sids.length).map(({ Sid }) => Sid)).to.deep.equal(sids);
        }),
      );
    });
  });
}
