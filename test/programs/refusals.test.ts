// Bad configuration: one sentence, before anything is registered on AWS.
import type { Inputs, StackOptions } from "../harness/run-stack.ts";
import { expect } from "chai";
import { customerProgram } from "../../customer/program.ts";
import { partnerProgram } from "../../partner/program.ts";
import { program } from "../../program.ts";
import { refusal } from "../harness/run-stack.ts";
import { CUSTOMER, CUSTOMER_STACK, PARTNER, customerOptions, partnerOptions, rootOptions } from "../harness/stacks.ts";

interface Refused {
  readonly why: string;
  readonly config: Readonly<Record<string, string>>;
  /** What the sentence begins with: the setting and its value. */
  readonly says: string;
  /** What it ends with: what to do. */
  readonly advises: RegExp;
  readonly stackOutputs?: Readonly<Record<string, Inputs>>;
}

const customerRole = (account: string, name = `publish-to-partner-role-${PARTNER}`) =>
  `arn:aws:iam::${account}:role/${name}`;
const list = (...entries: unknown[]) => JSON.stringify(entries);
const customers = (...entries: unknown[]) => ({ customers: list(...entries) });
const stackWith = (outputs: Inputs) => ({
  config: customers(CUSTOMER_STACK),
  says: `partner:customers[0] is "${CUSTOMER_STACK}", but`,
  stackOutputs: { [CUSTOMER_STACK]: outputs },
});

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
    advises: /pulumi config set --path '\w+:operations\[0\]'/,
  },
  {
    why: "operations that are a map",
    config: { operations: "{}" },
    says: "operations is {}, but",
    advises: /pulumi config set --path '\w+:operations\[0\]'/,
  },
  {
    why: "an operation that became a number",
    config: { operations: list(1) },
    says: "operations[0] is 1, but",
    advises: /--type string --path '\w+:operations\[0\]'/,
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
    says: "customer:accountId is not set",
    advises: /run "pulumi config set customer:accountId /,
  },
  {
    why: "no partner",
    config: { partnerAccountId: "" },
    says: "customer:partnerAccountId is not set",
    advises: /run "pulumi config set customer:partnerAccountId /,
  },
  {
    why: "an account that lost its leading zero",
    config: { accountId: "12345678901" },
    says: 'customer:accountId is "12345678901", but',
    advises: /in quotes/,
  },
  {
    why: "an account that is no number",
    config: { partnerAccountId: "partner" },
    says: 'customer:partnerAccountId is "partner", but',
    advises: /12 digits/,
  },
  {
    why: "its own account as partner",
    config: { partnerAccountId: CUSTOMER },
    says: `customer:partnerAccountId is "${CUSTOMER}", but so is customer:accountId`,
    advises: /set its number/,
  },
  {
    why: "a partner in another partition",
    config: { partnerRegion: "cn-north-1" },
    says: 'customer:partnerRegion is "cn-north-1", but',
    advises: /set a Region of aws/,
  },
  {
    why: "what is no Region of the partner",
    config: { partnerRegion: "mars-1" },
    says: 'customer:partnerRegion is "mars-1", but',
    advises: /set one such as/,
  },
  {
    why: "an endpoint with a scheme",
    config: { partnerDataEndpoint: "https://a.iot.us-east-1.amazonaws.com" },
    says: "customer:partnerDataEndpoint is",
    advises: /set the partner's output dataEndpoint/,
  },
  {
    why: "an external id with a space",
    config: { externalId: "customer 17" },
    says: 'customer:externalId is "customer 17", but',
    advises: /set the one that both sides agreed on/,
  },
  {
    why: "an external id of one character",
    config: { externalId: "1" },
    says: 'customer:externalId is "1", but',
    advises: /2 to 1224/,
  },
  {
    why: "a partner's suffix that names can't have",
    config: { partnerNameSuffix: "a_b" },
    says: 'customer:partnerNameSuffix is "a_b", but',
    advises: /simpler one/,
  },
  {
    why: "neither yes nor no",
    config: { createTrail: "yes" },
    says: 'customer:createTrail is "yes", but',
    advises: /true or false/,
  },
];

