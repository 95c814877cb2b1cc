// Which roles the partner may trust, by ARN: one of another account, of its own partition, meant for this partner.
import { expect } from "chai";
import {
  type Customer,
  type Trusted,
  checkDisabled,
  roleProblem,
  trustPolicyProblem,
  trustedCustomers,
} from "../../partner/customers.ts";
import { publishPolicy, publishTrust } from "../../partner/policies.ts";
import { CUSTOMER, CUSTOMER2, PARTNER, customerRoleIn } from "../harness/stacks.ts";

const HERE = { accountId: PARTNER, region: "us-east-1" };
const role = (name: string, account = CUSTOMER, partition = "aws") => `arn:${partition}:iam::${account}:role/${name}`;

describe("a role that the partner is to trust", () => {
  it("may be the contract's, one of its deployments', or any other of the customer's", () => {
    for (const name of [
      `publish-to-partner-role-${PARTNER}`,
      `publish-to-partner-role-${PARTNER}-line-2`,
      "a/path/announcer",
      // Only what begins as the contract's name says whom it is for.
      "x-publish-to-partner-role-444444444444",
      "publish-to-partner-role-4444",
    ])
      expect(roleProblem(role(name), HERE), name).to.equal(undefined);
  });

  it("is none where a wildcard stands in it, wherever that is", () => {
    const wildcard = "but a wildcard would let in roles that nobody named: give the ARN of one role";
    for (const arn of [role("*"), role("announce?"), role("x", "*"), role("x", CUSTOMER, "*"), "arn:*"])
      expect(roleProblem(arn, HERE), arn).to.equal(wildcard);
  });

  it("is none where it isn't the ARN of a role", () => {
    const none = "but that is no ARN of a role: give the customer's output roleArn";
    for (const arn of [CUSTOMER, "", `arn:aws:iam::${CUSTOMER}:root`, `arn:aws:iam::${CUSTOMER}:user/x`, "role*"])
      expect(roleProblem(arn, HERE), arn).to.equal(none);
  });

  it("is none of the partner's own account, of another partition, or for another partner", () => {
    expect(roleProblem(role("x", PARTNER), HERE)).to.equal(
      "but that is a role of the partner's own account: a customer is another account, give its role",
    );
    expect(roleProblem(role("x", CUSTOMER, "aws-cn"), HERE)).to.equal(
      "but roles of the partition aws-cn can't be trusted in aws: give a role of aws",
    );
    expect(roleProblem(role("x", CUSTOMER, "aws-cn"), { ...HERE, region: "cn-north-1" })).to.equal(undefined);
    expect(roleProblem(role("publish-to-partner-role-444444444444-eu"), HERE)).to.equal(
      `but that role is for the partner 444444444444 and this is ${PARTNER}: have the customer set its ` +
        `partnerAccountId, for a role named publish-to-partner-role-${PARTNER}`,
    );
  });

  it("is one too many where IAM's 2048 characters for a trust policy are outgrown, and not before", () => {
    const trusting = (characters: number) => ({
      ...{ accountId: CUSTOMER, externalId: undefined },
      roleArns: [role("x".repeat(characters))],
    });
    const { roleArns } = trusting(1);
    const trust = publishTrust({ customerAccountId: CUSTOMER, roleArns, partition: "aws", externalId: undefined });
    const room = 2049 - JSON.stringify(trust).length;
    expect(trustPolicyProblem(trusting(room), HERE.region)).to.equal(undefined);
    expect(trustPolicyProblem(trusting(room + 1), HERE.region)).to.equal(
      `but with it the trust policy of account ${CUSTOMER} has 2049 characters and IAM takes 2048: list fewer roles ` +
        "of that account",
    );
    const asking = { ...trusting(room - 100), externalId: "x".repeat(100) };
    expect(trustPolicyProblem(asking, HERE.region)).to.match(/IAM takes 2048/);
  });
});

