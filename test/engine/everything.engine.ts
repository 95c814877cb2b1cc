// Both sides with everything on that is off by default, and off that is on: deployed without a change afterwards, and
// destroyed without a trace.
import { expect } from "chai";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { CUSTOMER, CUSTOMER2, PARTNER, documentOf } from "embedded-aws/testing";
import { createThing } from "../flow/deployment.ts";
import { Engine, configure, setText } from "./harness.ts";
import { inventory } from "./inventory.ts";
import { CUSTOMER_CONFIG, PARTNER_CONFIG, customer, partner } from "./projects.ts";

const OPERATIONS = ["create_thing", "update_thing", "delete_thing"];
const roleOf = (account: string) => `arn:aws:iam::${account}:role/publish-to-partner-role-${PARTNER}-line`;

describe("both sides in the real engine, with everything on", () => {
  let engine: Engine;
  let theirs: Stack;
  let ours: Stack;
  let empty: Record<string, string[]>;
  const inventories = async () => ({
    customer: await inventory(engine.clients(CUSTOMER)),
    partner: await inventory(engine.clients(PARTNER)),
  });
  /** A boundary that allows everything: what is tested is that it is there, and is let go. */
  async function boundary(account: string): Promise<string> {
    const iam = await engine.clients(account).iam();
    const PolicyDocument = documentOf({ Effect: "Allow", Action: "*", Resource: "*" });
    return (await iam.createPolicy({ PolicyName: "boundary", PolicyDocument })).Policy?.Arn ?? "";
  }
  const shared = async (project: string, account: string) => ({
    [`${project}:permissionsBoundaryArn`]: await boundary(account),
    [`${project}:alarmTopicArn`]: `arn:aws:sns:us-east-1:${account}:on-call`,
    [`${project}:reservedConcurrency`]: "20",
    [`${project}:architecture`]: "x86_64",
    [`${project}:systemLogLevel`]: "WARN",
    [`${project}:keepOnDestroy`]: "false",
    [`${project}:operations`]: OPERATIONS,
  });

  before(async () => {
    engine = await Engine.start();
    empty = await inventories();
    theirs = await engine.stack(customer, {
      ...CUSTOMER_CONFIG,
      ...(await shared("iot-hooks-customer", CUSTOMER)),
      "iot-hooks-customer:reconcile": "rate(1 day)",
      "iot-hooks-customer:externalId": "customer-17",
      "iot-hooks-customer:nameSuffix": "line",
      "iot-hooks-customer:partnerNameSuffix": "eu",
      "iot-hooks-customer:partnerTopicRule": "iot_hooks_receive_eu",
    });
    ours = await engine.stack(partner, {
      ...PARTNER_CONFIG,
      ...(await shared("iot-hooks-partner", PARTNER)),
      "iot-hooks-partner:customers": [roleOf(CUSTOMER), roleOf(CUSTOMER2)],
      "iot-hooks-partner:disabledCustomers": [CUSTOMER2],
      "iot-hooks-partner:nameSuffix": "eu",
      "iot-hooks-partner:basicIngest": "true",
      "iot-hooks-partner:publishTopics": ["fleet/*"],
      "iot-hooks-partner:senderCheck": "enforce",
      "iot-hooks-partner:registry": "false",
    });
    await setText(ours, `iot-hooks-partner:externalIds["${CUSTOMER}"]`, "customer-17");
  });
  after(() => engine.stop());

  it("is deployed, and a thing crosses", async () => {
    await Promise.all([theirs.up(), ours.up()]);
    const [message] = await createThing(engine.running, "lamp");
    expect(message).to.include({ accountId: CUSTOMER, operation: "create_thing", thingName: "lamp" });
  });

  it("shows no change afterwards, refreshed neither", async () => {
    for (const stack of [theirs, ours]) {
      await stack.preview({ expectNoChanges: true });
      await stack.refresh({ expectNoChanges: true });
    }
  });

  it("bounds each role that it makes, and tells the topic of each alarm", async () => {
    for (const account of [CUSTOMER, PARTNER]) {
      const aws = engine.clients(account);
      const { Roles = [] } = await (await aws.iam()).listRoles({});
      for (const { RoleName } of Roles) {
        const { Role } = await (await aws.iam()).getRole({ RoleName });
        expect(Role?.PermissionsBoundary?.PermissionsBoundaryArn, RoleName).to.match(/:policy\/boundary$/);
      }
      const { MetricAlarms = [] } = await (await aws.cloudwatch()).describeAlarms({ MaxRecords: 100 });
      expect(MetricAlarms).to.not.be.empty;
      for (const { AlarmName, AlarmActions } of MetricAlarms)
        expect(AlarmActions, AlarmName).to.deep.equal([`arn:aws:sns:us-east-1:${account}:on-call`]);
    }
  });

  it("keeps a registry once that is on, without a change afterwards", async () => {
    await configure(ours, { "iot-hooks-partner:registry": "true" });
    await ours.up();
    await ours.preview({ expectNoChanges: true });
    await createThing(engine.running, "second-lamp");
    const { registryTableName } = await ours.outputs();
    const dynamodb = await engine.clients(PARTNER).dynamodb();
    const { Count } = await dynamodb.scan({ TableName: registryTableName?.value as string });
    expect(Count).to.equal(1);
  });

  it("leaves nothing at all when it is destroyed: no queue, no table, no letter", async () => {
    const iot = await engine.clients(CUSTOMER).iot();
    for (const thingName of ["lamp", "second-lamp"]) await iot.deleteThing({ thingName });
    await engine.running.cloud.settled();
    await Promise.all([theirs.destroy(), ours.destroy()]);
    expect(await inventories()).to.deep.equal(empty);
    await engine.pluginsEnd();
  });
});