const PARTNER_ONLY: readonly Refused[] = [
  {
    why: "no account",
    config: { accountId: "" },
    says: "partner:accountId is not set",
    advises: /run "pulumi config set partner:accountId /,
  },
  {
    why: "a customer that is an account number",
    config: customers(111111111111),
    says: "partner:customers[0] is 111111111111, but",
    advises: /--type string --path 'partner:customers\[0\]'/,
  },
  {
    why: "a customer that is an account number in quotes",
    config: customers(CUSTOMER),
    says: `partner:customers[0] is "${CUSTOMER}", but`,
    advises: /give the customer's output roleArn/,
  },
  {
    why: "a customer that is nothing",
    config: customers(null),
    says: "partner:customers[0] is null, but",
    advises: /set or remove it/,
  },
  {
    why: "a customer that is an empty text",
    config: customers(""),
    says: 'partner:customers[0] is "", but',
    advises: /set or remove it/,
  },
  {
    why: "customers that are no list",
    config: { customers: CUSTOMER_STACK },
    says: `partner:customers is "${CUSTOMER_STACK}", but`,
    advises: /--path 'partner:customers\[0\]'/,
  },
  {
    why: "half of a stack's name",
    config: customers("customer/dev"),
    says: 'partner:customers[0] is "customer/dev", but',
    advises: /organization\/project\/stack/,
  },
  {
    why: "the ARN of a user",
    config: customers(`arn:aws:iam::${CUSTOMER}:user/x`),
    says: "partner:customers[0] is",
    advises: /roleArn/,
  },
  {
    why: "the ARN of a session",
    config: customers(`arn:aws:sts::${CUSTOMER}:assumed-role/x/y`),
    says: "partner:customers[0] is",
    advises: /roleArn/,
  },
  {
    why: "a wildcard in the role's name",
    config: customers(customerRole(CUSTOMER, "publish-*")),
    says: "partner:customers[0] is",
    advises: /wildcard.*give the ARN of one role/,
  },
  {
    why: "a question mark in the role's name",
    config: customers(customerRole(CUSTOMER, "publish-?")),
    says: "partner:customers[0] is",
    advises: /wildcard.*give the ARN of one role/,
  },
  {
    why: "a wildcard for the account",
    config: customers(customerRole("*")),
    says: "partner:customers[0] is",
    advises: /wildcard.*give the ARN of one role/,
  },
  {
    why: "a role of its own account",
    config: customers(customerRole(PARTNER)),
    says: "partner:customers[0] is",
    advises: /own account: a customer is another account/,
  },
  {
    why: "a role in another partition",
    config: customers(customerRole(CUSTOMER).replace("arn:aws:", "arn:aws-cn:")),
    says: "partner:customers[0] is",
    advises: /give a role of aws/,
  },
  {
    why: "a role for another partner",
    config: customers(customerRole(CUSTOMER, "publish-to-partner-role-444444444444")),
    says: "partner:customers[0] is",
    advises: /is for the partner 444444444444 .*partnerAccountId/,
  },
  {
    why: "one role twice",
    config: customers(customerRole(CUSTOMER), customerRole(CUSTOMER)),
    says: "partner:customers[1] is",
    advises: /so is partner:customers\[0\]: remove one of the two/,
  },
  {
    why: "one stack twice",
    config: customers(CUSTOMER_STACK, CUSTOMER_STACK),
    says: "partner:customers[1] is",
    advises: /so is partner:customers\[0\]: remove one of the two/,
  },
  {
    why: "one role twice, once by its stack",
    config: customers(CUSTOMER_STACK, customerRole(CUSTOMER)),
    says: "partner:customers[1] is",
    advises: /its role is that of partner:customers\[0\] as well: remove one of the two/,
    stackOutputs: { [CUSTOMER_STACK]: { contractVersion: 1, roleArn: customerRole(CUSTOMER) } },
  },
  {
    why: "more roles of one account than a trust policy holds",
    config: customers(
      ...Array.from({ length: 30 }, (_, index) => customerRole(CUSTOMER, `line-${index}-${"x".repeat(40)}`)),
    ),
    says: "partner:customers[29] is",
    advises: /IAM takes 2048: list fewer roles/,
  },
  {
    why: "a stack that doesn't exist",
    config: customers("organization/customer/none"),
    says: 'partner:customers[0] is "organization/customer/none", but',
    advises: /deploy it first, correct the name, or give the role's ARN/,
  },
  {
    why: "a stack without the outputs of a customer",
    ...stackWith({ other: "x" }),
    advises: /no output contractVersion: name a deployed stack/,
  },
  {
    why: "a stack of another contract version",
    ...stackWith({ contractVersion: 2, roleArn: customerRole(CUSTOMER) }),
    advises: /speaks version 2 .* version 1: deploy both from the same release/,
  },
  {
    why: "a stack whose contract version is a text",
    ...stackWith({ contractVersion: "1", roleArn: customerRole(CUSTOMER) }),
    advises: /speaks version "1"/,
  },
  { why: "a stack without a role", ...stackWith({ contractVersion: 1 }), advises: /roleArn of that stack is missing/ },
  {
    why: "a stack whose role is no role",
    ...stackWith({ contractVersion: 1, roleArn: "arn:aws:iam::*:role/*" }),
    advises: /not the ARN of a role/,
  },
  {
    why: "a stack in its own account",
    ...stackWith({ contractVersion: 1, roleArn: customerRole(PARTNER) }),
    says: "partner:customers[0] is",
    advises: /own account/,
  },
  {
    why: "an external id for nobody",
    config: { externalIds: `{"${CUSTOMER}":"customer-17"}` },
    says: `partner:externalIds["${CUSTOMER}"] is "customer-17", but`,
    advises: /correct the account, or remove the id/,
  },
  {
    why: "an external id that became a number",
    config: { ...customers(customerRole(CUSTOMER)), externalIds: `{"${CUSTOMER}":17}` },
    says: `partner:externalIds["${CUSTOMER}"] is 17, but`,
    advises: /--type string/,
  },
  {
    why: "an external id that STS refuses",
    config: { ...customers(customerRole(CUSTOMER)), externalIds: `{"${CUSTOMER}":"a b"}` },
    says: `partner:externalIds["${CUSTOMER}"] is "a b", but`,
    advises: /2 to 1224/,
  },
  {
    why: "external ids that are a list",
    config: { externalIds: list("a") },
    says: 'partner:externalIds is ["a"], but',
    advises: /it must be a map/,
  },
  {
    why: "a topic with a wildcard of MQTT",
    config: { publishTopics: list("fleet/#") },
    says: 'partner:publishTopics[0] is "fleet/#", but',
    advises: /write \* and \?/,
  },
  {
    why: "a topic with a policy variable",
    config: { publishTopics: list("a/${aws:username}") },
    says: "partner:publishTopics[0] is",
    advises: /name the topic/,
  },
  {
    why: "a topic with a space",
    config: { publishTopics: list("a b") },
    says: 'partner:publishTopics[0] is "a b", but',
    advises: /white space/,
  },
  {
    why: "a topic over AWS IoT's limit",
    config: { publishTopics: list("ä".repeat(129)) },
    says: "partner:publishTopics[0] is",
    advises: /256 bytes/,
  },
  { why: "neither yes nor no", config: { debug: "1" }, says: 'partner:debug is "1", but', advises: /true or false/ },
];

