// What can break on the customer's side.
import { DEFAULT_REGION } from "../flow/deployment.ts";
import { type Breakage, type Scene, documentOf } from "./scene.ts";

const trailOf = (scene: Scene): string => scene.outputs.customer.trailArn ?? "";

const selectors = (change: (scene: Scene, TrailName: string) => Promise<unknown>) => async (scene: Scene) => {
  const TrailName = trailOf(scene);
  const { EventSelectors } = await scene.customer.cloudtrail.getEventSelectors({ TrailName });
  await change(scene, TrailName);
  return () => scene.customer.cloudtrail.putEventSelectors({ TrailName, EventSelectors });
};

/** Takes the trail away. Returns how it comes back. */
async function withoutTrail(scene: Scene): Promise<() => Promise<unknown>> {
  const { cloudtrail } = scene.customer;
  const arn = trailOf(scene);
  const { Trail } = await cloudtrail.getTrail({ Name: arn });
  const { EventSelectors } = await cloudtrail.getEventSelectors({ TrailName: arn });
  await cloudtrail.deleteTrail({ Name: arn });
  const { Name, S3BucketName } = Trail ?? {};
  return async () => {
    await cloudtrail.createTrail({ Name, S3BucketName, IncludeGlobalServiceEvents: false });
    await cloudtrail.putEventSelectors({ TrailName: arn, EventSelectors });
    await cloudtrail.startLogging({ Name: arn });
  };
}

async function withBucketPolicy(scene: Scene, change: (before: string) => string): Promise<() => Promise<unknown>> {
  const { s3, cloudtrail } = scene.customer;
  const { trailList = [] } = await cloudtrail.describeTrails({});
  const Bucket = trailList[0]?.S3BucketName ?? "";
  const { Policy = "" } = await s3.getBucketPolicy({ Bucket });
  await s3.putBucketPolicy({ Bucket, Policy: change(Policy) });
  return () => s3.putBucketPolicy({ Bucket, Policy });
}

/** A management event, and the time after which its log file is written. */
async function logFile(scene: Scene): Promise<void> {
  await scene.customer.events.putRule({ Name: "noise", EventPattern: '{"source":["x"]}' });
  await scene.running.cloud.advance(6 * 60_000);
  await scene.customer.events.deleteRule({ Name: "noise" });
}

const lacking = (id: string, sid: string): Breakage => ({
  finds: [`customer role.${id}`],
  broken: `the role lacks the statement ${sid}`,
  break: async (scene) =>
    scene.withPolicy("customer", await scene.roleOfFunction("customer"), (statements) =>
      statements.filter(({ Sid }) => Sid !== sid),
    ),
});

const targets = async ({ customer, outputs }: Scene) => {
  const Rule = outputs.customer.ruleName;
  return { Rule, Targets: (await customer.events.listTargetsByRule({ Rule })).Targets ?? [] };
};

