// What AWS would make known of a resource, by type, as far as programs read it. A type without a row is refused: in a
// preview an output that is missing from the state is unknown, and whatever a test says about it would never be
// evaluated.
import { createHash } from "node:crypto";

type Inputs = Record<string, unknown>;

export interface Account {
  readonly accountId: string;
  readonly region: string;
}

/** In place of the random digits of auto-naming. */
const DIGITS = "1234567";
const named = (name: string, { name: given }: Inputs, separator = "-"): string =>
  typeof given === "string" ? given : `${name}${separator}${DIGITS}`;

/** 21 characters, as IAM makes them of nothing: here of the name, so that tests know which role's it is. */
export const uniqueIdOf = (roleName: string): string =>
  `AROA${createHash("sha256").update(roleName).digest("hex").slice(0, 17).toUpperCase()}`;

/** When each role was made. */
export const CREATED = "2026-01-02T03:04:05Z";

type Row = (name: string, inputs: Inputs, account: Account) => Inputs;

const nothing: Row = () => ({});
const lambdaArn = ({ accountId, region }: Account, name: string): string =>
  `arn:aws:lambda:${region}:${accountId}:function:${name}`;

const ROWS: Readonly<Record<string, Row>> = {
  "aws:iam/role:Role": (logicalName, inputs, { accountId }) => {
    const name = named(logicalName, inputs);
    return { name, arn: `arn:aws:iam::${accountId}:role/${name}`, uniqueId: uniqueIdOf(name), createDate: CREATED };
  },
  "aws:iam/rolePolicy:RolePolicy": nothing,
  "aws:dynamodb/table:Table": (logicalName, inputs, { accountId, region }) => {
    const name = named(logicalName, inputs);
    return { name, arn: `arn:aws:dynamodb:${region}:${accountId}:table/${name}` };
  },
  "aws:dynamodb/tableItem:TableItem": nothing,
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": (_name, { url }, { accountId }) => ({
    arn: `arn:aws:iam::${accountId}:oidc-provider/${String(url).replace("https://", "")}`,
  }),
  "aws:cloudwatch/logGroup:LogGroup": (logicalName, inputs, { accountId, region }) => {
    const name = named(logicalName, inputs);
    return { name, arn: `arn:aws:logs:${region}:${accountId}:log-group:${name}` };
  },
  "aws:lambda/function:Function": (logicalName, inputs, account) => {
    const name = named(logicalName, inputs);
    const arn = lambdaArn(account, name);
    return { name, arn, version: "7", qualifiedArn: `${arn}:7` };
  },
  "aws:lambda/alias:Alias": (logicalName, inputs, account) => {
    const name = named(logicalName, inputs);
    return { name, arn: `${lambdaArn(account, String(inputs.functionName))}:${name}` };
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": nothing,
  "aws:cloudwatch/dashboard:Dashboard": nothing,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": nothing,
  "aws:lambda/permission:Permission": nothing,
  "aws:cloudwatch/eventRule:EventRule": (logicalName, inputs, { accountId, region }) => {
    const name = named(logicalName, inputs);
    return { name, arn: `arn:aws:events:${region}:${accountId}:rule/${name}` };
  },
  "aws:cloudwatch/eventTarget:EventTarget": nothing,
  "aws:cloudtrail/trail:Trail": (logicalName, inputs, { accountId, region }) => {
    const name = named(logicalName, inputs);
    return { name, arn: `arn:aws:cloudtrail:${region}:${accountId}:trail/${name}` };
  },
  "aws:s3/bucket:Bucket": (name) => ({ bucket: `${name}-${DIGITS}`, arn: `arn:aws:s3:::${name}-${DIGITS}` }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": nothing,
  "aws:s3/bucketPolicy:BucketPolicy": nothing,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": nothing,
  // As a look finds it, where nothing is set.
  "aws:iot/eventConfigurations:EventConfigurations": (_name, { eventConfigurations }) =>
    eventConfigurations === undefined ? { eventConfigurations: { JOB: true, THING: false, POLICY: false } } : {},
  "aws:iot/topicRule:TopicRule": (logicalName, inputs, { accountId, region }) => {
    const name = named(logicalName, inputs, "_");
    return { name, arn: `arn:aws:iot:${region}:${accountId}:rule/${name}` };
  },
  "aws:sqs/queue:Queue": (logicalName, inputs, { accountId, region }) => {
    const name = named(logicalName, inputs);
    const arn = `arn:aws:sqs:${region}:${accountId}:${name}`;
    return { name, arn, url: `https://sqs.${region}.amazonaws.com/${accountId}/${name}` };
  },
  "aws:sqs/queuePolicy:QueuePolicy": nothing,
};

/** Throws for a type that has no row. */
export function awsOutputs(type: string, name: string, inputs: Inputs, account: Account): Inputs {
  const row = ROWS[type];
  if (!row) throw new Error(`the harness doesn't know the outputs of ${type}: add a row to aws-outputs.ts`);
  return row(name, inputs, account);
}
