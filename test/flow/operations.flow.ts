// Every operation, by every trigger and on every way to the partner: it crosses once, and the registry knows it.
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { IoT } from "@aws-sdk/client-iot";
import { expect } from "chai";
import { subscribe } from "embedded-aws";
import { PEM } from "embedded-aws/testing";
import { type OPERATIONS, type Operation, rowOf } from "../../shared/contract/operations.ts";
import { TRIGGERS } from "../../shared/contract/registry-events.ts";
import {
  CUSTOMER,
  DEFAULT_REGION,
  PARTNER,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  roleArnOf,
  startCloud,
  watch,
} from "./deployment.ts";

const arn = (resource: string) => `arn:aws:iot:${DEFAULT_REGION}:${CUSTOMER}:${resource}`;
const [THING, TYPE, GROUP, BILLING] = ["thing/lamp", "thingtype/bulb", "thinggroup/hall", "billinggroup/north"].map(
  arn,
) as [string, string, string, string];
const [thing, type, group] = [{ thingName: "lamp" }, { thingTypeName: "bulb" }, { thingGroupName: "hall" }];
const billing = { billingGroupName: "north" };

/** What the registry says of a subject: its version, where it has one; `gone`. */
type State = number | "there" | "gone";
interface Step {
  readonly call: (iot: IoT, principal: string) => Promise<unknown>;
  readonly subject: string;
  readonly then: State;
}
/** In an order in which each finds what it needs. */
const STEPS: Readonly<Record<Exclude<keyof typeof OPERATIONS, "sync_thing">, Step>> = {
  create_thing_type: { call: (iot) => iot.createThingType(type), subject: TYPE, then: "there" },
  update_thing_type: {
    call: (iot) => iot.updateThingType({ ...type, thingTypeProperties: { thingTypeDescription: "gives light" } }),
    ...{ subject: TYPE, then: "there" },
  },
  create_thing_group: { call: (iot) => iot.createThingGroup(group), subject: GROUP, then: 1 },
  update_thing_group: {
    call: (iot) => iot.updateThingGroup({ ...group, thingGroupProperties: { thingGroupDescription: "long" } }),
    ...{ subject: GROUP, then: 2 },
  },
  create_billing_group: { call: (iot) => iot.createBillingGroup(billing), subject: BILLING, then: 1 },
  update_billing_group: {
    call: (iot) => iot.updateBillingGroup({ ...billing, billingGroupProperties: { billingGroupDescription: "cold" } }),
    ...{ subject: BILLING, then: 2 },
  },
  create_thing: { call: (iot) => iot.createThing(thing), subject: THING, then: 1 },
  update_thing: {
    call: (iot) => iot.updateThing({ ...thing, attributePayload: { attributes: { colour: "blue" } } }),
    ...{ subject: THING, then: 2 },
  },
  add_thing_to_thing_group: {
    call: (iot) => iot.addThingToThingGroup({ ...thing, ...group }),
    ...{ subject: `${THING}#${GROUP}`, then: "there" },
  },
  remove_thing_from_thing_group: {
    call: (iot) => iot.removeThingFromThingGroup({ ...thing, ...group }),
    ...{ subject: `${THING}#${GROUP}`, then: "gone" },
  },
  add_thing_to_billing_group: {
    call: (iot) => iot.addThingToBillingGroup({ ...thing, ...billing }),
    ...{ subject: `${THING}#${BILLING}`, then: "there" },
  },
  remove_thing_from_billing_group: {
    call: (iot) => iot.removeThingFromBillingGroup({ ...thing, ...billing }),
    ...{ subject: `${THING}#${BILLING}`, then: "gone" },
  },
  attach_thing_principal: {
    call: (iot, principal) => iot.attachThingPrincipal({ ...thing, principal }),
    ...{ subject: `${THING}#principal`, then: "there" },
  },
  detach_thing_principal: {
    call: (iot, principal) => iot.detachThingPrincipal({ ...thing, principal }),
    ...{ subject: `${THING}#principal`, then: "gone" },
  },
  delete_thing: { call: (iot) => iot.deleteThing(thing), subject: THING, then: "gone" },
  delete_billing_group: { call: (iot) => iot.deleteBillingGroup(billing), subject: BILLING, then: "gone" },
  delete_thing_group: { call: (iot) => iot.deleteThingGroup(group), subject: GROUP, then: "gone" },
  deprecate_thing_type: { call: (iot) => iot.deprecateThingType(type), subject: TYPE, then: "there" },
  delete_thing_type: { call: (iot) => iot.deleteThingType(type), subject: TYPE, then: "gone" },
};

/** AWS IoT deletes a type five minutes after it was deprecated. */
const WAIT_MS = 6 * 60_000;

for (const trigger of TRIGGERS)
  for (const way of ["the topic", "Basic Ingest"])
    describe(`each operation, by ${trigger} and ${way}`, () => {
      let running: RunningCloud;
      let registryTable: string;
      let principal: string;
      const onTopics: string[] = [];
      const steps = (Object.entries(STEPS) as [Operation, Step][]).filter(
        ([operation]) => trigger !== "registry-events" || rowOf(operation).registryEvent !== undefined,
      );
      before(async () => {
        running = await startCloud();
        const operations = JSON.stringify(steps.map(([operation]) => operation));
        const past = way === "Basic Ingest";
        const partner = await deployPartner(running, [roleArnOf(CUSTOMER)], {
          ...{ operations, basicIngest: String(past) },
        });
        await deployCustomer(running, {
          ...{ operations, trigger, createTrail: String(trigger !== "registry-events") },
          ...(past ? { partnerTopicRule: partner.outputs.ruleName } : {}),
        });
        registryTable = partner.outputs.registryTableName ?? "";
        const at = { account: PARTNER, region: DEFAULT_REGION };
        subscribe(running.cloud, at, "cross_account_hooks/#", ({ topic }) => onTopics.push(topic));
        const iot = new IoT(running.config(CUSTOMER));
        const { certificateArn = "" } = await iot.registerCertificateWithoutCA({ certificatePem: PEM });
        principal = certificateArn;
      });
      after(() => running.endpoint.close());

      async function stateOf(subject: string): Promise<State | undefined> {
        const { Item } = await new DynamoDB(running.config(PARTNER)).getItem({
          TableName: registryTable,
          Key: { subject: { S: subject.replace("#principal", `#${principal}`) } },
        });
        if (Item === undefined) return undefined;
        if (Item["deleted"]?.BOOL === true) return "gone";
        return Item["version"]?.N === undefined ? "there" : Number(Item["version"].N);
      }

      for (const [operation, { call, subject, then }] of steps)
        it(operation, async () => {
          if (operation === "delete_thing_type") await running.cloud.advance(WAIT_MS);
          onTopics.length = 0;
          const { messages, stop } = watch(running);
          await call(new IoT(running.config(CUSTOMER)), principal);
          await running.cloud.settled();
          stop();
          expect(messages.map((message) => message.operation)).to.deep.equal([operation]);
          expect(await stateOf(subject)).to.equal(then);
          const times = trigger === "both" && rowOf(operation).registryEvent !== undefined ? 2 : 1;
          expect(onTopics).to.have.length(way === "the topic" ? times : 0);
        });
    });
