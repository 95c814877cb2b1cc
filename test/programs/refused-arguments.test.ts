// Arguments of the components that are wrong: the sentences of the configuration, with the argument's name. What is
// known is refused before anything is declared, what isn't as soon as it is.
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { CustomerHooksArgs } from "../../customer/customer-hooks.ts";
import type { PartnerHooksArgs } from "../../partner/partner-hooks.ts";
import { CUSTOMER, CUSTOMER2, PARTNER } from "../harness/stacks.ts";
import { customerHooks, onAws, partnerHooks, refused } from "./adopter.ts";
import { customerRole } from "./refused.ts";

interface Refused<A> {
  readonly why: string;
  readonly args: Partial<A>;
  readonly says: string;
  readonly advises: RegExp;
}

const OF_CUSTOMER: readonly Refused<CustomerHooksArgs>[] = [
  {
    why: "an account that lost its leading zero",
    args: { partnerAccountId: "12345678901" },
    says: 'partnerAccountId of CustomerHooks "hooks" is "12345678901", but an AWS account has 12 digits',
    advises: /set all of them/,
  },
  {
    why: "its own account as partner",
    args: { accountId: CUSTOMER, partnerAccountId: CUSTOMER },
    says: `partnerAccountId of CustomerHooks "hooks" is "${CUSTOMER}", but so is accountId of CustomerHooks "hooks"`,
    advises: /the partner must be another account, set its number/,
  },
  {
    why: "a partner in another partition",
    args: { region: "us-east-1", partnerRegion: "cn-north-1" },
    says: 'partnerRegion of CustomerHooks "hooks" is "cn-north-1", but',
    advises: /set a Region of aws/,
  },
  {
    why: "what is no Region",
    args: { region: "us-east" },
    says: 'region of CustomerHooks "hooks" is "us-east", but',
    advises: /set one such as us-east-1/,
  },
  {
    why: "an unknown operation",
    args: { operations: ["create_thing", "paint_thing"] },
    says: 'operations[1] of CustomerHooks "hooks" is "paint_thing", but there is no such operation',
    advises: /name some of create_thing/,
  },
  {
    why: "an operation twice",
    args: { operations: ["create_thing", "create_thing"] },
    says: 'operations[1] of CustomerHooks "hooks" is "create_thing", but the list has it already',
    advises: /remove one of the two/,
  },
  {
    why: "an external id with a space",
    args: { externalId: "customer 17" },
    says: 'externalId of CustomerHooks "hooks" is "customer 17", but',
    advises: /both sides agreed on/,
  },
  {
    why: "null, which is no way to leave something out",
    args: { externalId: null as unknown as string },
    says: 'externalId of CustomerHooks "hooks" is null, but',
    advises: /both sides agreed on|leave it out|remove it/,
  },
  {
    why: "a suffix that names can't have",
    args: { nameSuffix: "EU" },
    says: 'nameSuffix of CustomerHooks "hooks" is "EU", but',
    advises: /simpler one/,
  },
  {
    why: "an endpoint with a scheme",
    args: { partnerDataEndpoint: "https://a.iot.us-east-1.amazonaws.com" },
    says: 'partnerDataEndpoint of CustomerHooks "hooks" is "https://',
    advises: /output dataEndpoint/,
  },
];

/** The trigger is always plain. */
const TRIGGERS: readonly Refused<CustomerHooksArgs>[] = [
  {
    why: "a trigger that doesn't hear of an operation",
    args: { trigger: "registry-events", operations: ["create_thing", "attach_thing_principal"] },
    says: 'trigger of CustomerHooks "hooks" is "registry-events", but AWS IoT has no event of its own for attach_',
    advises: /set it to both, or take that out of operations/,
  },
  {
    why: "operations that are known only later, where they decide which topic rules there are",
    args: { trigger: "both", operations: pulumi.output(Promise.resolve(["create_thing"])) },
    says: 'operations of CustomerHooks "hooks" must be a plain list where trigger of CustomerHooks "hooks" is both',
    advises: /it decides which topic rules there are/,
  },
];

const OF_PARTNER: readonly Refused<PartnerHooksArgs>[] = [
  {
    why: "no operation",
    args: { operations: [] },
    says: 'operations of PartnerHooks "hooks" is [], but without an operation',
    advises: /name some of/,
  },
  {
    why: "a topic with a wildcard of MQTT",
    args: { publishTopics: ["fleet/#"] },
    says: 'publishTopics[0] of PartnerHooks "hooks" is "fleet/#", but',
    advises: /write \* and \?/,
  },
  {
    why: "a disabled customer that is none",
    args: { disabledCustomers: [CUSTOMER2] },
    says: `disabledCustomers[0] of PartnerHooks "hooks" is "${CUSTOMER2}", but none of the customers has this account`,
    advises: /correct it, or remove it/,
  },
];

/**
 * The customers' accounts are always plain, so that these are refused at once, but for what depends on more than
 * them.
 */
