// Both sides as deployed, an operator who looks at them, and ways to break them.
import { CloudTrail } from "@aws-sdk/client-cloudtrail";
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDB, type GetItemCommandOutput } from "@aws-sdk/client-dynamodb";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { Lambda } from "@aws-sdk/client-lambda";
import { S3 } from "@aws-sdk/client-s3";
import { SQS } from "@aws-sdk/client-sqs";
import { Account } from "../../hooks/doctor/account.ts";
import { examine } from "../../hooks/doctor/examination.ts";
import type { Report } from "../../hooks/doctor/finding.ts";
import type { Deployment } from "../../hooks/deployment.ts";
import type { OutputsOf } from "../../hooks/outputs.ts";
import type { Side } from "../../hooks/sides.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  PARTNER,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  roleArnOf,
  startCloud,
} from "../flow/deployment.ts";
import { accountOf } from "../flow/redriving.ts";

/** Something to break, which returns how it is mended; what is broken for good comes last. */
export interface Breakage {
  readonly finds: readonly string[];
  readonly broken: string;
  readonly break: (scene: Scene) => Promise<(() => Promise<unknown>) | undefined>;
}

/** Clients of an account's administrator. */
function clientsOf(running: RunningCloud, account: string) {
  const config = running.config(account);
  return {
    cloudtrail: new CloudTrail(config),
    cloudwatch: new CloudWatch(config),
    dynamodb: new DynamoDB(config),
    events: new EventBridge(config),
    iam: new IAM(config),
    iot: new IoT(config),
    lambda: new Lambda(config),
    logs: new CloudWatchLogs(config),
    s3: new S3({ ...config, forcePathStyle: true }),
    sqs: new SQS(config),
  };
}

const OPERATIONS = JSON.stringify(["create_thing", "update_thing", "delete_thing"]);
const topicArn = (account: string) => `arn:aws:sns:us-east-1:${account}:on-call`;

export class Scene {
  readonly running: RunningCloud;
  readonly customer: ReturnType<typeof clientsOf>;
  readonly partner: ReturnType<typeof clientsOf>;
  /** As the operator has them: a breakage may change them. */
  outputs: OutputsOf;

  private constructor(running: RunningCloud, outputs: OutputsOf) {
    this.running = running;
    this.outputs = outputs;
    this.customer = clientsOf(running, CUSTOMER);
    this.partner = clientsOf(running, PARTNER);
  }

  static async start(): Promise<Scene> {
    const running = await startCloud();
    const { outputs: customer } = await deployCustomer(running, {
      operations: OPERATIONS,
      trigger: "both",
      alarmTopicArn: topicArn(CUSTOMER),
      reconcile: "rate(1 day)",
    });
    const { outputs: partner } = await deployPartner(running, [roleArnOf(CUSTOMER), roleArnOf(CUSTOMER2)], {
      operations: OPERATIONS,
      alarmTopicArn: topicArn(PARTNER),
    });
    return new Scene(running, { customer, partner } as unknown as OutputsOf);
  }

  /** @param sides those that the operator has */
  async report(sides: readonly Side[] = ["customer", "partner"]): Promise<Report> {
    const account = <S extends Side>(side: S) =>
      sides.includes(side) ? new Account<S>(this.deployment(side)) : undefined;
    return examine({ customer: account("customer"), partner: account("partner") }, () => undefined);
  }

  deployment<S extends Side>(side: S): Deployment<S> {
    const client = this.running.config(accountOf(side)) as unknown as Deployment<S>["client"];
    const callerArn = `arn:aws:iam::${accountOf(side)}:user/administrator`;
    return { side, outputs: this.outputs[side], client, callerArn };
  }

  /** `<side> <id>` of each finding, in order, and what they say. */
  async findings(): Promise<{ readonly found: readonly string[]; readonly words: string }> {
    const { findings } = await this.report();
    return {
      found: findings.map(({ side, id }) => `${side} ${id}`).sort(),
      words: findings.map(({ what }) => what).join("\n"),
    };
  }

  /** Other outputs than the stack's, until it is mended. */
  pretend<S extends Side>(side: S, changes: Partial<OutputsOf[S]>): () => Promise<unknown> {
    const before = this.outputs;
    this.outputs = { ...before, [side]: { ...before[side], ...changes } };
    return () => Promise.resolve((this.outputs = before));
  }

