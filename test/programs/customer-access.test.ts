// A customer with a stack of its own at the partner: as small as it is with one customer, and the same that an entry of
// the hub's list makes.
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { customerAccessProgram } from "../../partner/customer/program.ts";
import { CustomerAccess, type Hub } from "../../partner/partner-hooks.ts";
import { accountProvider } from "../../shared/provider.ts";
import { type Inputs, type Recorded, inputsOf, made, refusal, resourceOf, runStack } from "../harness/run-stack.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  CUSTOMER_STACK,
  HUB_OUTPUTS,
  HUB_STACK,
  PARTNER,
  accessOptions,
  customerRoleIn,
  runAccess,
  runPartner,
} from "../harness/stacks.ts";

const PUBLISH = `iot-hooks-publish-${CUSTOMER}`;
const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const ITEM = "aws:dynamodb/tableItem:TableItem";
const hubOf = (more: Partial<Hub>) => ({
  stackOutputs: { [HUB_STACK]: { ...HUB_OUTPUTS, hub: { ...HUB_OUTPUTS.hub, ...more } } },
});
const ofCustomer = (resources: readonly Recorded[]) =>
  [ROLE, ROLE_POLICY, ITEM].map((type) => inputsOf(resources, type, PUBLISH));

for (const preview of [false, true])
  describe(`a customer's own stack at the partner (${preview ? "preview" : "up"})`, () => {
    it("makes a role, its policy and an item, in the hub's account and Region, and nothing else", async () => {
      const { resources, outputs } = await runAccess({ "aws:profile": "saas" }, { preview });
      expect(made(resources)).to.have.members([`${PUBLISH} Role`, `${PUBLISH} TableItem`, `${PUBLISH} RolePolicy`]);
      for (const { account } of resources.filter(({ type }) => type.startsWith("aws:")))
        expect(account).to.deep.equal({ accountId: PARTNER, region: "us-east-1" });
      expect(inputsOf(resources, "pulumi:providers:aws")).to.include({ profile: "saas" });
      expect(outputs).to.deep.equal({
        customerAccountId: CUSTOMER,
        publishRoleArn: `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}`,
      });
    });

    it("makes of it exactly what the hub makes of an entry in its own list", async () => {
      const roles = [customerRoleIn(CUSTOMER), customerRoleIn(CUSTOMER, "-line-2")];
      const listed = await runPartner(
        {
          customers: JSON.stringify(roles),
          externalIds: JSON.stringify({ [CUSTOMER]: "customer-17" }),
          operations: '["create_thing","delete_thing"]',
          nameSuffix: "eu",
          basicIngest: "true",
          permissionsBoundaryArn: `arn:aws:iam::${PARTNER}:policy/boundary`,
          disabledCustomers: JSON.stringify([CUSTOMER]),
        },
        { preview },
      );
      const apart = await runAccess(
        { roles: JSON.stringify(roles), externalId: "customer-17", disabled: "true" },
        { preview, stackOutputs: { [HUB_STACK]: listed.outputs } },
      );
      expect(ofCustomer(apart.resources)).to.deep.equal(ofCustomer(listed.resources));
    });

    it("lets it publish when the function can find it", async () => {
      const { resources } = await runAccess({}, { preview });
      expect(made(resourceOf(resources, ROLE_POLICY, PUBLISH).after)).to.include(`${PUBLISH} TableItem`);
    });

    it("reads the customer's role from the customer's stack where that is named", async () => {
      const { resources } = await runAccess(
        { roles: JSON.stringify([CUSTOMER_STACK]) },
        {
          preview,
          stackOutputs: {
            [HUB_STACK]: HUB_OUTPUTS,
            [CUSTOMER_STACK]: { contractVersion: 1, roleArn: customerRoleIn(CUSTOMER) },
          },
        },
      );
      expect(JSON.stringify(inputsOf(resources, ROLE, PUBLISH))).to.include(customerRoleIn(CUSTOMER));
    });
  });