export const CUSTOMER_BREAKAGES: readonly Breakage[] = [
  {
    finds: ["customer trail.none"],
    broken: "the trail is deleted",
    break: withoutTrail,
  },
  {
    finds: ["customer trail.other-region"],
    broken: "the only trail is another Region's",
    break: async (scene) => {
      const open = await withBucketPolicy(scene, (before) => before.replaceAll(`:${DEFAULT_REGION}:`, ":eu-west-1:"));
      const { trailList = [] } = await scene.customer.cloudtrail.describeTrails({});
      const bringBack = await withoutTrail(scene);
      const { CloudTrail } = await import("@aws-sdk/client-cloudtrail");
      const there = new CloudTrail(scene.running.config(scene.outputs.customer.accountId, "eu-west-1"));
      const [{ Name, S3BucketName } = {}] = trailList;
      await there.createTrail({ Name, S3BucketName });
      return async () => {
        await there.deleteTrail({ Name });
        await open();
        await bringBack();
      };
    },
  },
  {
    finds: ["customer trail.stopped"],
    broken: "the trail is stopped",
    break: async (scene) => {
      await scene.customer.cloudtrail.stopLogging({ Name: trailOf(scene) });
      return () => scene.customer.cloudtrail.startLogging({ Name: trailOf(scene) });
    },
  },
  {
    finds: ["customer trail.read-only"],
    broken: "the trail logs read events",
    break: selectors(({ customer }, TrailName) =>
      customer.cloudtrail.putEventSelectors({ TrailName, EventSelectors: [{ ReadWriteType: "ReadOnly" }] }),
    ),
  },
  {
    finds: ["customer trail.no-management-events"],
    broken: "the trail logs no management events",
    break: selectors(({ customer }, TrailName) =>
      customer.cloudtrail.putEventSelectors({ TrailName, EventSelectors: [{ IncludeManagementEvents: false }] }),
    ),
  },
  {
    finds: ["customer trail.advanced-selectors"],
    broken: "advanced selectors leave AWS IoT out",
    break: selectors(({ customer }, TrailName) =>
      customer.cloudtrail.putEventSelectors({
        TrailName,
        AdvancedEventSelectors: [
          {
            FieldSelectors: [
              { Field: "eventCategory", Equals: ["Management"] },
              { Field: "eventSource", NotEquals: ["iot.amazonaws.com"] },
            ],
          },
        ],
      }),
    ),
  },
  {
    finds: ["customer trail.undelivered"],
    broken: "the trail may not write to its bucket",
    break: async (scene) => {
      const mend = await withBucketPolicy(scene, (before) => before.replaceAll("s3:PutObject", "s3:GetObject"));
      await logFile(scene);
      return async () => {
        await mend();
        await logFile(scene);
      };
    },
  },
  {
    finds: ["customer rule.missing"],
    broken: "the rule is deleted",
    break: async (scene) => {
      const { events } = scene.customer;
      const { Rule, Targets } = await targets(scene);
      const { EventPattern } = await events.describeRule({ Name: Rule });
      await events.removeTargets({ Rule, Ids: Targets.map(({ Id = "" }) => Id) });
      await events.deleteRule({ Name: Rule });
      return async () => {
        await events.putRule({ Name: Rule, EventPattern });
        await events.putTargets({ Rule, Targets });
      };
    },
  },
  {
    finds: ["customer registry-events.off"],
    broken: "somebody turned AWS IoT's own events off",
    break: async ({ customer: { iot } }) => {
      const turn = (Enabled: boolean) => iot.updateEventConfigurations({ eventConfigurations: { THING: { Enabled } } });
      await turn(false);
      return () => turn(true);
    },
  },
  {
    finds: ["customer topic-rule.disabled"],
    broken: "the rule of AWS IoT's own events is switched off",
    break: async ({ customer: { iot }, outputs }) => {
      const ruleName = outputs.customer.registryEventRuleNames?.["thing"];
      await iot.disableTopicRule({ ruleName });
      return () => iot.enableTopicRule({ ruleName });
    },
  },
  {
    finds: ["customer rule.disabled"],
    broken: "the rule is switched off",
    break: async ({ customer: { events }, outputs }) => {
      await events.disableRule({ Name: outputs.customer.ruleName });
      return () => events.enableRule({ Name: outputs.customer.ruleName });
    },
  },
  {
    finds: ["customer rule.pattern"],
    broken: "the rule takes creations alone",
    break: async ({ customer: { events }, outputs }) => {
      const Name = outputs.customer.ruleName;
      const { EventPattern = "" } = await events.describeRule({ Name });
      const pattern = JSON.parse(EventPattern) as { detail: object };
      const detail = { ...pattern.detail, eventName: ["CreateThing"] };
      await events.putRule({ Name, EventPattern: JSON.stringify({ ...pattern, detail }) });
      return () => events.putRule({ Name, EventPattern });
    },
  },
  {
    finds: ["customer rule.target"],
    broken: "the rule calls the function past its alias",
    break: async (scene) => {
      const { events } = scene.customer;
      const { Rule, Targets } = await targets(scene);
      const Arn = scene.outputs.customer.functionArn;
      await events.putTargets({ Rule, Targets: Targets.map((target) => ({ ...target, Arn })) });
      return () => events.putTargets({ Rule, Targets });
    },
  },
  {
    finds: ["customer rule.no-queue"],
    broken: "the rule's target has no queue",
    break: async (scene) => {
      const { events } = scene.customer;
      const { Rule, Targets } = await targets(scene);
      await events.putTargets({ Rule, Targets: Targets.map(({ Id, Arn }) => ({ Id, Arn })) });
      return () => events.putTargets({ Rule, Targets });
    },
  },
  {
    finds: ["customer queue.policy"],
    broken: "the rule may not send to its queue",
    break: async ({ customer: { sqs }, outputs }) => {
      const QueueUrl = outputs.customer.deadLetterQueueUrls.registryRule;
      const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["Policy"] });
      const put = (Policy: string) => sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy } });
      await put("");
      return () => put(Attributes?.["Policy"] ?? "");
    },
  },
  lacking("may-not-assume", "AssumePublishRole"),
  lacking("may-not-describe", "DescribeThing"),
  lacking("may-not-send-letters", "SendDeadLetters"),
  lacking("may-not-log", "WriteLogs"),
  {
    finds: ["customer role.may-not-assume"],
    broken: "a boundary keeps the role from assuming the partner's",
    break: async (scene) => {
      const { iam } = scene.customer;
      const RoleName = await scene.roleOfFunction("customer");
      const PolicyDocument = documentOf({ Effect: "Allow", NotAction: "sts:*", Resource: "*" });
      const { Policy } = await iam.createPolicy({ PolicyName: "boundary", PolicyDocument });
      await iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary: Policy?.Arn });
      return async () => {
        await iam.deleteRolePermissionsBoundary({ RoleName });
        await iam.deletePolicy({ PolicyArn: Policy?.Arn });
      };
    },
  },
  {
    finds: ["customer role.missing"],
    broken: "the function's role is deleted",
    break: async (scene) => {
      const { iam } = scene.customer;
      const RoleName = await scene.roleOfFunction("customer");
      const AssumeRolePolicyDocument = decodeURIComponent(
        (await iam.getRole({ RoleName })).Role?.AssumeRolePolicyDocument ?? "",
      );
      const [PolicyName = ""] = (await iam.listRolePolicies({ RoleName })).PolicyNames ?? [];
      const PolicyDocument = decodeURIComponent(
        (await iam.getRolePolicy({ RoleName, PolicyName })).PolicyDocument ?? "",
      );
      await iam.deleteRolePolicy({ RoleName, PolicyName });
      await iam.deleteRole({ RoleName });
      return async () => {
        await iam.createRole({ RoleName, AssumeRolePolicyDocument });
        await iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument });
      };
    },
  },
];
