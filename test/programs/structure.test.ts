// Which component each part belongs to, with everything on: where a stack's tree shows it, and under which URN its
// state is found again.
import { expect } from "chai";
import type { Recorded } from "../harness/run-stack.ts";
import { CUSTOMER, runCustomer, runPartner } from "../harness/stacks.ts";
import { customerWithEverything as customer, partnerWithEverything as partner } from "./everything-on.ts";

/** Of each component, what it is made of; of the program, under "". Alarms have a table of their own. */
function parts(resources: readonly Recorded[]): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  for (const { type, name, options } of resources) {
    if (/^pulumi:|:MetricAlarm$/.test(type)) continue;
    (found[options.parent ?? ""] ??= []).push(`${type.replace(/^aws:.*:/, "")} ${name}`);
  }
  return Object.fromEntries(Object.entries(found).map(([parent, children]) => [parent, children.toSorted()]));
}
const each = (types: string, name: string): string[] => types.split(" ").map((type) => `${type} ${name}`);

const queue = (name: string) => ({
  [`iot-hooks:shared:DeadLetterQueue ${name}-dead-letters`]: each("Queue QueuePolicy", `${name}-dead-letters`),
});
const versioned = (component: string, name: string) => ({
  ...queue(name),
  [`${component} ${name}`]: [
    ...each("Alias Function FunctionEventInvokeConfig", name),
    `LogGroup /aws/lambda/${name}`,
    ...each("Role RolePolicy", name),
    `iot-hooks:shared:DeadLetterQueue ${name}-dead-letters`,
  ],
});
const dashboard = (name: string) => ({ [`iot-hooks:shared:HooksDashboard ${name}`]: [`Dashboard ${name}`] });
/** Those of which two can be there at once, since each has a name that is set. */
const replacedBeforeDeleted = (resources: readonly Recorded[]) =>
  resources.filter(({ options }) => options.deleteBeforeReplace === false).map(({ name, type }) => `${type} ${name}`);

/** Those that stay when the stack is destroyed. */
const kept = (resources: readonly Recorded[]) =>
  resources.filter(({ options }) => options.retainOnDelete).map(({ name, type }) => `${type} ${name}`);
const queues = (...names: readonly string[]): string[] =>
  names.flatMap((name) => [
    `aws:sqs/queue:Queue ${name}-dead-letters`,
    `aws:sqs/queuePolicy:QueuePolicy ${name}-dead-letters`,
  ]);

describe("the customer's parts", () => {
  it("belong to components, each to the one that it is there for", async () => {
    expect(parts((await customer()).resources)).to.deep.equal({
      // What the account has already is looked at, and is nobody's part.
      "": ["EventConfigurations iot-hooks-events-now", "cross-account-iot-hooks:index:CustomerHooks iot-hooks"],
      "cross-account-iot-hooks:index:CustomerHooks iot-hooks": [
        "iot-hooks:customer:AnnounceFunction iot-hooks-announce",
        "iot-hooks:customer:Reconciliation iot-hooks-reconcile",
        "iot-hooks:customer:RegistryEvents iot-hooks-events",
        "iot-hooks:customer:RegistryRule iot-hooks-registry",
        "iot-hooks:customer:WriteTrail iot-hooks-trail",
        "iot-hooks:shared:Alarms iot-hooks",
        "iot-hooks:shared:HooksDashboard iot-hooks-announce",
      ],
      ...versioned("iot-hooks:customer:AnnounceFunction", "iot-hooks-announce"),
      "iot-hooks:customer:RegistryRule iot-hooks-registry": [
        ...each("EventRule EventTarget Permission", "iot-hooks-registry"),
        "iot-hooks:shared:DeadLetterQueue iot-hooks-registry-dead-letters",
      ],
      ...queue("iot-hooks-registry"),
      "iot-hooks:customer:RegistryEvents iot-hooks-events": [
        "EventConfigurations iot-hooks-events",
        "Permission iot-hooks-events-thing",
        ...each("Role RolePolicy", "iot-hooks-events-rules"),
        "TopicRule iot-hooks-events-thing",
        "iot-hooks:shared:DeadLetterQueue iot-hooks-events-rules-dead-letters",
      ],
      ...queue("iot-hooks-events-rules"),
      "iot-hooks:customer:Reconciliation iot-hooks-reconcile": [
        "EventRule iot-hooks-reconcile",
        ...each("EventTarget Permission", "iot-hooks-reconcile-rule"),
        "iot-hooks:customer:ReconcileFunction iot-hooks-reconcile",
        "iot-hooks:shared:DeadLetterQueue iot-hooks-reconcile-rule-dead-letters",
      ],
      ...versioned("iot-hooks:customer:ReconcileFunction", "iot-hooks-reconcile"),
      ...queue("iot-hooks-reconcile-rule"),
      "iot-hooks:customer:WriteTrail iot-hooks-trail": each(
        "Bucket BucketLifecycleConfiguration BucketPolicy BucketPublicAccessBlock Trail",
        "iot-hooks-trail",
      ),
      ...dashboard("iot-hooks-announce"),
    });
  });

  it("make way for a new one only once it is there, where a name could bar it", async () => {
    expect(replacedBeforeDeleted((await customer()).resources)).to.have.members([
      "aws:iam/role:Role iot-hooks-announce",
      "aws:iam/role:Role iot-hooks-reconcile",
      "aws:cloudtrail/trail:Trail iot-hooks-trail",
      "aws:iot/topicRule:TopicRule iot-hooks-events-thing",
    ]);
  });

  it("go with the stack, but for the queues with what can be sent again, unless that is said of them too", async () => {
    expect(kept((await customer()).resources)).to.have.members(
      queues("iot-hooks-registry", "iot-hooks-events-rules", "iot-hooks-announce"),
    );
    const { resources } = await runCustomer({ trigger: "both", reconcile: "rate(1 day)", keepOnDestroy: "false" });
    expect(kept(resources)).to.deep.equal([]);
  });
});

