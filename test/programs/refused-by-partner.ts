// Settings that only the partner has, and what is wrong with each.
import { CUSTOMER, CUSTOMER2, CUSTOMER_STACK, PARTNER } from "../harness/stacks.ts";
import { customerRole, list, customers, stackWith, type Refused } from "./refused.ts";

export const PARTNER_ONLY: readonly Refused[] = [
  {
    why: "no account",
    config: { accountId: "" },
    says: "iot-hooks-partner:accountId is not set",
    advises: /run "pulumi config set iot-hooks-partner:accountId /,
  },
  {
    why: "a customer that is an account number",
    config: customers(111111111111),
    says: "iot-hooks-partner:customers[0] is 111111111111, but",
    advises: /--type string --path 'iot-hooks-partner:customers\[0\]'/,
  },
  {
    why: "a customer that is an account number in quotes",
    config: customers(CUSTOMER),
    says: `iot-hooks-partner:customers[0] is "${CUSTOMER}", but`,
    advises: /give the customer's output roleArn/,
  },
  {
    why: "a customer that is nothing",
    config: customers(null),
    says: "iot-hooks-partner:customers[0] is null, but",
    advises: /set or remove it/,
  },
  {
    why: "a customer that is an empty text",
    config: customers(""),
    says: 'iot-hooks-partner:customers[0] is "", but',
    advises: /set or remove it/,
  },
  {
    why: "customers that are no list",
    config: { customers: CUSTOMER_STACK },
    says: `iot-hooks-partner:customers is "${CUSTOMER_STACK}", but`,
    advises: /--path 'iot-hooks-partner:customers\[0\]'/,
  },
  {
    why: "half of a stack's name",
    config: customers("customer/dev"),
    says: 'iot-hooks-partner:customers[0] is "customer/dev", but',
    advises: /organization\/project\/stack/,
  },
  {
    why: "the ARN of a user",
    config: customers(`arn:aws:iam::${CUSTOMER}:user/x`),
    says: "iot-hooks-partner:customers[0] is",
    advises: /roleArn/,
  },
  {
    why: "the ARN of a session",
    config: customers(`arn:aws:sts::${CUSTOMER}:assumed-role/x/y`),
    says: "iot-hooks-partner:customers[0] is",
    advises: /roleArn/,
  },
  {
    why: "a wildcard in the role's name",
    config: customers(customerRole(CUSTOMER, "publish-*")),
    says: "iot-hooks-partner:customers[0] is",
    advises: /wildcard.*give the ARN of one role/,
  },
  {
    why: "a question mark in the role's name",
    config: customers(customerRole(CUSTOMER, "publish-?")),
    says: "iot-hooks-partner:customers[0] is",
    advises: /wildcard.*give the ARN of one role/,
  },
  {
    why: "a wildcard for the account",
    config: customers(customerRole("*")),
    says: "iot-hooks-partner:customers[0] is",
    advises: /wildcard.*give the ARN of one role/,
  },
  {
    why: "a role of its own account",
    config: customers(customerRole(PARTNER)),
    says: "iot-hooks-partner:customers[0] is",
    advises: /own account: a customer is another account/,
  },
  {
    why: "a role in another partition",
    config: customers(customerRole(CUSTOMER).replace("arn:aws:", "arn:aws-cn:")),
    says: "iot-hooks-partner:customers[0] is",
    advises: /give a role of aws/,
  },
  {
    why: "a role for another partner",
    config: customers(customerRole(CUSTOMER, "publish-to-partner-role-444444444444")),
    says: "iot-hooks-partner:customers[0] is",
    advises: /is for the partner 444444444444 .*partnerAccountId/,
  },
  {
    why: "one role twice",
    config: customers(customerRole(CUSTOMER), customerRole(CUSTOMER)),
    says: "iot-hooks-partner:customers[1] is",
    advises: /so is iot-hooks-partner:customers\[0\]: remove one of the two/,
  },
  {
    why: "one stack twice",
    config: customers(CUSTOMER_STACK, CUSTOMER_STACK),
    says: "iot-hooks-partner:customers[1] is",
    advises: /so is iot-hooks-partner:customers\[0\]: remove one of the two/,
  },
  {
    why: "one role twice, once by its stack",
    config: customers(CUSTOMER_STACK, customerRole(CUSTOMER)),
    says: "iot-hooks-partner:customers[1] is",
    advises: /its role is that of iot-hooks-partner:customers\[0\] as well: remove one of the two/,
    stackOutputs: { [CUSTOMER_STACK]: { contractVersion: 1, roleArn: customerRole(CUSTOMER) } },
  },
  {
    why: "more roles of one account than a trust policy holds",
    config: customers(
      ...Array.from({ length: 30 }, (_, index) => customerRole(CUSTOMER, `line-${index}-${"x".repeat(40)}`)),
    ),
    says: "iot-hooks-partner:customers[29] is",
    advises: /IAM takes 2048: list fewer roles/,
  },
  {
    why: "a stack that doesn't exist",
    config: customers("organization/iot-hooks-customer/none"),
    says: 'iot-hooks-partner:customers[0] is "organization/iot-hooks-customer/none", but',
    advises: /deploy it first, correct the name, or give the role's ARN/,
  },
  {
    why: "a stack without the outputs of a customer",
    ...stackWith({ other: "x" }),
    advises: /no output contractVersion: name a deployed stack of the project iot-hooks-customer/,
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
    advises: /is "arn:aws:iam::\*:role\/\*" and not the ARN of a role: .* stack of the project iot-hooks-customer/,
  },
  {
    why: "a stack whose role is a number",
    ...stackWith({ contractVersion: 1, roleArn: 7 }),
    advises: /roleArn of that stack is 7 and not the ARN of a role/,
  },
  {
    why: "a stack in its own account",
    ...stackWith({ contractVersion: 1, roleArn: customerRole(PARTNER) }),
    says:
      `iot-hooks-partner:customers[0] is "${CUSTOMER_STACK}", a stack with the role ${customerRole(PARTNER)}, but that ` +
      "is a role of the partner's own account",
    advises: /give its role/,
  },
  {
    why: "a role of its own account, before it reads a stack",
    config: customers("organization/iot-hooks-customer/none", customerRole(PARTNER)),
    says: `iot-hooks-partner:customers[1] is "${customerRole(PARTNER)}", but that is a role of the partner's own account`,
    advises: /give its role/,
  },
  {
    why: "an external id for nobody",
    config: { externalIds: `{"${CUSTOMER}":"customer-17"}` },
    says: `iot-hooks-partner:externalIds["${CUSTOMER}"] is "customer-17", but`,
    advises: /correct the account, or remove the id/,
  },
  {
    why: "an external id that became a number",
    config: { ...customers(customerRole(CUSTOMER)), externalIds: `{"${CUSTOMER}":17}` },
    says: `iot-hooks-partner:externalIds["${CUSTOMER}"] is 17, but`,
    advises: /--type string/,
  },
  {
    why: "an external id that STS refuses",
    config: { ...customers(customerRole(CUSTOMER)), externalIds: `{"${CUSTOMER}":"a b"}` },
    says: `iot-hooks-partner:externalIds["${CUSTOMER}"] is "a b", but`,
    advises: /2 to 1224/,
  },
  {
    why: "external ids that are a list",
    config: { externalIds: list("a") },
    says: 'iot-hooks-partner:externalIds is ["a"], but',
    advises: /it must be a map/,
  },
  {
    why: "a topic with a wildcard of MQTT",
    config: { publishTopics: list("fleet/#") },
    says: 'iot-hooks-partner:publishTopics[0] is "fleet/#", but',
    advises: /write \* and \?/,
  },
  {
    why: "a topic with a policy variable",
    config: { publishTopics: list("a/${aws:username}") },
    says: "iot-hooks-partner:publishTopics[0] is",
    advises: /name the topic/,
  },
  {
    why: "a topic with a space",
    config: { publishTopics: list("a b") },
    says: 'iot-hooks-partner:publishTopics[0] is "a b", but',
    advises: /white space/,
  },
  {
    why: "a topic over AWS IoT's limit",
    config: { publishTopics: list("ä".repeat(129)) },
    says: "iot-hooks-partner:publishTopics[0] is",
    advises: /256 bytes/,
  },
  ...["*", "cross_account_hooks/?*/create_thing", "debug/*", "*/create_thing", "$aws/rules/*", "?ebug/x"].map(
    (topic) => ({
      why: `topics that reach past the partner's own: ${topic}`,
      config: { publishTopics: list("fleet/*", topic) },
      says: `iot-hooks-partner:publishTopics[1] is "${topic}", but that takes in topics of `,
      advises: /name others, as in fleet\/\*/,
    }),
  ),
  {
    why: "a disabled customer that is none",
    config: { customers: list(customerRole(CUSTOMER)), disabledCustomers: list(CUSTOMER, CUSTOMER2) },
    says: `iot-hooks-partner:disabledCustomers[1] is "${CUSTOMER2}", but none of the customers has this account`,
    advises: /correct it, or remove it/,
  },
  {
    why: "a customer that is disabled twice",
    config: { customers: list(customerRole(CUSTOMER)), disabledCustomers: list(CUSTOMER, CUSTOMER) },
    says: `iot-hooks-partner:disabledCustomers[1] is "${CUSTOMER}", but the list has it already`,
    advises: /remove one of the two/,
  },
  ...["0", "1.5", "many"].map((reservedConcurrency) => ({
    why: `executions that can't be kept: ${reservedConcurrency}`,
    config: { reservedConcurrency },
    says: "iot-hooks-partner:reservedConcurrency is ",
    advises: /it must be a whole number of executions from 1 to 100000: set one/,
  })),
  {
    why: "a topic for alarms that is none",
    config: { alarmTopicArn: `arn:aws:sqs:us-east-1:${PARTNER}:on-call` },
    says: "iot-hooks-partner:alarmTopicArn is ",
    advises: /no ARN of a standard SNS topic: set one, or remove it/,
  },
  {
    why: "a topic for alarms in another Region",
    config: { alarmTopicArn: `arn:aws:sns:eu-west-1:${PARTNER}:on-call` },
    says: "iot-hooks-partner:alarmTopicArn is ",
    advises: /alarms of us-east-1 can only tell a topic of that Region: set one/,
  },
  {
    why: "neither yes nor no",
    config: { debug: "1" },
    says: 'iot-hooks-partner:debug is "1", but',
    advises: /true or false/,
  },
  {
    why: "a third way to look at senders",
    config: { senderCheck: "on" },
    says: 'iot-hooks-partner:senderCheck is "on", but',
    advises: /observe or enforce/,
  },
];