const CUSTOMERS: readonly Refused<PartnerHooksArgs>[] = [
  {
    why: "a customer whose account isn't one",
    args: { customers: [{ accountId: "1" }] },
    says: 'customers[0].accountId of PartnerHooks "hooks" is "1", but an AWS account has 12 digits',
    advises: /set all of them/,
  },
  {
    why: "an account twice",
    args: { customers: [{ accountId: CUSTOMER }, { accountId: CUSTOMER2 }, { accountId: CUSTOMER }] },
    says:
      `customers[2].accountId of PartnerHooks "hooks" is "${CUSTOMER}", but so is customers[0].accountId of ` +
      "Partner",
    advises: /list the account once, with all its roleArns/,
  },
  {
    why: "itself as customer",
    args: { accountId: PARTNER, region: "us-east-1", customers: [{ accountId: PARTNER }] },
    says: `customers[0].accountId of PartnerHooks "hooks" is "${PARTNER}", but that is the partner's own account`,
    advises: /give its number/,
  },
  ...(
    [
      ["a wildcard in a role", customerRole(CUSTOMER, "publish-*"), /wildcard.*give the ARN of one role/],
      ["what is no role", "arn:aws:iam::111111111111:user/a", /give the customer's output roleArn/],
      [
        "a role in another account",
        customerRole(CUSTOMER2),
        /isn't in account 111111111111: give one of this customer/,
      ],
      ["a role in another partition", customerRole(CUSTOMER).replace("aws", "aws-cn"), /give a role of aws/],
      ["a role for another partner", customerRole(CUSTOMER, "publish-to-partner-role-444444444444"), /partner 4{12}/],
    ] as const
  ).map(([why, arn, advises]) => ({
    why,
    args: { accountId: PARTNER, region: "us-east-1", customers: [{ accountId: CUSTOMER, roleArns: [arn] }] },
    says: `customers[0].roleArns[0] of PartnerHooks "hooks" is "${arn}", but`,
    advises,
  })),
  {
    why: "a role twice",
    args: {
      ...{ accountId: PARTNER, region: "us-east-1" },
      customers: [{ accountId: CUSTOMER, roleArns: [customerRole(CUSTOMER), customerRole(CUSTOMER)] }],
    },
    says:
      `customers[0].roleArns[1] of PartnerHooks "hooks" is "${customerRole(CUSTOMER)}", but the list has it ` +
      "already",
    advises: /remove one of the two/,
  },
  {
    why: "nobody of a customer",
    args: { accountId: PARTNER, region: "us-east-1", customers: [{ accountId: CUSTOMER, roleArns: [] }] },
    says: 'customers[0].roleArns of PartnerHooks "hooks" is [], but then nobody is trusted',
    advises: /give a role, or leave it out/,
  },
  {
    why: "more roles of one account than a trust policy holds",
    args: {
      ...{ accountId: PARTNER, region: "us-east-1" },
      customers: [
        {
          accountId: CUSTOMER,
          roleArns: Array.from({ length: 30 }, (_, index) => customerRole(CUSTOMER, `line-${index}-${"x".repeat(40)}`)),
        },
      ],
    },
    says: 'customers[0].roleArns of PartnerHooks "hooks" is ["arn:aws:iam',
    advises: /IAM takes 2048: list fewer roles/,
  },
];

const sentence = ({ message }: { message: string }, { says, advises }: Refused<unknown>) => {
  // Of what is known only later the runtime says first which inputs of which resources it was for.
  expect(message.replace(/^(?:error serializing property "\w+": )+/, "").startsWith(says), message).to.equal(true);
  expect(message).to.match(advises);
  expect(message, "one sentence").to.match(/^[^\n]*[^.\n]\.$/);
};

/** The same arguments, as if other resources made those of these names. */
const later = <A extends object>(args: A, names: readonly string[] = Object.keys(args)): A =>
  Object.fromEntries(
    Object.entries(args).map(([key, value]) => [
      key,
      names.includes(key) ? pulumi.output(Promise.resolve(value)) : (value as unknown),
    ]),
  ) as A;

for (const { component, hooks, cases, laterToo } of [
  { component: "CustomerHooks", hooks: customerHooks, cases: OF_CUSTOMER, laterToo: true },
  { component: "CustomerHooks", hooks: customerHooks, cases: TRIGGERS, laterToo: false },
  { component: "PartnerHooks", hooks: partnerHooks, cases: OF_PARTNER, laterToo: true },
  { component: "PartnerHooks", hooks: partnerHooks, cases: CUSTOMERS, laterToo: false },
]) {
  const make = hooks as (args: object) => { readonly outputs: unknown };
  describe(`${component} refuses`, () => {
    for (const one of cases) {
      it(`${one.why}, before it makes anything`, async () => {
        const found = await refused(() => make(one.args));
        sentence(found, one);
        expect(onAws(found)).to.deep.equal([]);
      });
      if (!laterToo) continue;
      for (const preview of [false, true]) {
        it(`${one.why} that is known only later (${preview ? "preview" : "up"})`, async () => {
          sentence(await refused(() => make(later(one.args)), preview), one);
        });
      }
      const names = Object.keys(one.args);
      for (const name of names.length > 1 ? names : []) {
        it(`${one.why} of which ${name} alone is known only later`, async () => {
          sentence(await refused(() => make(later(one.args, [name]))), one);
        });
      }
    }
  });
}

describe("PartnerHooks refuses", () => {
  it("a customer's role that is known only later", async () => {
    const arn = customerRole("*");
    const roleArns = pulumi.output(Promise.resolve([arn]));
    const found = await refused(() => partnerHooks({ customers: [{ accountId: CUSTOMER, roleArns }] }));
    expect(found.message).to.include(`customers[0].roleArns[0] of PartnerHooks "hooks" is "${arn}", but a wildcard`);
  });

  it("itself as customer, when its account is asked of the provider", async () => {
    const found = await refused(() => partnerHooks({ customers: [{ accountId: PARTNER }] }));
    expect(found.message).to.include("that is the partner's own account");
  });
});
