// The partner's tables: the device registry, and what it means to have none; the customers.
import { expect } from "chai";
import { type Inputs, inputsOf, made, resourceOf } from "../harness/run-stack.ts";
import { PARTNER, runPartner } from "../harness/stacks.ts";

const TABLE = "aws:dynamodb/table:Table";
const FUNCTION = "aws:lambda/function:Function";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";

for (const preview of [false, true]) {
  describe(`the partner's device registry (${preview ? "preview" : "up"})`, () => {
    it("is a table on demand, restorable, protected, from which tombstones expire", async () => {
      const { resources } = await runPartner({}, { preview });
      expect(inputsOf(resources, TABLE, "iot-hooks-registry")).to.deep.equal({
        billingMode: "PAY_PER_REQUEST",
        hashKey: "subject",
        attributes: [{ name: "subject", type: "S" }],
        ttl: { attributeName: "expiresAt", enabled: true },
        pointInTimeRecovery: { enabled: true },
        deletionProtectionEnabled: true,
      });
    });

    it("isn't protected where it has to go with its stack", async () => {
      const { resources } = await runPartner({ keepOnDestroy: "false" }, { preview });
      expect(inputsOf(resources, TABLE, "iot-hooks-registry")).to.include({ deletionProtectionEnabled: false });
    });

    it("is there before the function is, which may write its items and nothing else", async () => {
      const { resources, outputs } = await runPartner({}, { preview });
      expect(made(resourceOf(resources, FUNCTION).after)).to.include("iot-hooks-registry Table");
      const { variables } = inputsOf(resources, FUNCTION).environment as { variables: Inputs };
      expect(variables).to.include({ REGISTRY_TABLE: "iot-hooks-registry-1234567" });
      expect(outputs.registryTableName).to.equal("iot-hooks-registry-1234567");
      const { policy } = inputsOf(resources, ROLE_POLICY, "iot-hooks-receive");
      const statements = (policy as { Statement: Inputs[] }).Statement;
      expect(statements.filter(({ Resource }) => JSON.stringify(Resource).includes("registry"))).to.deep.equal([
        {
          Sid: "KeepDeviceRegistry",
          Effect: "Allow",
          Action: ["dynamodb:DeleteItem", "dynamodb:UpdateItem"],
          Resource: `arn:aws:dynamodb:us-east-1:${PARTNER}:table/iot-hooks-registry-1234567`,
        },
      ]);
    });

    it("is left out, with all that belongs to it, where nobody wants one", async () => {
      const { resources, outputs } = await runPartner({ registry: "false" }, { preview });
      expect(made(resources).filter((name) => name.endsWith(" Table"))).to.deep.equal(["iot-hooks-customers Table"]);
      expect(outputs).to.not.have.property("registryTableName");
      expect(inputsOf(resources, FUNCTION).environment).to.not.have.nested.property("variables.REGISTRY_TABLE");
      expect(JSON.stringify(inputsOf(resources, ROLE_POLICY, "iot-hooks-receive"))).to.not.include("registry");
    });
  });

  describe(`the partner's customers (${preview ? "preview" : "up"})`, () => {
    it("are a table on demand, restorable, which goes with the stack: each customer's own stack knows its item", async () => {
      const { resources } = await runPartner({}, { preview });
      expect(inputsOf(resources, TABLE, "iot-hooks-customers")).to.deep.equal({
        billingMode: "PAY_PER_REQUEST",
        hashKey: "accountId",
        attributes: [{ name: "accountId", type: "S" }],
        pointInTimeRecovery: { enabled: true },
        deletionProtectionEnabled: false,
      });
    });

    it("are there before the function is, which may look for one, and neither list nor write them", async () => {
      const { resources } = await runPartner({}, { preview });
      expect(made(resourceOf(resources, FUNCTION).after)).to.include("iot-hooks-customers Table");
      const { policy } = inputsOf(resources, ROLE_POLICY, "iot-hooks-receive");
      const statements = (policy as { Statement: Inputs[] }).Statement;
      const theirs = statements.filter(({ Resource }) => JSON.stringify(Resource).includes("customers"));
      expect(theirs.map(({ Action }) => Action as string)).to.deep.equal(["dynamodb:GetItem"]);
    });
  });
}