describe("a customer's own stack at the partner refuses", () => {
  const KEY = "iot-hooks-partner-customer";
  const refused: readonly (readonly [string, Parameters<typeof accessOptions>, string])[] = [
    ["no hub", [{ hub: "" }], `${KEY}:hub is not set: run "pulumi config set ${KEY}:hub`],
    ["a hub that is no stack's name", [{ hub: "prod" }], `${KEY}:hub is "prod", but that is no name of a stack`],
    [
      "a hub that isn't there",
      [{ hub: "organization/iot-hooks-partner/x" }],
      "but that stack can't be read: deploy it",
    ],
    [
      "a stack that is no hub",
      [{}, { stackOutputs: { [HUB_STACK]: { contractVersion: 1 } } }],
      `output hub of ${HUB_STACK}`,
    ],
    [
      "a hub of another version of the contract",
      [{}, hubOf({ contractVersion: 2 })],
      `output hub.contractVersion of ${HUB_STACK} is 2, but this program speaks version 1`,
    ],
    ["no roles", [{ roles: "[]" }], `${KEY}:roles is not set: run "pulumi config set --path '${KEY}:roles[0]'`],
    [
      "roles of two customers",
      [{ roles: JSON.stringify([CUSTOMER, CUSTOMER2].map((account) => customerRoleIn(account))) }],
      `${KEY}:roles[1] is "${customerRoleIn(CUSTOMER2)}", but that is of account ${CUSTOMER2}`,
    ],
    [
      "a role of the partner's own account",
      [{ roles: JSON.stringify([customerRoleIn(PARTNER)]) }],
      `${KEY}:roles[0] is "${customerRoleIn(PARTNER)}", but that is a role of the partner's own account`,
    ],
  ];
  for (const [what, options, words] of refused)
    it(what, async () => {
      const { message, resources } = await refusal(customerAccessProgram, accessOptions(...options));
      expect(message).to.include(words);
      expect(made(resources)).to.deep.equal([]);
    });
});

describe("CustomerAccess in somebody's own program", () => {
  const run = (args: object) => () => {
    const provider = accountProvider("partner", { accountId: PARTNER, region: "us-east-1" });
    const hub = pulumi.output(HUB_OUTPUTS.hub);
    return Promise.resolve(new CustomerAccess("acme", { hub, accountId: CUSTOMER, ...args }, { provider }).outputs);
  };

  it("takes the role that the contract names where none is given", async () => {
    const { resources } = await runStack(run({}), { project: "own", config: {} });
    const { assumeRolePolicy } = inputsOf(resources, ROLE, `acme-publish-${CUSTOMER}`);
    expect(((assumeRolePolicy as Inputs).Statement as Inputs[])[0]?.Condition).to.deep.equal({
      ArnEquals: { "aws:PrincipalArn": [customerRoleIn(CUSTOMER)] },
    });
  });

  for (const [args, words] of [
    [{ accountId: "1" }, 'accountId of CustomerAccess "acme" is "1", but an AWS account has 12 digits'],
    [
      { accountId: PARTNER },
      `accountId of CustomerAccess "acme" is "${PARTNER}", but that is the partner's own account`,
    ],
    [{ roleArns: ["x"] }, 'roleArns[0] of CustomerAccess "acme" is "x", but that is no ARN of a role'],
    [{ externalId: "" }, 'externalId of CustomerAccess "acme" is ""'],
    [{ disabled: "yes" }, 'disabled of CustomerAccess "acme" is "yes", but it can only be true or false'],
    [{ hub: {} }, 'hub.contractVersion of CustomerAccess "acme" '],
  ] as const)
    it(`refuses ${JSON.stringify(args)} in one sentence`, async () => {
      const { message, resources } = await refusal(run(args), { project: "own", config: {} });
      expect(message).to.include(words);
      expect(made(resources)).to.deep.equal([]);
    });
});
