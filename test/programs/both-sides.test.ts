// What the two stacks agree on without telling each other, and what the root project makes of both.
import { expect } from "chai";
import { type Inputs, type Recorded, inputsOf, made } from "../harness/run-stack.ts";
import { CUSTOMER, PARTNER, runBoth, runCustomer, runPartner, runRoot } from "../harness/stacks.ts";

const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const FUNCTION = "aws:lambda/function:Function";
const PUBLISH = `iot-hooks-publish-${CUSTOMER}`;
const ALL = '["create_thing","delete_thing"]';

const variables = (resources: readonly Recorded[], name?: string) =>
  (inputsOf(resources, FUNCTION, name).environment as Inputs).variables as Inputs;
const firstStatement = (policy: unknown) => ((policy as Inputs).Statement as Inputs[])[0] ?? {};

for (const preview of [false, true]) {
  describe(`customer and partner together (${preview ? "preview" : "up"})`, () => {
    const suffixes = {
      customer: { nameSuffix: "line-2", partnerNameSuffix: "eu", externalId: "customer-17", operations: ALL },
      partner: { nameSuffix: "eu", externalIds: `{"${CUSTOMER}":"customer-17"}`, operations: ALL },
    };

    it("the role that the customer assumes is the one that the partner makes", async () => {
      const { customer, partner } = await runBoth(suffixes.customer, suffixes.partner, { preview });
      const made = partner.outputs.publishRoleArns[CUSTOMER];
      expect(variables(customer.resources).PARTNER_ROLE_ARN).to.equal(made);
      const policy = inputsOf(customer.resources, ROLE_POLICY).policy as unknown;
      expect(firstStatement(policy)).to.include({ Action: "sts:AssumeRole", Resource: made });
    });

    it(
      "the role that the partner trusts is the one that the customer's function runs as, with the same " +
        "external id",
      async () => {
        const { customer, partner } = await runBoth(suffixes.customer, suffixes.partner, { preview });
        const trust = inputsOf(partner.resources, ROLE, PUBLISH).assumeRolePolicy as unknown;
        const roleArn = inputsOf(customer.resources, FUNCTION).role as string;
        expect(firstStatement(trust)).to.deep.include({
          Principal: { AWS: `arn:aws:iam::${CUSTOMER}:root` },
          Condition: {
            ArnEquals: { "aws:PrincipalArn": [roleArn] },
            StringEquals: { "sts:ExternalId": variables(customer.resources).EXTERNAL_ID as string },
          },
        });
      },
    );

    it("the partner's output is what the customer takes as its partnerDataEndpoint", async () => {
      const { partner } = await runBoth({}, {}, { preview });
      const { resources } = await runCustomer({ partnerDataEndpoint: partner.outputs.dataEndpoint }, { preview });
      expect(variables(resources).PARTNER_DATA_ENDPOINT).to.equal(partner.outputs.dataEndpoint);
    });

    it("nothing changes at the partner's when it names the customer's role instead of its stack", async () => {
      const byStack = await runBoth({}, {}, { preview });
      const byArn = await runPartner({ customers: JSON.stringify([byStack.customer.outputs.roleArn]) }, { preview });
      const inputs = (resources: readonly Recorded[]) =>
        resources.filter(({ type }) => /^aws:(?!lambda)/.test(type)).map((one) => [one.name, one.type, one.inputs]);
      expect(inputs(byArn.resources)).to.have.deep.members(inputs(byStack.partner.resources));
    });

    it(
      "nothing at the partner's is bound to the one role that exists now, so that a re-created one is " + "trusted too",
      async () => {
        const { partner } = await runBoth({}, {}, { preview });
        const text = JSON.stringify(inputsOf(partner.resources, ROLE, PUBLISH));
        expect(text).to.not.match(/"AWS":"[^"]*role/);
        expect(text).to.not.include("AROA");
      },
    );
  });

  describe(`the root project (${preview ? "preview" : "up"})`, () => {
    const run = (config?: Record<string, string>) => runRoot(config, { preview });

    it("has the customer publish straight to the partner's rule with basicIngest, which its role may then", async () => {
      const { resources } = await run({ basicIngest: "true" });
      const rule = inputsOf(resources, "aws:iot/topicRule:TopicRule").name as string;
      expect(variables(resources, "iot-hooks-announce").PARTNER_TOPIC_RULE).to.equal(rule);
      const { Resource } = firstStatement(inputsOf(resources, ROLE_POLICY, PUBLISH).policy);
      expect(Resource).to.include(
        `arn:aws:iot:us-east-1:${PARTNER}:topic/$aws/rules/${rule}/cross_account_hooks/${CUSTOMER}/create_thing`,
      );
    });

    for (const [what, config, level] of [
      ["no lines of Lambda's own of what ends well, by default", {}, "WARN"],
      ["Lambda's own lines of what ends well with systemLogLevel INFO", { systemLogLevel: "INFO" }, "INFO"],
    ] as const)
      it(`writes ${what}, on either side`, async () => {
        const { resources } = await run(config);
        for (const name of ["iot-hooks-announce", "iot-hooks-receive"])
          expect((inputsOf(resources, FUNCTION, name).loggingConfig as Inputs).systemLogLevel, name).to.equal(level);
      });

    it("makes what the two projects make, each side in its own account", async () => {
      const { customer, partner } = await runBoth({ createTrail: "true" }, {}, { preview });
      const { resources } = await run({ createTrail: "true" });
      const inAccount = (id: string) => made(resources.filter(({ account }) => account?.accountId === id));
      expect(inAccount(CUSTOMER)).to.have.members(made(customer.resources));
      expect(inAccount(PARTNER)).to.have.members(made(partner.resources));
    });

    it("gives them the same policies as the two projects", async () => {
      const { customer, partner } = await runBoth({ operations: ALL }, { operations: ALL }, { preview });
      const { resources } = await run({ operations: ALL });
      for (const { type, name, inputs } of [...customer.resources, ...partner.resources]) {
        if (type === ROLE || type === ROLE_POLICY) expect(inputsOf(resources, type, name)).to.deep.equal(inputs);
      }
    });

    it("uses one profile for each account, and refuses to mix them up", async () => {
      const { resources } = await run({ customerProfile: "factory", partnerProfile: "saas" });
      expect(inputsOf(resources, "pulumi:providers:aws", "customer")).to.include({
        profile: "factory",
        allowedAccountIds: `["${CUSTOMER}"]`,
      });
      expect(inputsOf(resources, "pulumi:providers:aws", "partner")).to.include({
        profile: "saas",
        allowedAccountIds: `["${PARTNER}"]`,
      });
    });

    it("has the customer's function publish to the endpoint that AWS gives the partner", async () => {
      const { resources, outputs } = await run({ partnerRegion: "eu-west-1" });
      expect(outputs.partner.dataEndpoint).to.equal("a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com");
      expect(variables(resources, "iot-hooks-announce")).to.include({
        PARTNER_DATA_ENDPOINT: outputs.partner.dataEndpoint,
        PARTNER_REGION: "eu-west-1",
        STS_REGION: "eu-west-1",
      });
    });

    it("tells the partner's function what to make of other senders, by default to observe them", async () => {
      for (const [config, check] of [[{}, "observe"] as const, [{ senderCheck: "enforce" }, "enforce"] as const]) {
        const { resources } = await run(config);
        expect(variables(resources, "iot-hooks-receive")).to.include({ SENDER_CHECK: check });
      }
    });

    it("runs both functions on the architecture that is set, by default on arm64", async () => {
      for (const [config, architecture] of [[{}, "arm64"] as const, [{ architecture: "x86_64" }, "x86_64"] as const]) {
        const { resources } = await run(config);
        for (const name of ["iot-hooks-announce", "iot-hooks-receive"]) {
          expect(inputsOf(resources, FUNCTION, name).architectures, name).to.deep.equal([architecture]);
        }
      }
    });

    it("puts each side's boundary on every role of that side, and on no other", async () => {
      const boundaries = async (config: Record<string, string>) => {
        const { resources } = await run(config);
        return new Set(
          resources
            .filter(({ type }) => type === ROLE)
            .map(({ account, inputs }) => `${account?.accountId ?? ""} ${String(inputs.permissionsBoundary)}`),
        );
      };
      const [ours, theirs] = [CUSTOMER, PARTNER].map((account) => `arn:aws:iam::${account}:policy/limits/boundary`);
      expect(await boundaries({})).to.deep.equal(new Set([`${CUSTOMER} undefined`, `${PARTNER} undefined`]));
      expect(
        await boundaries({
          customerPermissionsBoundaryArn: ours ?? "",
          partnerPermissionsBoundaryArn: theirs ?? "",
        }),
      ).to.deep.equal(new Set([`${CUSTOMER} ${ours}`, `${PARTNER} ${theirs}`]));
    });

    it("puts each side into its own Region", async () => {
      const { outputs } = await run({ "aws:region": "us-west-2", partnerRegion: "eu-west-1" });
      expect([outputs.customer.region, outputs.partner.region]).to.deep.equal(["us-west-2", "eu-west-1"]);
    });

    it("has both sides agree on suffixes and external id, each said once", async () => {
      const { resources, outputs } = await run({ customerNameSuffix: "c", partnerNameSuffix: "p", externalId: "both" });
      expect(outputs.customer.publishRoleArn).to.equal(outputs.partner.publishRoleArns[CUSTOMER]);
      expect(outputs.customer.publishRoleArn).to.match(/-p$/);
      const trust = inputsOf(resources, ROLE, PUBLISH).assumeRolePolicy as unknown;
      expect(firstStatement(trust).Condition).to.deep.equal({
        ArnEquals: { "aws:PrincipalArn": [outputs.customer.roleArn] },
        StringEquals: { "sts:ExternalId": "both" },
      });
      expect(variables(resources, "iot-hooks-announce").EXTERNAL_ID).to.equal("both");
    });
  });
}
