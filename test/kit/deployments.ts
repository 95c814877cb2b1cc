// Settings of a customer, as arguments of the component and as parameters of the template.
import fc from "fast-check";
import type { CustomerHooksArgs } from "../../customer/customer-hooks.ts";
import { capitalised } from "../../kit/value.ts";
import { operationParameter } from "../../kit/cloudformation/expressions.ts";
import { ANNOUNCEABLE } from "../../kit/parameters.ts";
import type { Operation } from "../../shared/contract/operations.ts";
import { CUSTOMER, PARTNER } from "embedded-aws/testing";

export const UUID = "11112222-3333-4444-5555-666677778888";

/** All plain values. */
export type Settings = {
  readonly [Name in keyof CustomerHooksArgs]: string | number | boolean | string[] | undefined;
} & {
  readonly partnerAccountId: string;
  readonly operations: Operation[];
};

const region = fc.constantFrom("us-east-1", "eu-central-1", "ap-southeast-4", "me-south-1", "eu-south-2");

/** Whatever a customer of the partition `aws` may set. */
export const settings: fc.Arbitrary<Settings> = fc
  .record(
    {
      accountId: fc.constant(CUSTOMER),
      region,
      partnerAccountId: fc.constant(PARTNER),
      partnerRegion: region,
      operations: fc.subarray([...ANNOUNCEABLE], { minLength: 1 }),
      createTrail: fc.boolean(),
      stsRegion: region,
      partnerDataEndpoint: fc.constant("a1b2c3d4e5f6g7-ats.iot.us-east-1.amazonaws.com"),
      externalId: fc.constantFrom("customer-17", "a/b=c"),
      nameSuffix: fc.constantFrom("line-2", "x"),
      partnerNameSuffix: fc.constantFrom("eu", "0"),
      architecture: fc.constantFrom("arm64", "x86_64"),
      systemLogLevel: fc.constantFrom("INFO", "WARN"),
      permissionsBoundaryArn: fc.constant(`arn:aws:iam::${CUSTOMER}:policy/boundary`),
      reservedConcurrency: fc.integer({ min: 1, max: 1000 }),
      reconcile: fc.constantFrom("rate(1 day)", "cron(0 3 * * ? *)"),
      onCall: fc.constant("on-call"),
    },
    { requiredKeys: ["accountId", "region", "partnerAccountId", "partnerRegion", "operations", "createTrail"] },
  )
  .map(({ onCall, ...set }): Settings => ({
    ...set,
    // Alarms tell topics of their own Region only.
    ...(onCall === undefined ? {} : { alarmTopicArn: `arn:aws:sns:${set.region}:${CUSTOMER}:${onCall}` }),
  }));

export const argumentsOf = (set: Settings): CustomerHooksArgs => set as CustomerHooksArgs;

/** What somebody types into CloudFormation's console. */
export const parametersOf = ({ operations, accountId: _, region: __, ...set }: Settings): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(set).map(([name, value]) => [capitalised(name), String(value)])),
  ...Object.fromEntries(
    ANNOUNCEABLE.map((operation) => [operationParameter(operation), String(operations.includes(operation))]),
  ),
});