describe("the partner's parts", () => {
  it("belong to components, each to the one that it is there for", async () => {
    const publish = `iot-hooks-publish-${CUSTOMER}`;
    expect(parts((await partner()).resources)).to.deep.equal({
      "": ["cross-account-iot-hooks:index:PartnerHooks iot-hooks"],
      "cross-account-iot-hooks:index:PartnerHooks iot-hooks": [
        "iot-hooks:partner:CustomersTable iot-hooks-customers",
        `iot-hooks:partner:PublishRole ${publish}`,
        "iot-hooks:partner:ReceiveFunction iot-hooks-receive",
        "iot-hooks:partner:RegistryTable iot-hooks-registry",
        "iot-hooks:partner:TopicRule iot-hooks-receive",
        "iot-hooks:shared:Alarms iot-hooks",
        "iot-hooks:shared:HooksDashboard iot-hooks-receive",
      ],
      "iot-hooks:partner:CustomersTable iot-hooks-customers": ["Table iot-hooks-customers"],
      "iot-hooks:partner:RegistryTable iot-hooks-registry": ["Table iot-hooks-registry"],
      ...versioned("iot-hooks:partner:ReceiveFunction", "iot-hooks-receive"),
      "iot-hooks:partner:TopicRule iot-hooks-receive": [
        "Permission iot-hooks-receive",
        ...each("Role RolePolicy", "iot-hooks-receive-rule"),
        "TopicRule iot-hooks-receive",
        "iot-hooks:shared:DeadLetterQueue iot-hooks-receive-rule-dead-letters",
      ],
      ...queue("iot-hooks-receive-rule"),
      [`iot-hooks:partner:PublishRole ${publish}`]: each("Role RolePolicy TableItem", publish),
      ...dashboard("iot-hooks-receive"),
    });
  });

  it("make way for a new one only once it is there, where a name could bar it", async () => {
    expect(replacedBeforeDeleted((await partner()).resources)).to.have.members([
      "aws:iam/role:Role iot-hooks-receive",
      "aws:iot/topicRule:TopicRule iot-hooks-receive",
      `aws:iam/role:Role iot-hooks-publish-${CUSTOMER}`,
    ]);
  });

  it("go with the stack, but for the queues and the device registry, unless that is said of them too", async () => {
    expect(kept((await partner()).resources)).to.have.members([
      ...queues("iot-hooks-receive-rule", "iot-hooks-receive"),
      "aws:dynamodb/table:Table iot-hooks-registry",
    ]);
    expect(kept((await runPartner({ keepOnDestroy: "false" })).resources)).to.deep.equal([]);
  });
});
