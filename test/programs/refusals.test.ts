// Bad configuration: one sentence, before anything is registered on AWS.
import type { StackOptions } from "../harness/run-stack.ts";
import { expect } from "chai";
import { customerProgram } from "../../customer/program.ts";
import { partnerProgram } from "../../partner/program.ts";
import { program } from "../../program.ts";
import { refusal } from "../harness/run-stack.ts";
import { CUSTOMER, customerOptions, partnerOptions, rootOptions } from "../harness/stacks.ts";
import { PARTNER_ONLY } from "./refused-by-partner.ts";
import { list, type Refused } from "./refused.ts";

/** Settings that both sides have, and read the same way. */
const BOTH: readonly Refused[] = [
  {
    why: "no Region",
    config: { "aws:region": "" },
    says: "aws:region is not set",
    advises: /run "pulumi config set aws:region /,
  },
  {
    why: "what is no Region",
    config: { "aws:region": "us-east" },
    says: 'aws:region is "us-east", but',
    advises: /set one such as us-east-1/,
  },
  {
    why: "no operation",
    config: { operations: "[]" },
    says: "operations is [], but",
    advises: /name some of create_thing, /,
  },
  {
    why: "an unknown operation",
    config: { operations: list("create_thing", "paint_thing") },
    says: 'operations[1] is "paint_thing", but',
    advises: /name some of create_thing, /,
  },
  {
    why: "an operation named like an object's own machinery",
    config: { operations: list("constructor") },
    says: 'operations[0] is "constructor", but',
    advises: /name some of/,
  },
  {
    why: "backfill as an operation",
    config: { operations: list("create_thing", "sync_thing") },
    says: 'operations[1] is "sync_thing", but',
    advises: /remove it/,
  },
  {
    why: "an operation twice",
    config: { operations: list("create_thing", "create_thing") },
    says: 'operations[1] is "create_thing", but',
    advises: /remove one of the two/,
  },
  {
    why: "operations that are no list",
    config: { operations: "create_thing" },
    says: 'operations is "create_thing", but',
    advises: /pulumi config set --path '[\w-]+:operations\[0\]'/,
  },
  {
    why: "operations that are a map",
    config: { operations: "{}" },
    says: "operations is {}, but",
    advises: /pulumi config set --path '[\w-]+:operations\[0\]'/,
  },
  {
    why: "an operation that became a number",
    config: { operations: list(1) },
    says: "operations[0] is 1, but",
    advises: /--type string --path '[\w-]+:operations\[0\]'/,
  },
  {
    why: "a suffix with which names go over IAM's limit",
    config: { nameSuffix: "a".repeat(21) },
    says: `nameSuffix is "${"a".repeat(21)}", but`,
    advises: /IAM's 64 characters: set a shorter/,
  },
  {
    why: "a suffix that names can't have",
    config: { nameSuffix: "EU" },
    says: 'nameSuffix is "EU", but',
    advises: /set a shorter or simpler one/,
  },
];

