// The components as another program uses them: arguments as they come, plain or not, and nothing but what they say.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { CustomerHooks, type CustomerHooksArgs } from "../../customer/customer-hooks.ts";
import { PartnerHooks, type PartnerHooksArgs } from "../../partner/partner-hooks.ts";
import { type Recorded, inputsOf, made, runStack } from "../harness/run-stack.ts";
import { CUSTOMER, CUSTOMER2, PARTNER, invokes, runCustomer, runPartner } from "../harness/stacks.ts";

const ROLE = "aws:iam/role:Role";
const provider = (name: string, accountId: string) =>
  new aws.Provider(name, { allowedAccountIds: [accountId], region: "us-east-1" });
const customerHooks = (args: CustomerHooksArgs, name = "iot-hooks") =>
  new CustomerHooks(name, args, { provider: provider(`${name}-customer`, CUSTOMER) });
const partnerHooks = (args: PartnerHooksArgs, name = "iot-hooks") =>
  new PartnerHooks(name, args, { provider: provider(`${name}-partner`, PARTNER) });

/** What is made on AWS, without the archives, which compare by their promises. */
const onAws = (resources: readonly Recorded[]) =>
  resources
    .filter(({ account }) => account)
    .map(({ type, name, inputs: { code: _, ...inputs }, account, options }) => ({
      ...{ type, name, inputs, account, options },
    }));

/** Each argument as what it would be if another resource made it: an output, or a promise. */
const later = <T>(value: T): pulumi.Output<T> => pulumi.output(Promise.resolve(value)) as pulumi.Output<T>;

for (const preview of [false, true]) {
  const run = <O>(program: () => O) =>
    runStack(() => Promise.resolve(program()), { project: "adopter", preview, invokes });

  describe(`CustomerHooks in another program (${preview ? "preview" : "up"})`, () => {
    it("needs the partner's account only, and makes what the ready-made project makes", async () => {
      const project = await runCustomer({}, { preview });
      const { resources, outputs } = await run(() => customerHooks({ partnerAccountId: PARTNER }).outputs);
      expect(onAws(resources)).to.have.deep.members(onAws(project.resources));
      expect(outputs).to.deep.equal(project.outputs);
    });

    it("takes every argument as an output, and makes of it what a plain one makes", async () => {
      const config = {
        ...{
          partnerRegion: "eu-west-1",
          stsRegion: "eu-west-2",
          partnerDataEndpoint: "a-ats.iot.eu-west-1.amazonaws.com",
        },
        ...{ externalId: "customer-17", nameSuffix: "line-2", partnerNameSuffix: "eu", architecture: "x86_64" },
      };
      const operations = ["delete_thing", "create_thing"];
      const project = await runCustomer(
        { ...config, operations: JSON.stringify(operations), createTrail: "true" },
        { preview },
      );
      const { resources, outputs } = await run(() => {
        const args = Object.fromEntries(Object.entries(config).map(([key, value]) => [key, later(value)]));
        return customerHooks({
          ...args,
          partnerAccountId: Promise.resolve(PARTNER),
          accountId: later(CUSTOMER),
          region: later("us-east-1"),
          operations: later(operations),
          createTrail: true,
        }).outputs;
      });
      expect(onAws(resources)).to.have.deep.members(onAws(project.resources));
      expect(outputs).to.deep.equal(project.outputs);
    });

    it("stands twice in one program, its parts named after it", async () => {
      const { resources } = await run(() => [
        customerHooks({ partnerAccountId: PARTNER }, "one").outputs,
        customerHooks({ partnerAccountId: CUSTOMER2 }, "two").outputs,
      ]);
      const names = made(resources);
      expect(new Set(names)).to.have.lengthOf(names.length);
      for (const name of names) expect(name).to.match(/^(?:\/aws\/lambda\/)?(?:one|two)-/);
    });

    it("names the function after its log group, where one looks for it", async () => {
      const { outputs } = await run(() => customerHooks({ partnerAccountId: PARTNER }, "fleet").outputs);
      expect(outputs.functionName).to.match(/^fleet-announce-/);
      expect(outputs.logGroupName).to.equal(`/aws/lambda/${outputs.functionName}`);
    });
  });

  describe(`PartnerHooks in another program (${preview ? "preview" : "up"})`, () => {
    it("needs a customer's account only, and trusts the role that the contract names there", async () => {
      const roleArn = `arn:aws:iam::${CUSTOMER}:role/publish-to-partner-role-${PARTNER}`;
      const project = await runPartner({ customers: JSON.stringify([roleArn]) }, { preview });
      const { resources, outputs } = await run(() => partnerHooks({ customers: [{ accountId: CUSTOMER }] }).outputs);
      expect(onAws(resources)).to.have.deep.members(onAws(project.resources));
      expect(outputs).to.deep.equal(project.outputs);
    });

    it("takes every argument as an output, but for the customers' accounts", async () => {
      const roles = ["", "-line-2"].map(
        (end) => `arn:aws:iam::${CUSTOMER}:role/publish-to-partner-role-${PARTNER}${end}`,
      );
      const topicArn = `arn:aws:sns:us-east-1:${PARTNER}:on-call`;
      const project = await runPartner(
        {
          ...{ customers: JSON.stringify(roles), externalIds: JSON.stringify({ [CUSTOMER]: "customer-17" }) },
          ...{ operations: '["update_thing"]', nameSuffix: "eu", debug: "false", publishTopics: '["fleet/*"]' },
          ...{ architecture: "x86_64", senderCheck: "enforce" },
          ...{ disabledCustomers: JSON.stringify([CUSTOMER]), reservedConcurrency: "7", alarmTopicArn: topicArn },
        },
        { preview },
      );
      const { resources, outputs } = await run(
        () =>
          partnerHooks({
            ...{ disabledCustomers: [later(CUSTOMER)], reservedConcurrency: later(7), alarmTopicArn: later(topicArn) },
            ...{ accountId: later(PARTNER), region: later("us-east-1"), operations: [later("update_thing")] },
            ...{ nameSuffix: later("eu"), debug: later(false), publishTopics: later(["fleet/*"]) },
            ...{ architecture: later("x86_64"), senderCheck: later("enforce") },
            customers: [{ accountId: CUSTOMER, roleArns: roles.map(later), externalId: later("customer-17") }],
          }).outputs,
      );
      expect(onAws(resources)).to.have.deep.members(onAws(project.resources));
      expect(outputs).to.deep.equal(project.outputs);
    });

    it("makes the same of its customers in any order", async () => {
      const accounts = [CUSTOMER2, CUSTOMER].map((accountId) => ({ accountId }));
      const one = await run(() => partnerHooks({ customers: accounts }).outputs);
      const other = await run(() => partnerHooks({ customers: accounts.toReversed() }).outputs);
      expect(onAws(one.resources)).to.deep.equal(onAws(other.resources));
    });

    it("gives its outputs to CustomerHooks in the same program", async () => {
      const { resources, outputs } = await run(() => {
        const partner = partnerHooks({ customers: [{ accountId: CUSTOMER }] });
        const customer = customerHooks({
          partnerAccountId: partner.accountId,
          partnerRegion: partner.region,
          partnerDataEndpoint: partner.dataEndpoint,
        });
        return { partner: partner.outputs, customer: customer.outputs };
      });
      expect(outputs.customer.publishRoleArn).to.equal(outputs.partner.publishRoleArns[CUSTOMER]);
      const trust = JSON.stringify(inputsOf(resources, ROLE, `iot-hooks-publish-${CUSTOMER}`).assumeRolePolicy);
      expect(trust).to.include(outputs.customer.roleArn);
    });
  });
}
