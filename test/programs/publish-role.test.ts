// A customer at the partner: its publish role, whom that trusts and what it may do, and its item.
import { expect } from "chai";
import { CREATED, uniqueIdOf } from "../harness/aws-outputs.ts";
import { type Inputs, type Recorded, inputsOf } from "../harness/run-stack.ts";
import { CUSTOMER, CUSTOMER2, PARTNER, customerRoleIn as customerRole, runPartner } from "../harness/stacks.ts";
import { ROLE, ROLE_POLICY, ITEM, PUBLISH, customers, topic, statements, allBut } from "./partner.ts";

for (const preview of [false, true]) {
  describe(`a customer at the partner (${preview ? "preview" : "up"})`, () => {
    const run = (config: Record<string, string> = {}) => runPartner(config, { preview });

    it("trusts the customer's role by its name, as a condition on its account", async () => {
      const { resources } = await run(customers(customerRole(CUSTOMER)));
      expect(inputsOf(resources, ROLE, PUBLISH)).to.deep.equal({
        name: `publish-from-customer-role-${CUSTOMER}`,
        description: `Lets customer ${CUSTOMER} announce its things`,
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { AWS: `arn:aws:iam::${CUSTOMER}:root` },
              Action: "sts:AssumeRole",
              Condition: { ArnEquals: { "aws:PrincipalArn": [customerRole(CUSTOMER)] } },
            },
          ],
        },
      });
    });

    it("asks a customer for its external id where one is configured, and others for none", async () => {
      const { resources } = await run({
        ...customers(customerRole(CUSTOMER), customerRole(CUSTOMER2)),
        externalIds: JSON.stringify({ [CUSTOMER]: "customer-17" }),
      });
      const condition = (account: string) => {
        const { assumeRolePolicy } = inputsOf(resources, ROLE, `iot-hooks-publish-${account}`);
        return ((assumeRolePolicy as Inputs).Statement as Inputs[])[0]?.Condition as Inputs;
      };
      expect(condition(CUSTOMER).StringEquals).to.deep.equal({ "sts:ExternalId": "customer-17" });
      expect(condition(CUSTOMER2)).to.not.have.property("StringEquals");
    });

    it("trusts several roles of one account with one publish role, in an order of its own", async () => {
      const roles = [customerRole(CUSTOMER, "-line-2"), customerRole(CUSTOMER)];
      const { resources } = await run(customers(...roles));
      const trusted = (inputs: Inputs) =>
        ((inputs.assumeRolePolicy as Inputs).Statement as Inputs[])[0]?.Condition as Inputs;
      expect(trusted(inputsOf(resources, ROLE, PUBLISH))).to.deep.equal({
        ArnEquals: { "aws:PrincipalArn": roles.toReversed() },
      });
    });

    it("ends its roles' names with its suffix, and shows in a preview what customers must set for it", async () => {
      const { resources, outputs } = await run({ ...customers(customerRole(CUSTOMER)), nameSuffix: "eu" });
      expect(outputs.publishRoleArns).to.deep.equal({
        [CUSTOMER]: `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}-eu`,
      });
      const shown = (of: readonly Recorded[]) => inputsOf(of, "iot-hooks:partner:PublishRole");
      expect(shown(resources)).to.deep.equal({ customerMust: 'set partnerNameSuffix to "eu"' });
      expect(shown((await run(customers(customerRole(CUSTOMER)))).resources)).to.deep.equal({
        customerMust: "leave partnerNameSuffix unset",
      });
    });

    it(
      "lets a customer publish its own operations' topics, backfill's with " + "create_thing, and nothing else",
      async () => {
        const { resources } = await run(customers(customerRole(CUSTOMER)));
        expect(inputsOf(resources, ROLE_POLICY, PUBLISH)).to.deep.equal({
          role: `publish-from-customer-role-${CUSTOMER}`,
          policy: {
            Version: "2012-10-17",
            Statement: [
              {
                Sid: "PublishOperations",
                Effect: "Allow",
                Action: "iot:Publish",
                Resource: [
                  topic(`cross_account_hooks/${CUSTOMER}/create_thing`),
                  topic(`cross_account_hooks/${CUSTOMER}/sync_thing`),
                ],
              },
            ],
          },
        });
      },
    );

    it("lets it publish the same straight to the rule where basicIngest is on", async () => {
      const { resources } = await run({ ...customers(customerRole(CUSTOMER)), basicIngest: "true" });
      const published = (operation: string) => `cross_account_hooks/${CUSTOMER}/${operation}`;
      expect(statements(inputsOf(resources, ROLE_POLICY, PUBLISH))[0]?.Resource).to.deep.equal([
        topic(published("create_thing")),
        topic(published("sync_thing")),
        topic(`$aws/rules/iot_hooks_receive/${published("create_thing")}`),
        topic(`$aws/rules/iot_hooks_receive/${published("sync_thing")}`),
      ]);
    });

    it("allows no backfill where creations aren't announced", async () => {
      const { resources } = await run({ ...customers(customerRole(CUSTOMER)), operations: '["delete_thing"]' });
      expect(statements(inputsOf(resources, ROLE_POLICY, PUBLISH))[0]?.Resource).to.deep.equal([
        topic(`cross_account_hooks/${CUSTOMER}/delete_thing`),
      ]);
    });

    it("tells the function of each customer by an item: its role's id, whether it is disabled, since when", async () => {
      const { resources } = await run({
        ...customers(customerRole(CUSTOMER), customerRole(CUSTOMER2)),
        disabledCustomers: JSON.stringify([CUSTOMER2]),
      });
      for (const [account, disabled] of [
        [CUSTOMER, false],
        [CUSTOMER2, true],
      ] as const) {
        const name = `publish-from-customer-role-${account}`;
        const { item, ...rest } = inputsOf(resources, ITEM, `iot-hooks-publish-${account}`);
        expect(rest).to.deep.equal({ tableName: "iot-hooks-customers-1234567", hashKey: "accountId" });
        expect(JSON.parse(item as string)).to.deep.equal({
          accountId: { S: account },
          roleId: { S: uniqueIdOf(name) },
          roleArn: { S: `arn:aws:iam::${PARTNER}:role/${name}` },
          disabled: { BOOL: disabled },
          since: { S: CREATED },
        });
      }
    });

    it("denies a disabled customer everything at once, and leaves all else as it is", async () => {
      const listed = customers(customerRole(CUSTOMER), customerRole(CUSTOMER2));
      const before = await run(listed);
      const { resources } = await run({ ...listed, disabledCustomers: JSON.stringify([CUSTOMER]) });
      const [allowed] = statements(inputsOf(before.resources, ROLE_POLICY, PUBLISH));
      expect(statements(inputsOf(resources, ROLE_POLICY, PUBLISH))).to.deep.equal([
        allowed,
        { Sid: "CustomerDisabled", Effect: "Deny", Action: "*", Resource: "*" },
      ]);
      const changed = ({ type, name }: Recorded) => name === PUBLISH && [ROLE_POLICY, ITEM].includes(type);
      expect(allBut(resources, changed)).to.have.deep.members(allBut(before.resources, changed));
    });
  });
}
