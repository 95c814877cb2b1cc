// What can break on the partner's side.
import type { TopicRulePayload } from "@aws-sdk/client-iot";
import { QUOTAS, setQuota } from "embedded-aws";
import { CUSTOMER, CUSTOMER2, DEFAULT_REGION, PARTNER } from "../flow/deployment.ts";
import { type Breakage, type PolicyStatement, type Scene, documentOf } from "./scene.ts";

const ROLE = `publish-from-customer-role-${CUSTOMER}`;
const assume = (Principal: object, Condition?: object) => ({
  Effect: "Allow",
  Principal,
  Action: "sts:AssumeRole",
  ...(Condition ? { Condition } : {}),
});
const whole = { AWS: `arn:aws:iam::${CUSTOMER}:root` };
const byRole = (role = `publish-to-partner-role-${PARTNER}`) => ({
  ArnEquals: { "aws:PrincipalArn": [`arn:aws:iam::${CUSTOMER}:role/${role}`] },
});
export const trusting = assume;
export const { role: TRUSTED_ROLE, root: CUSTOMERS_ACCOUNT } = { role: byRole, root: whole };
export const PUBLISH_ROLE = ROLE;

const trust = (finds: string, broken: string, ...statements: readonly object[]): Breakage => ({
  finds: [`partner ${finds}`],
  broken,
  break: (scene) => scene.withTrust(ROLE, ...statements),
});

const policy = (
  finds: string,
  broken: string,
  role: (scene: Scene) => Promise<string>,
  change: (statements: PolicyStatement[]) => PolicyStatement[],
): Breakage => ({
  finds: [`partner ${finds}`],
  broken,
  break: async (scene) => scene.withPolicy("partner", await role(scene), change),
});
const publishRole = () => Promise.resolve(ROLE);
const functionsRole = (scene: Scene) => scene.roleOfFunction("partner");
const without = (sid: string) => (statements: PolicyStatement[]) => statements.filter(({ Sid }) => Sid !== sid);

async function currentRule({ partner: { iot }, outputs }: Scene) {
  const { ruleName } = outputs.partner;
  const { rule = {} } = await iot.getTopicRule({ ruleName });
  const { sql, actions, errorAction, awsIotSqlVersion, description, ruleDisabled } = rule;
  return { ruleName, payload: { sql, actions, errorAction, awsIotSqlVersion, description, ruleDisabled } };
}

const rule = (finds: string, broken: string, change: (scene: Scene) => Partial<TopicRulePayload>): Breakage => ({
  finds: [`partner ${finds}`],
  broken,
  break: async (scene) => {
    const { iot } = scene.partner;
    const { ruleName, payload } = await currentRule(scene);
    await iot.replaceTopicRule({ ruleName, topicRulePayload: { ...payload, ...change(scene) } });
    return () => iot.replaceTopicRule({ ruleName, topicRulePayload: payload });
  },
});

const topic = (text: string) => `arn:aws:iot:${DEFAULT_REGION}:${PARTNER}:topic/${text}`;

const devices = (finds: string, broken: string, statement: object): Breakage => ({
  finds: finds === "" ? [] : [`partner ${finds}`],
  broken,
  break: async ({ partner: { iot } }) => {
    await iot.createPolicy({ policyName: "fleet", policyDocument: documentOf({ Effect: "Allow", ...statement }) });
    return () => iot.deletePolicy({ policyName: "fleet" });
  },
});

const identity = (finds: string, broken: string, ...statements: readonly object[]): Breakage => ({
  finds: finds === "" ? [] : [`partner ${finds}`],
  broken,
  break: async ({ partner: { iam } }) => {
    const RoleName = "somebody";
    const AssumeRolePolicyDocument = documentOf(assume({ AWS: PARTNER }));
    await iam.createRole({ RoleName, AssumeRolePolicyDocument });
    await iam.putRolePolicy({ RoleName, PolicyName: "may", PolicyDocument: documentOf(...statements) });
    return async () => {
      await iam.deleteRolePolicy({ RoleName, PolicyName: "may" });
      await iam.deleteRole({ RoleName });
    };
  },
});

const allow = (Action: string, Resource: string, more: object = {}) => ({ Effect: "Allow", Action, Resource, ...more });

