// Billing groups, and which thing is in which: in one at most. AWS IoT publishes no event of its own of them («Registry
// events»), and nothing says that a thing's version rises when its billing group changes: here it doesn't.
import type { IoT } from "@aws-sdk/client-iot";
import { arn } from "../../core/arn.ts";
import { AwsError } from "../../core/errors.ts";
import { uuid } from "../../core/ids.ts";
import { operations, type Call, type Permission } from "../../core/service.ts";
import { bySerial, checkVersion, nameIn, on, page } from "./checks.ts";
import { type BillingGroup, REGISTRY } from "./state.ts";
import { newTags } from "./tags.ts";
import { billingGroupOf, thingOf } from "./things.ts";

const onGroup = (call: Call, action: string, name = ""): Permission => on(call, action, `billinggroup/${name}`);

interface Names {
  readonly thingName?: string | undefined;
  readonly thingArn?: string | undefined;
  readonly billingGroupName?: string | undefined;
  readonly billingGroupArn?: string | undefined;
}
const named = (input: Names) => ({
  thing: nameIn(input.thingName, input.thingArn),
  group: nameIn(input.billingGroupName, input.billingGroupArn),
});
const onBoth = (action: string, input: Names, call: Call): Permission[] => {
  const { thing = "", group } = named(input);
  return [on(call, action, `thing/${thing}`), onGroup(call, action, group)];
};

export const BILLING_GROUPS = operations<IoT>({
  CreateBillingGroup: {
    record: { response: (output) => output },
    authorize: ({ billingGroupName: name = "", tags }, call) =>
      on(call, "CreateBillingGroup", `billinggroup/${name}`, tags),
    run: ({ billingGroupName: name = "", billingGroupProperties, tags }, call) => {
      const { billingGroups, nextSerial } = call.cloud.state(REGISTRY, call);
      const description = billingGroupProperties?.billingGroupDescription;
      const answer = (group: BillingGroup) => ({
        billingGroupName: name,
        billingGroupArn: group.arn,
        billingGroupId: group.id,
      });
      const existing = billingGroups.get(name);
      // The same configuration again succeeds («CreateBillingGroup»). The words of the refusal are not confirmed.
      if (existing && existing.description === description) return answer(existing);
      if (existing)
        throw new AwsError(
          "ResourceAlreadyExistsException",
          `Billing Group ${name} already exists in current account with different properties`,
          { fields: { resourceId: existing.id, resourceArn: existing.arn } },
        );
      const group: BillingGroup = {
        serial: nextSerial(),
        name,
        id: uuid(),
        arn: arn("iot", call, `billinggroup/${name}`),
        description,
        version: 1,
        createdAt: call.time,
        tags: newTags(tags),
      };
      billingGroups.set(name, group);
      return answer(group);
    },
  },
  UpdateBillingGroup: {
    authorize: (input, call) => onGroup(call, "UpdateBillingGroup", input.billingGroupName),
    run: ({ billingGroupName, billingGroupProperties, expectedVersion }, call) => {
      const group = billingGroupOf(call, billingGroupName);
      checkVersion(`The billing group ${group.name}`, group.version, expectedVersion);
      group.description = billingGroupProperties?.billingGroupDescription ?? group.description;
      return { version: ++group.version };
    },
  },
  /**
   * «DeleteBillingGroup» has no error for one that isn't there. What becomes of the things in one is not confirmed:
   * here they are in none then.
   */
  DeleteBillingGroup: {
    authorize: (input, call) => onGroup(call, "DeleteBillingGroup", input.billingGroupName),
    run: ({ billingGroupName = "", expectedVersion }, call) => {
      const { billingGroups, things } = call.cloud.state(REGISTRY, call);
      const group = billingGroups.get(billingGroupName);
      if (!group) return {};
      checkVersion(`The billing group ${group.name}`, group.version, expectedVersion);
      for (const thing of things.values()) if (thing.billingGroup === group.name) thing.billingGroup = undefined;
      billingGroups.delete(group.name);
      return {};
    },
  },
  DescribeBillingGroup: {
    authorize: (input, call) => onGroup(call, "DescribeBillingGroup", input.billingGroupName),
    run: ({ billingGroupName }, call) => {
      const {
        name,
        id,
        arn: billingGroupArn,
        version,
        description,
        createdAt,
      } = billingGroupOf(call, billingGroupName);
      return {
        billingGroupName: name,
        billingGroupId: id,
        billingGroupArn,
        version,
        billingGroupProperties: description === undefined ? {} : { billingGroupDescription: description },
        billingGroupMetadata: { creationDate: createdAt },
      };
    },
  },
  ListBillingGroups: {
    authorize: (_input, call) => on(call, "ListBillingGroups"),
    run: ({ namePrefixFilter = "", ...paging }, call) => {
      const wanted = ({ name }: BillingGroup) => name.startsWith(namePrefixFilter);
      const { billingGroups } = call.cloud.state(REGISTRY, call);
      const { items, nextToken } = page(billingGroups.values(), paging, { wanted });
      return { billingGroups: items.map((group) => ({ groupName: group.name, groupArn: group.arn })), nextToken };
    },
  },
  /** «Billing groups», limits: a thing is in one at most. That a second call moves it there is not confirmed. */
  AddThingToBillingGroup: {
    authorize: (input, call) => onBoth("AddThingToBillingGroup", input, call),
    run: (input, call) => {
      const { thing, group } = named(input);
      thingOf(call, thing).billingGroup = billingGroupOf(call, group).name;
      return {};
    },
  },
  /** What isn't in it stays where it is, without an error: not confirmed. */
  RemoveThingFromBillingGroup: {
    authorize: (input, call) => onBoth("RemoveThingFromBillingGroup", input, call),
    run: (input, call) => {
      const names = named(input);
      const [thing, group] = [thingOf(call, names.thing), billingGroupOf(call, names.group)];
      if (thing.billingGroup === group.name) thing.billingGroup = undefined;
      return {};
    },
  },
  ListThingsInBillingGroup: {
    authorize: (input, call) => onGroup(call, "ListThingsInBillingGroup", input.billingGroupName),
    run: (input, call) => {
      const { name: wanted } = billingGroupOf(call, input.billingGroupName);
      const things = [...call.cloud.state(REGISTRY, call).things.values()];
      const { items, nextToken } = page(bySerial(things.filter(({ billingGroup }) => billingGroup === wanted)), input);
      return { things: items.map(({ name }) => name), nextToken };
    },
  },
});