  /** Deploys a version with other environment variables, as `up` does: alias and output go with it. */
  async withVariables(side: Side, changes: Readonly<Record<string, string>>): Promise<() => Promise<unknown>> {
    const { lambda } = this[side];
    const { functionName: FunctionName, functionVersion } = this.outputs[side];
    const { Environment } = await lambda.getFunctionConfiguration({ FunctionName });
    const before = Environment?.Variables ?? {};
    const put = async (Variables: Record<string, string>) => {
      await lambda.updateFunctionConfiguration({ FunctionName, Environment: { Variables } });
      return (await lambda.publishVersion({ FunctionName })).Version ?? "";
    };
    const version = await put({ ...before, ...changes });
    await lambda.updateAlias({ FunctionName, Name: "live", FunctionVersion: version });
    const restore = this.pretend(side, { functionVersion: version });
    return async () => {
      await put(before);
      await lambda.updateAlias({ FunctionName, Name: "live", FunctionVersion: functionVersion });
      await restore();
    };
  }

  /** Another trust of a role of the partner's. */
  async withTrust(RoleName: string, ...statements: readonly object[]): Promise<() => Promise<unknown>> {
    const { iam } = this.partner;
    const before = decodeURIComponent((await iam.getRole({ RoleName })).Role?.AssumeRolePolicyDocument ?? "");
    const put = (PolicyDocument: string) => iam.updateAssumeRolePolicy({ RoleName, PolicyDocument });
    await put(documentOf(...statements));
    return () => put(before);
  }

  /** Another policy of a role that has one. */
  async withPolicy(
    side: Side,
    RoleName: string,
    change: (statements: PolicyStatement[]) => PolicyStatement[],
  ): Promise<() => Promise<unknown>> {
    const { iam } = this[side];
    const [PolicyName = ""] = (await iam.listRolePolicies({ RoleName })).PolicyNames ?? [];
    const { PolicyDocument = "" } = await iam.getRolePolicy({ RoleName, PolicyName });
    const before = decodeURIComponent(PolicyDocument);
    const put = (document: string) => iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: document });
    await put(documentOf(...change((JSON.parse(before) as { Statement: PolicyStatement[] }).Statement)));
    return () => put(before);
  }

  /** Another item in the partner's table of customers, or none. */
  async withItem(accountId: string, change: (item: Item) => Item | undefined): Promise<() => Promise<unknown>> {
    const { dynamodb, lambda } = this.partner;
    const { Environment } = await lambda.getFunctionConfiguration({ FunctionName: this.outputs.partner.functionName });
    const TableName = Environment?.Variables?.CUSTOMERS_TABLE ?? "";
    const Key = { accountId: { S: accountId } };
    const { Item: before = {} } = await dynamodb.getItem({ TableName, Key });
    const changed = change(before);
    if (changed === undefined) await dynamodb.deleteItem({ TableName, Key });
    else await dynamodb.putItem({ TableName, Item: changed });
    return () => dynamodb.putItem({ TableName, Item: before });
  }

  /** For long enough that its alarm rings, and, once it is gone, for long enough that it doesn't any more. */
  async withLetter(side: Side, QueueUrl: string): Promise<() => Promise<unknown>> {
    const { sqs } = this[side];
    const settle = () => this.running.cloud.advance(3 * 60_000);
    await sqs.sendMessage({ QueueUrl, MessageBody: "{}" });
    await settle();
    return async () => {
      await sqs.purgeQueue({ QueueUrl });
      await settle();
    };
  }

  /** What the schedule made. */
  get reconciliation(): NonNullable<OutputsOf["customer"]["reconciliation"]> {
    const { reconciliation } = this.outputs.customer;
    if (reconciliation === undefined) throw new Error("The customer has no schedule.");
    return reconciliation;
  }

  async roleOfFunction(side: Side, FunctionName = this.outputs[side].functionName): Promise<string> {
    const { Role = "" } = await this[side].lambda.getFunctionConfiguration({ FunctionName });
    return Role.split("/").at(-1) ?? "";
  }
}

type Item = NonNullable<GetItemCommandOutput["Item"]>;

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: unknown;
  readonly Resource: unknown;
}

export const documentOf = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement });
