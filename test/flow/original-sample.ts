// The AWS sample that this project follows, as somebody may have it deployed: its resources by its names, in parts that
// can be taken away one by one. What its functions do is stated anew here.
import * as aws from "@pulumi/aws";
import { deployStack } from "embedded-aws/pulumi";
import { bundle, functionArchive } from "../../shared/bundle.ts";
import { customerRoleName, publishRoleName, roleArn } from "../../shared/contract/names.ts";
import { CUSTOMER, DEFAULT_REGION, PARTNER, type RunningCloud, environmentOf } from "./deployment.ts";

const CUSTOMER_ROLE = roleArn("aws", CUSTOMER, customerRoleName(PARTNER));
const PUBLISH_ROLE = roleArn("aws", PARTNER, publishRoleName(CUSTOMER));

const ANNOUNCE = `
import { IoT } from "@aws-sdk/client-iot";
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { STS } from "@aws-sdk/client-sts";
export const handler = async ({ account, detail }) => {
  const { $metadata, ...thing } = await new IoT().describeThing({ thingName: detail.requestParameters.thingName });
  const { Credentials } = await new STS().assumeRole({ RoleArn: process.env.PARTNER_ROLE, RoleSessionName: "temp" });
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = Credentials;
  const data = new IoTDataPlane({ credentials: { accessKeyId, secretAccessKey, sessionToken } });
  const topic = "cross_account_hooks/" + account + "/create_thing";
  await data.publish({ topic, qos: 1, payload: Buffer.from(JSON.stringify(thing)) });
};`;
/** Says on a topic of its own what it was told. */
const RECEIVE = `
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
export const handler = async ({ accountId, operation, thingName, attributes }) => {
  if (!accountId || !thingName || !attributes || !operation) return;
  const topic = "original/" + accountId + "/" + operation;
  await new IoTDataPlane().publish({ topic, payload: Buffer.from(JSON.stringify({ thingName })) });
};`;

const statement = (Action: string | string[], Resource: string) => ({ Effect: "Allow", Action, Resource });
const document = (...Statement: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const trust = (Principal: object) => document({ Effect: "Allow", Principal, Action: "sts:AssumeRole" });
const LAMBDA = trust({ Service: "lambda.amazonaws.com" });

const stack = (running: RunningCloud, project: string, account: string, program: (options: Options) => void) =>
  deployStack(environmentOf(running), {
    project,
    config: {},
    program: () => {
      const provider = new aws.Provider(project, {
        ...{ allowedAccountIds: [account], region: DEFAULT_REGION, profile: account },
      });
      program({ provider });
      return Promise.resolve({});
    },
  });
interface Options {
  readonly provider: aws.Provider;
}

function lambda(name: string, code: string, role: aws.iam.Role, policy: aws.iam.RolePolicy, { provider }: Options) {
  return new aws.lambda.Function(
    name,
    {
      role: role.arn,
      runtime: "nodejs24.x",
      handler: "index.handler",
      code: functionArchive(bundle(code)),
      timeout: 30,
      environment: { variables: { PARTNER_ROLE: PUBLISH_ROLE } },
    },
    { provider, dependsOn: [policy] },
  );
}

/** Its customer's half: role, function and rule. */
export const originalCustomer = (running: RunningCloud) =>
  stack(running, "sample-customer", CUSTOMER, (options) => {
    const role = new aws.iam.Role("publish", { name: customerRoleName(PARTNER), assumeRolePolicy: LAMBDA }, options);
    const describe = statement("iot:DescribeThing", `arn:aws:iot:${DEFAULT_REGION}:${CUSTOMER}:thing/*`);
    const policy = new aws.iam.RolePolicy(
      "publish",
      { role: role.name, policy: document(describe, statement("sts:AssumeRole", PUBLISH_ROLE)) },
      options,
    );
    const announce = lambda("publish-to-partner", ANNOUNCE, role, policy, options);
    const eventPattern = JSON.stringify({
      source: ["aws.iot"],
      "detail-type": ["AWS API Call via CloudTrail"],
      detail: { eventSource: ["iot.amazonaws.com"], eventName: ["CreateThing"] },
    });
    const rule = new aws.cloudwatch.EventRule("create-thing", { eventPattern }, options);
    new aws.lambda.Permission(
      "create-thing",
      {
        ...{ action: "lambda:InvokeFunction", principal: "events.amazonaws.com" },
        ...{ function: announce.name, sourceArn: rule.arn },
      },
      options,
    );
    new aws.cloudwatch.EventTarget("create-thing", { rule: rule.name, arn: announce.arn }, options);
  });

/** Of its partner's half the role, which trusts the customer's role itself: that has to be there. */
export const originalPublishRole = (running: RunningCloud, trusted: readonly string[] = [CUSTOMER_ROLE]) =>
  stack(running, "sample-role", PARTNER, (options) => {
    const assumeRolePolicy = trust({ AWS: trusted });
    const role = new aws.iam.Role("publish", { name: publishRoleName(CUSTOMER), assumeRolePolicy }, options);
    const topics = `arn:aws:iot:${DEFAULT_REGION}:${PARTNER}:topic/cross_account_hooks/${CUSTOMER}/*`;
    new aws.iam.RolePolicy("publish", { role: role.name, policy: document(statement("iot:Publish", topics)) }, options);
  });

/** Of its partner's half the rule and the function. */
export const originalReceiver = (running: RunningCloud) =>
  stack(running, "sample-receiver", PARTNER, (options) => {
    const role = new aws.iam.Role("receive", { assumeRolePolicy: LAMBDA }, options);
    const policy = new aws.iam.RolePolicy(
      "receive",
      { role: role.name, policy: document(statement("iot:Publish", "*")) },
      options,
    );
    const receive = lambda("receive-from-customer", RECEIVE, role, policy, options);
    const rule = new aws.iot.TopicRule(
      "receive",
      {
        name: "receive",
        enabled: true,
        sql: `SELECT *, topic(2) AS accountId, topic(3) AS operation FROM 'cross_account_hooks/${CUSTOMER}/+'`,
        sqlVersion: "2016-03-23",
        lambdas: [{ functionArn: receive.arn }],
      },
      options,
    );
    new aws.lambda.Permission(
      "receive",
      {
        ...{ action: "lambda:InvokeFunction", principal: "iot.amazonaws.com" },
        ...{ function: receive.name, sourceArn: rule.arn },
      },
      options,
    );
  });

/** What the sample needs in the customer's account and doesn't say. */
export const trail = (running: RunningCloud) =>
  stack(running, "trail", CUSTOMER, (options) => {
    const bucket = new aws.s3.Bucket("management", {}, options);
    const principal = { Principal: { Service: "cloudtrail.amazonaws.com" } };
    const policy = new aws.s3.BucketPolicy(
      "management",
      {
        bucket: bucket.bucket,
        policy: bucket.arn.apply((arn) =>
          document(
            { ...statement("s3:GetBucketAcl", arn), ...principal },
            { ...statement("s3:PutObject", `${arn}/*`), ...principal },
          ),
        ),
      },
      options,
    );
    new aws.cloudtrail.Trail("management", { s3BucketName: bucket.bucket }, { ...options, dependsOn: [policy] });
  });