describe("the customers that a component is given", () => {
  const naming = (argument: string) => `the ${argument}`;
  const trusted = (...customers: readonly Customer[]): Promise<Trusted[]> =>
    Promise.all(
      trustedCustomers(customers, HERE, naming).map(
        (customer) => new Promise<Trusted>((resolve) => void customer.trusted.apply(resolve)),
      ),
    );

  it("are trusted by the roles that they name, or by the contract's, in ascending order", async () => {
    const roles = [role("b"), role("a")];
    expect(
      await trusted({ accountId: CUSTOMER2 }, { accountId: CUSTOMER, roleArns: roles, externalId: "customer-17" }),
    ).to.deep.equal([
      { accountId: CUSTOMER, roleArns: roles.toReversed(), externalId: "customer-17" },
      { accountId: CUSTOMER2, roleArns: [customerRoleIn(CUSTOMER2)], externalId: undefined },
    ]);
    expect(roles).to.deep.equal([role("b"), role("a")]);
  });

  const refused: Readonly<Record<string, readonly [customers: readonly Customer[], sentence: string]>> = {
    "one that has no account": [
      [{ accountId: "1" }],
      'the customers[0].accountId is "1", but an AWS account has 12 digits: set all of them, in quotes where the file ' +
        "is edited by hand, or leading zeros get lost.",
    ],
    "one account twice": [
      [{ accountId: CUSTOMER2 }, { accountId: CUSTOMER }, { accountId: CUSTOMER }],
      `the customers[2].accountId is "${CUSTOMER}", but so is the customers[1].accountId: list the account once, with ` +
        "all its roleArns.",
    ],
    "the partner itself": [
      [{ accountId: PARTNER }],
      `the customers[0].accountId is "${PARTNER}", but that is the partner's own account: a customer is another ` +
        "account, give its number.",
    ],
    "an external id that STS refuses": [
      [{ accountId: CUSTOMER, externalId: "a" }],
      'the customers[0].externalId is "a", but STS wants 2 to 1224 letters, digits and _+=,.@:/- in an external id: set ' +
        "the one that both sides agreed on.",
    ],
    "no role": [
      [{ accountId: CUSTOMER, roleArns: [] }],
      "the customers[0].roleArns is [], but then nobody is trusted: give a role, or leave it out.",
    ],
    "a role of another customer": [
      [{ accountId: CUSTOMER, roleArns: [role("a"), role("a", CUSTOMER2)] }],
      `the customers[0].roleArns[1] is "${role("a", CUSTOMER2)}", but that role isn't in account ${CUSTOMER}: give one ` +
        "of this customer's.",
    ],
    "a role that can't be trusted": [
      [{ accountId: CUSTOMER, roleArns: [role("*")] }],
      `the customers[0].roleArns[0] is "${role("*")}", but a wildcard would let in roles that nobody named: give the ` +
        "ARN of one role.",
    ],
    "a role twice": [
      [{ accountId: CUSTOMER, roleArns: [role("a"), role("b"), role("a")] }],
      `the customers[0].roleArns[2] is "${role("a")}", but the list has it already: remove one of the two.`,
    ],
  };
  for (const [what, [customers, sentence]] of Object.entries(refused))
    it(`aren't ${what}`, () => {
      expect(() => trustedCustomers(customers, HERE, naming)).to.throw(sentence);
    });

  it("aren't more roles than a trust policy holds", () => {
    const roleArns = Array.from({ length: 30 }, (_, index) => role(`line-${index}-${"x".repeat(40)}`));
    expect(() => trustedCustomers([{ accountId: CUSTOMER, roleArns }], HERE, naming)).to.throw(
      /^the customers\[0\]\.roleArns is \[.*, but with it the trust policy of account \d{12} has \d{4} characters/,
    );
  });
});

describe("what a customer's trust and its policy say", () => {
  it("is that its roles, named whole, may come from its account, with the external id where there is one", () => {
    const trust = (externalId: string | undefined) =>
      publishTrust({
        customerAccountId: CUSTOMER,
        roleArns: [customerRoleIn(CUSTOMER)],
        partition: "aws-cn",
        externalId,
      });
    const statement = {
      Effect: "Allow",
      Principal: { AWS: `arn:aws-cn:iam::${CUSTOMER}:root` },
      Action: "sts:AssumeRole",
    };
    const ArnEquals = { "aws:PrincipalArn": [customerRoleIn(CUSTOMER)] };
    expect(trust(undefined)).to.deep.equal({
      Version: "2012-10-17",
      Statement: [{ ...statement, Condition: { ArnEquals } }],
    });
    expect(trust("customer-17").Statement).to.deep.equal([
      { ...statement, Condition: { ArnEquals, StringEquals: { "sts:ExternalId": "customer-17" } } },
    ]);
  });

  it("is its own topics alone, and a denial of everything while it is disabled", () => {
    const policy = (disabled: boolean, basicIngestRule?: string) =>
      publishPolicy({
        ...{ partner: HERE, customerAccountId: CUSTOMER, operations: ["delete_thing"], disabled, basicIngestRule },
      }).Statement;
    const topic = `cross_account_hooks/${CUSTOMER}/delete_thing`;
    const publish = (...topics: string[]) => ({
      ...{ Sid: "PublishOperations", Effect: "Allow", Action: "iot:Publish" },
      Resource: topics.map((of) => `arn:aws:iot:us-east-1:${PARTNER}:topic/${of}`),
    });
    expect(policy(false)).to.deep.equal([publish(topic)]);
    expect(policy(true, "hooks")).to.deep.equal([
      publish(topic, `$aws/rules/hooks/${topic}`),
      { Sid: "CustomerDisabled", Effect: "Deny", Action: "*", Resource: "*" },
    ]);
  });
});

describe("a customer that is disabled", () => {
  const naming = (argument: string) => `${argument} of this test`;
  const check = (...disabled: string[]) => {
    checkDisabled(disabled, [{ accountId: CUSTOMER }, { accountId: PARTNER }], naming);
  };
  it("has to be one, so that a slip of the pen doesn't leave one enabled", () => {
    expect(() => {
      check();
      check(CUSTOMER, PARTNER);
    }).to.not.throw();
    expect(() => {
      check(CUSTOMER, CUSTOMER2);
    }).to.throw(
      /^disabledCustomers\[1\] of this test is "\d{12}", but none of the customers has this account: correct/,
    );
  });
});