export const PARTNER_BREAKAGES: readonly Breakage[] = [
  {
    finds: ["partner topic-rule.missing"],
    broken: "the topic rule is deleted",
    break: async (scene) => {
      const { iot } = scene.partner;
      const { ruleName, payload } = await currentRule(scene);
      await iot.deleteTopicRule({ ruleName });
      return () => iot.createTopicRule({ ruleName, topicRulePayload: payload });
    },
  },
  rule("topic-rule.disabled", "the topic rule is switched off", () => ({ ruleDisabled: true })),
  rule("topic-rule.sql", "the topic rule says something else", () => ({
    sql: "SELECT * FROM 'cross_account_hooks/+/+'",
  })),
  rule("topic-rule.sql-version", "the topic rule has an old version", () => ({ awsIotSqlVersion: "2015-10-08" })),
  rule("topic-rule.action", "the topic rule calls the function past its alias", ({ outputs }) => ({
    actions: [{ lambda: { functionArn: outputs.partner.functionArn } }],
  })),
  rule("topic-rule.no-queue", "the topic rule has no error action", () => ({ errorAction: undefined })),
  {
    finds: ["partner topic-rule.queue-denied"],
    broken: "the topic rule's role may not send letters",
    break: async (scene) => {
      const { payload } = await currentRule(scene);
      const role = payload.errorAction?.sqs?.roleArn?.split("/").at(-1) ?? "";
      return scene.withPolicy("partner", role, (statements) =>
        statements.map((statement) => ({ ...statement, Effect: "Deny" })),
      );
    },
  },
  {
    finds: ["partner topic-rule.others"],
    broken: "another rule takes the hook topics",
    break: async ({ partner: { iot }, outputs }) => {
      const lambda = { functionArn: outputs.partner.functionArn };
      const sql = "select * from 'cross_account_hooks/#'";
      await iot.createTopicRule({ ruleName: "copies", topicRulePayload: { sql, actions: [{ lambda }] } });
      return () => iot.deleteTopicRule({ ruleName: "copies" });
    },
  },
  {
    finds: ["partner publish-role.missing"],
    broken: "the customer's role is deleted",
    break: async (scene) => {
      const { iam } = scene.partner;
      const { Role } = await iam.getRole({ RoleName: ROLE });
      const AssumeRolePolicyDocument = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
      const [PolicyName = ""] = (await iam.listRolePolicies({ RoleName: ROLE })).PolicyNames ?? [];
      const { PolicyDocument = "" } = await iam.getRolePolicy({ RoleName: ROLE, PolicyName });
      await iam.deleteRolePolicy({ RoleName: ROLE, PolicyName });
      await iam.deleteRole({ RoleName: ROLE });
      return async () => {
        const { Role: anew } = await iam.createRole({ RoleName: ROLE, AssumeRolePolicyDocument });
        await scene.withItem(CUSTOMER, (item) => ({ ...item, roleId: { S: anew?.RoleId ?? "" } }));
        await iam.putRolePolicy({ RoleName: ROLE, PolicyName, PolicyDocument: decodeURIComponent(PolicyDocument) });
      };
    },
  },
  {
    finds: ["customer pair.operator-let-in", "partner publish-role.anybody"],
    broken: "the role trusts the whole account of the customer",
    break: (scene) => scene.withTrust(ROLE, assume(whole)),
  },
  {
    finds: ["customer pair.not-trusted", "partner publish-role.deleted-principal"],
    broken: "the role trusts one that was deleted",
    break: async (scene) => {
      const { iam } = scene.partner;
      const trusted = documentOf(assume({ AWS: PARTNER }));
      const { Role } = await iam.createRole({ RoleName: "gone", AssumeRolePolicyDocument: trusted });
      const mend = await scene.withTrust(ROLE, assume({ AWS: Role?.Arn }));
      await iam.deleteRole({ RoleName: "gone" });
      return mend;
    },
  },
  trust(
    "publish-role.other-account",
    "the role trusts another account too",
    assume(whole, byRole()),
    assume({ AWS: `arn:aws:iam::${CUSTOMER2}:root` }, { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::1:role/x" } }),
  ),
  {
    finds: ["customer pair.not-trusted", "partner publish-role.nobody"],
    broken: "the role trusts nobody",
    break: (scene) => scene.withTrust(ROLE, { ...assume(whole), Effect: "Deny" }),
  },
  trust(
    "quota.trust",
    "the role's trust is nearly as long as may be",
    assume(whole, { ArnEquals: { "aws:PrincipalArn": [...byRole().ArnEquals["aws:PrincipalArn"], "x".repeat(1700)] } }),
  ),
  policy("publish-role.may-not-publish", "the role may publish nothing", publishRole, (statements) =>
    statements.map((statement) => ({ ...statement, Action: "iot:Connect" })),
  ),
  policy("publish-role.disabled", "the customer is disabled", publishRole, (statements) => [
    ...statements,
    { Effect: "Deny", Action: "*", Resource: "*" },
  ]),
  {
    finds: ["partner customer.unknown"],
    broken: "the table of customers has lost one",
    break: (scene) => scene.withItem(CUSTOMER, () => undefined),
  },
  {
    finds: ["partner customer.other-role"],
    broken: "the table of customers has the id of a role that is gone",
    break: (scene) => scene.withItem(CUSTOMER, (item) => ({ ...item, roleId: { S: "AROAGONE" } })),
  },
  policy(
    "role.may-not-read-customers",
    "the function may not read the table of customers",
    functionsRole,
    without("FindCustomer"),
  ),
  policy(
    "role.may-not-keep-registry",
    "the function may not write the registry",
    functionsRole,
    without("KeepDeviceRegistry"),
  ),
  policy("role.may-not-publish-debug", "the function may not publish", functionsRole, without("PublishDebugMessages")),
  {
    finds: ["partner registry.unprotected"],
    broken: "the registry's table may be deleted",
    break: async ({ partner: { dynamodb }, outputs }) => {
      const TableName = outputs.partner.registryTableName;
      await dynamodb.updateTable({ TableName, DeletionProtectionEnabled: false });
      return () => dynamodb.updateTable({ TableName, DeletionProtectionEnabled: true });
    },
  },
  {
    finds: ["partner sender-check.observe"],
    broken: "the sender is only observed",
    break: (scene) => scene.withVariables("partner", { SENDER_CHECK: "observe" }),
  },
  {
    finds: ["partner endpoint.other"],
    broken: "the stack put out another endpoint",
    break: (scene) => Promise.resolve(scene.pretend("partner", { dataEndpoint: "old.iot.us-east-1.amazonaws.com" })),
  },
  {
    finds: ["partner quota.roles"],
    broken: "the account has nearly as many roles as it may",
    break: async ({ partner: { iam }, running: { cloud } }) => {
      const { Roles = [] } = await iam.listRoles({});
      const quota = QUOTAS.find(({ quotaName }) => quotaName === "Roles per account");
      if (!quota) throw new Error("The embedded AWS has no quota of roles.");
      const place = { account: PARTNER, region: "us-east-1" };
      setQuota(cloud, quota, place, Roles.length);
      return () => {
        setQuota(cloud, quota, place, quota.standard);
        return Promise.resolve();
      };
    },
  },
  devices("publishers.device", "devices may publish anywhere", { Action: "iot:Publish", Resource: topic("*") }),
  devices("publishers.device", "devices may publish where a variable of their own choosing says", {
    Action: ["iot:Publish"],
    Resource: [topic("${iot:ClientId}/*")],
  }),
  devices("publishers.device-basic-ingest", "devices may publish to any rule by Basic Ingest", {
    Action: "iot:*",
    Resource: topic("$aws/rules/*"),
  }),
  devices("", "(intact: devices may publish below a topic of their own)", {
    Action: "iot:Publish",
    Resource: topic("fleet/${iot:Connection.Thing.ThingName}/*"),
  }),
  identity("publishers.identity", "a role may publish anywhere, under a condition", {
    ...allow("iot:*", "*", { Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }),
  }),
  identity("publishers.identity", "a role may do all but IAM", {
    Effect: "Allow",
    NotAction: "iam:*",
    Resource: topic("*"),
  }),
  identity("publishers.caller", "a role may call any function", allow("lambda:Invoke*", "*")),
  identity("", "(intact: a role may publish anywhere but on hook topics)", allow("iot:Publish", topic("*")), {
    Effect: "Deny",
    Action: "iot:Publish",
    Resource: topic("*cross_account_hooks/*"),
  }),
  policy(
    "publishers.other-customer",
    "one customer's role may publish on another's topics",
    publishRole,
    (statements) => [...statements, allow("iot:Publish", topic(`cross_account_hooks/${CUSTOMER2}/*`))],
  ),
];