const ROOT: readonly Refused[] = [
  {
    why: "no customer",
    config: { customerAccountId: "" },
    says: "cross-account-iot-hooks:customerAccountId is not set",
    advises: /pulumi config set cross-account-iot-hooks:customerAccountId/,
  },
  {
    why: "one account for both sides",
    config: { partnerAccountId: CUSTOMER },
    says: "cross-account-iot-hooks:partnerAccountId is",
    advises: /so is cross-account-iot-hooks:customerAccountId/,
  },
  {
    why: "a customer's suffix that names can't have",
    config: { customerNameSuffix: "A" },
    says: 'cross-account-iot-hooks:customerNameSuffix is "A", but',
    advises: /simpler one/,
  },
  {
    why: "a topic of the partner's with a wildcard of MQTT",
    config: { publishTopics: list("+") },
    says: 'cross-account-iot-hooks:publishTopics[0] is "+", but',
    advises: /write \* and \?/,
  },
];

const PROGRAMS = [
  {
    name: "customer",
    run: customerProgram,
    options: customerOptions,
    cases: [...inProject("customer", BOTH), ...CUSTOMER_ONLY],
  },
  {
    name: "partner",
    run: partnerProgram,
    options: partnerOptions,
    cases: [...inProject("partner", BOTH), ...PARTNER_ONLY],
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