const CUSTOMER_ONLY: readonly Refused[] = [
  {
    why: "no account",
    config: { accountId: "" },
    says: "iot-hooks-customer:accountId is not set",
    advises: /run "pulumi config set iot-hooks-customer:accountId /,
  },
  {
    why: "no partner",
    config: { partnerAccountId: "" },
    says: "iot-hooks-customer:partnerAccountId is not set",
    advises: /run "pulumi config set iot-hooks-customer:partnerAccountId /,
  },
  {
    why: "an account that lost its leading zero",
    config: { accountId: "12345678901" },
    says: 'iot-hooks-customer:accountId is "12345678901", but',
    advises: /in quotes/,
  },
  {
    why: "an account that is no number",
    config: { partnerAccountId: "partner" },
    says: 'iot-hooks-customer:partnerAccountId is "partner", but',
    advises: /12 digits/,
  },
  {
    why: "its own account as partner",
    config: { partnerAccountId: CUSTOMER },
    says: `iot-hooks-customer:partnerAccountId is "${CUSTOMER}", but so is iot-hooks-customer:accountId`,
    advises: /set its number/,
  },
  {
    why: "a partner in another partition",
    config: { partnerRegion: "cn-north-1" },
    says: 'iot-hooks-customer:partnerRegion is "cn-north-1", but',
    advises: /set a Region of aws/,
  },
  {
    why: "a boundary that is no policy",
    config: { permissionsBoundaryArn: "boundary" },
    says: 'iot-hooks-customer:permissionsBoundaryArn is "boundary", but that is no ARN of a managed policy',
    advises: /set one such as arn:aws:iam::/,
  },
  {
    why: "a boundary of another account",
    config: { permissionsBoundaryArn: "arn:aws:iam::222222222222:policy/boundary" },
    says: 'iot-hooks-customer:permissionsBoundaryArn is "arn:aws:iam::222222222222:policy/boundary", but iot-hooks-customer:',
    advises: /set a policy of that account, or one of AWS/,
  },
  {
    why: "an architecture that Lambda doesn't have",
    config: { architecture: "riscv64" },
    says: 'iot-hooks-customer:architecture is "riscv64", but',
    advises: /arm64 and x86_64: set one of them/,
  },
  {
    why: "an STS endpoint in another partition",
    config: { stsRegion: "us-gov-west-1" },
    says: 'iot-hooks-customer:stsRegion is "us-gov-west-1", but',
    advises: /set a Region of aws/,
  },
  {
    why: "what is no Region of an STS endpoint",
    config: { stsRegion: "global" },
    says: 'iot-hooks-customer:stsRegion is "global", but',
    advises: /set one such as/,
  },
  {
    why: "what is no Region of the partner",
    config: { partnerRegion: "mars-1" },
    says: 'iot-hooks-customer:partnerRegion is "mars-1", but',
    advises: /set one such as/,
  },
  {
    why: "an endpoint with a scheme",
    config: { partnerDataEndpoint: "https://a.iot.us-east-1.amazonaws.com" },
    says: "iot-hooks-customer:partnerDataEndpoint is",
    advises: /set the partner's output dataEndpoint/,
  },
  {
    why: "a trigger that there isn't",
    config: { trigger: "eventbridge" },
    says: 'iot-hooks-customer:trigger is "eventbridge", but',
    advises: /set one of them/,
  },
  {
    why: "AWS IoT's own events alone for an operation that has none",
    config: { trigger: "registry-events", operations: list("create_thing", "attach_thing_principal") },
    says: 'iot-hooks-customer:trigger is "registry-events", but',
    advises: /for attach_thing_principal: set it to both, or take that out of iot-hooks-customer:operations/,
  },
  {
    why: "AWS IoT's own events alone for billing groups, which have none",
    config: { trigger: "registry-events", operations: list("create_thing", "add_thing_to_billing_group") },
    says: 'iot-hooks-customer:trigger is "registry-events", but',
    advises: /for add_thing_to_billing_group: set it to both, or take that out of iot-hooks-customer:operations/,
  },
  {
    why: "a topic rule with a hyphen",
    config: { partnerTopicRule: "iot-hooks-receive" },
    says: 'iot-hooks-customer:partnerTopicRule is "iot-hooks-receive", but',
    advises: /set the partner's output ruleName/,
  },
  {
    why: "an external id with a space",
    config: { externalId: "customer 17" },
    says: 'iot-hooks-customer:externalId is "customer 17", but',
    advises: /set the one that both sides agreed on/,
  },
  {
    why: "an external id of one character",
    config: { externalId: "1" },
    says: 'iot-hooks-customer:externalId is "1", but',
    advises: /2 to 1224/,
  },
  {
    why: "a partner's suffix that names can't have",
    config: { partnerNameSuffix: "a_b" },
    says: 'iot-hooks-customer:partnerNameSuffix is "a_b", but',
    advises: /simpler one/,
  },
  ...["rate(1 minute)", "rate(1 days)", "rate(2 day)", "rate(0 days)", "daily", "cron(0 3 * *)"].map((reconcile) => ({
    why: `the schedule ${reconcile}`,
    config: { reconcile },
    says: `iot-hooks-customer:reconcile is "${reconcile}", but`,
    advises: /such as rate\(1 day\)/,
  })),
  {
    why: "neither yes nor no",
    config: { createTrail: "yes" },
    says: 'iot-hooks-customer:createTrail is "yes", but',
    advises: /true or false/,
  },
];

const ROOT: readonly Refused[] = [
  {
    why: "no customer",
    config: { customerAccountId: "" },
    says: "iot-hooks:customerAccountId is not set",
    advises: /pulumi config set iot-hooks:customerAccountId/,
  },
  {
    why: "one account for both sides",
    config: { partnerAccountId: CUSTOMER },
    says: "iot-hooks:partnerAccountId is",
    advises: /so is iot-hooks:customerAccountId/,
  },
  {
    why: "a customer's suffix that names can't have",
    config: { customerNameSuffix: "A" },
    says: 'iot-hooks:customerNameSuffix is "A", but',
    advises: /simpler one/,
  },
  {
    why: "a topic of the partner's with a wildcard of MQTT",
    config: { publishTopics: list("+") },
    says: 'iot-hooks:publishTopics[0] is "+", but',
    advises: /write \* and \?/,
  },
];

const PROGRAMS = [
  {
    name: "customer",
    run: customerProgram,
    options: customerOptions,
    cases: [...inProject("iot-hooks-customer", BOTH), ...CUSTOMER_ONLY],
  },
  {
    name: "partner",
    run: partnerProgram,
    options: partnerOptions,
    cases: [...inProject("iot-hooks-partner", BOTH), ...PARTNER_ONLY],
  },
  { name: "root", run: program, options: rootOptions, cases: ROOT },
];

for (const { name, run, options, cases } of PROGRAMS) {
  describe(`the program ${name} refuses`, () => {
    for (const { why, config, says, advises, stackOutputs } of cases) {
      for (const preview of [false, true]) {
        it(`${why} (${preview ? "preview" : "up"})`, async () => {
          const rest: Partial<StackOptions> = { preview, ...(stackOutputs && { stackOutputs }) };
          const { message, resources } = await refusal(run, options(config, rest));
          expect(message.startsWith(says), message).to.equal(true);
          expect(message).to.match(advises);
          expect(message, "one sentence").to.match(/^[^\n]*[^.\n]\.$/);
          const onAws = resources.filter(({ type }) => type.startsWith("aws:") || type === "pulumi:providers:aws");
          expect(onAws).to.deep.equal([]);
        });
      }
    }
  });
}

/** `says` with the project's name space, where the setting is the project's own. */
function inProject(project: string, cases: readonly Refused[]): Refused[] {
  return cases.map((one) => ({ ...one, says: one.says.startsWith("aws:") ? one.says : `${project}:${one.says}` }));
}
