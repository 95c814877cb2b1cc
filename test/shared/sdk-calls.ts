// What the functions ask of AWS, by the SDK as it is and as it is bundled for them, and how each service answers.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as iot from "@aws-sdk/client-iot";
import * as data from "@aws-sdk/client-iot-data-plane";
import * as lambda from "@aws-sdk/client-lambda";
import * as sqs from "@aws-sdk/client-sqs";
import * as sts from "@aws-sdk/client-sts";
import { bundle } from "../../shared/bundle.ts";
import { CLIENT } from "../../shared/lambda/clients.ts";
import type { Reply } from "./scripted-aws.ts";

/** What the functions use of the SDK. */
export const WHOLE = {
  IoTClient: iot.IoTClient,
  DescribeThingCommand: iot.DescribeThingCommand,
  DescribeThingGroupCommand: iot.DescribeThingGroupCommand,
  DescribeThingTypeCommand: iot.DescribeThingTypeCommand,
  DescribeBillingGroupCommand: iot.DescribeBillingGroupCommand,
  ListThingsCommand: iot.ListThingsCommand,
  IoTDataPlaneClient: data.IoTDataPlaneClient,
  PublishCommand: data.PublishCommand,
  SQSClient: sqs.SQSClient,
  SendMessageCommand: sqs.SendMessageCommand,
  STSClient: sts.STSClient,
  AssumeRoleCommand: sts.AssumeRoleCommand,
  DynamoDBClient: dynamodb.DynamoDBClient,
  UpdateItemCommand: dynamodb.UpdateItemCommand,
  DeleteItemCommand: dynamodb.DeleteItemCommand,
  GetItemCommand: dynamodb.GetItemCommand,
  ConditionalCheckFailedException: dynamodb.ConditionalCheckFailedException,
  LambdaClient: lambda.LambdaClient,
  InvokeCommand: lambda.InvokeCommand,
};
export type Sdk = typeof WHOLE;

const TRIMMED_SOURCE = `
  export { IoTClient, DescribeThingCommand, DescribeThingGroupCommand, DescribeThingTypeCommand,
    DescribeBillingGroupCommand, ListThingsCommand } from "@aws-sdk/client-iot";
  export { IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
  export { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
  export { STSClient, AssumeRoleCommand } from "@aws-sdk/client-sts";
  export { DynamoDBClient, UpdateItemCommand, DeleteItemCommand, GetItemCommand, ConditionalCheckFailedException }
    from "@aws-sdk/client-dynamodb";
  export { LambdaClient, InvokeCommand } from "@aws-sdk/client-lambda";
`;

/** The same, as it is bundled for a function. */
export class TrimmedSdk {
  #folder = "";

  async load(): Promise<Sdk> {
    this.#folder = await mkdtemp(join(tmpdir(), "trimmed-"));
    const file = join(this.#folder, "sdk.cjs");
    await writeFile(file, (await bundle(TRIMMED_SOURCE)).code);
    return createRequire(import.meta.url)(file) as Sdk;
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }
}

/** As the functions have them, but for how long they wait: no machine is so busy that an answer takes a minute. */
export const config = (endpoint: string, requestTimeout = 60_000) => ({
  ...CLIENT,
  endpoint,
  requestHandler: { ...CLIENT.requestHandler, connectionTimeout: 60_000, requestTimeout },
});
export type Config = ReturnType<typeof config>;

const BODY =
  '{"thingName":"lamp","version":3,"attributes":{"room":"kitchen"},"thingTypeMetadata":{"creationDate":1.5e9}}';
const MD5 = "5d41402abc4b2a76b9719d911017c592";
const SESSION = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
  <AccessKeyId>A</AccessKeyId><SecretAccessKey>s&amp;</SecretAccessKey><SessionToken>t</SessionToken>
  <Expiration>2026-01-02T03:04:05Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

export interface Call {
  readonly send: (sdk: Sdk, config: Config, options: { readonly abortSignal: AbortSignal }) => Promise<unknown>;
  readonly succeeds: Reply;
  /** How its service says that an error has a code. */
  readonly error: (code: string, status: number, message?: string) => Reply;
  readonly client: Readonly<Record<string, unknown>>;
}

const inHeader: Call["error"] = (code, status, message = "no") => ({
  status,
  headers: { "x-amzn-errortype": `${code}:http://internal.amazon.com/coral/` },
  body: JSON.stringify({ message }),
});
const inBody: Call["error"] = (code, status, message = "no") => ({
  status,
  body: JSON.stringify({ __type: `com.amazonaws.any#${code}`, message }),
});
const inXml: Call["error"] = (Code, status, Message = "no") => ({
  status,
  body:
    '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>' +
    `<Code>${Code}</Code><Message>${Message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
});

export const ITEM = { TableName: "t", Key: { subject: { S: "111/thing/lamp" } } };
export const CALLS: Readonly<Record<string, Call>> = {
  DescribeThing: {
    send: (sdk, config, options) =>
      new sdk.IoTClient(config).send(new sdk.DescribeThingCommand({ thingName: "a lamp/é" }), options),
    succeeds: { status: 200, body: BODY },
    error: inHeader,
    client: iot,
  },
  DescribeThingGroup: {
    send: (sdk, config, options) =>
      new sdk.IoTClient(config).send(new sdk.DescribeThingGroupCommand({ thingGroupName: "g" }), options),
    succeeds: {
      status: 200,
      body: '{"thingGroupName":"g","thingGroupMetadata":{"creationDate":1500000000.123,"rootToParentThingGroups":[{"groupName":"r"}]}}',
    },
    error: inHeader,
    client: iot,
  },
  DescribeThingType: {
    send: (sdk, config, options) =>
      new sdk.IoTClient(config).send(new sdk.DescribeThingTypeCommand({ thingTypeName: "t" }), options),
    succeeds: {
      status: 200,
      body: '{"thingTypeName":"t","thingTypeMetadata":{"deprecated":true,"deprecationDate":1}}',
    },
    error: inHeader,
    client: iot,
  },
  DescribeBillingGroup: {
    send: (sdk, config, options) =>
      new sdk.IoTClient(config).send(new sdk.DescribeBillingGroupCommand({ billingGroupName: "b" }), options),
    succeeds: { status: 200, body: '{"billingGroupName":"b","billingGroupMetadata":{"creationDate":1500000000.5}}' },
    error: inHeader,
    client: iot,
  },
  ListThings: {
    send: (sdk, config, options) =>
      new sdk.IoTClient(config).send(
        new sdk.ListThingsCommand({ maxResults: 250, nextToken: "a/+=", thingTypeName: "bulb" }),
        options,
      ),
    succeeds: {
      status: 200,
      body: '{"things":[{"thingName":"lamp","attributes":{"room":"kitchen"},"version":3}],"nextToken":"b"}',
    },
    error: inHeader,
    client: iot,
  },
  Publish: {
    send: (sdk, config, options) =>
      new sdk.IoTDataPlaneClient(config).send(
        new sdk.PublishCommand({ topic: "hooks/1/create thing", qos: 1, payload: Buffer.from('{"é":1}') }),
        options,
      ),
    succeeds: { status: 200, body: "{}" },
    error: inHeader,
    client: data,
  },
  SendMessage: {
    send: (sdk, config, options) =>
      new sdk.SQSClient(config).send(
        new sdk.SendMessageCommand({ QueueUrl: "https://sqs.us-east-1.amazonaws.com/1/q", MessageBody: "hello" }),
        options,
      ),
    succeeds: { status: 200, body: JSON.stringify({ MessageId: "m", MD5OfMessageBody: MD5 }) },
    error: (code, status, message) => ({
      ...inBody(code, status, message),
      headers: { "x-amzn-query-error": `AWS.SimpleQueueService.${code};Sender` },
    }),
    client: sqs,
  },
  AssumeRole: {
    send: (sdk, config, options) =>
      new sdk.STSClient(config).send(
        new sdk.AssumeRoleCommand({ RoleArn: "arn:aws:iam::2:role/r", RoleSessionName: "s+=", ExternalId: "x" }),
        options,
      ),
    succeeds: { status: 200, body: SESSION },
    error: inXml,
    client: sts,
  },
  UpdateItem: {
    send: (sdk, config, options) =>
      new sdk.DynamoDBClient(config).send(
        new sdk.UpdateItemCommand({
          ...ITEM,
          UpdateExpression: "SET a = :a",
          ExpressionAttributeValues: { ":a": { N: "1" } },
        }),
        options,
      ),
    succeeds: {
      status: 200,
      body: '{"Attributes":{"a":{"N":"1"},"l":{"L":[{"S":"x"}]},"m":{"M":{"b":{"BOOL":true}}}}}',
    },
    error: inBody,
    client: dynamodb,
  },
  DeleteItem: {
    send: (sdk, config, options) => new sdk.DynamoDBClient(config).send(new sdk.DeleteItemCommand(ITEM), options),
    succeeds: { status: 200, body: "{}" },
    error: inBody,
    client: dynamodb,
  },
  GetItem: {
    send: (sdk, config, options) =>
      new sdk.DynamoDBClient(config).send(new sdk.GetItemCommand({ ...ITEM, ConsistentRead: true }), options),
    succeeds: { status: 200, body: '{"Item":{"roleId":{"S":"AROA"},"disabled":{"BOOL":false},"n":{"NULL":true}}}' },
    error: inBody,
    client: dynamodb,
  },
  Invoke: {
    send: (sdk, config, options) =>
      new sdk.LambdaClient(config).send(
        new sdk.InvokeCommand({ FunctionName: "arn:aws:lambda:a:1:function:f:live", Payload: Buffer.from("{}") }),
        options,
      ),
    succeeds: { status: 200, headers: { "x-amz-function-error": "Unhandled" }, body: '{"errorType":"é"}' },
    error: inHeader,
    client: lambda,
  },
};

/** From the client's declarations: there an operation says which errors it has. */
export async function declaredErrors(operation: string, { client, error }: Call) {
  const main = createRequire(import.meta.url).resolve(`@aws-sdk/client-${PACKAGES.get(client) ?? ""}`);
  const declaration = await readFile(join(main, "../../dist-types/commands", `${operation}Command.d.ts`), "utf8");
  return [...declaration.matchAll(/@throws \{@link (\w+)\} \((client|server) fault\)/g)].map(
    ([, name = "", fault]) => ({
      name,
      code: error === inXml ? (CODES[name] ?? name) : name,
      status: fault === "client" ? 400 : 500,
    }),
  );
}
const PACKAGES = new Map<object, string>([
  [iot, "iot"],
  [data, "iot-data-plane"],
  [sqs, "sqs"],
  [sts, "sts"],
  [dynamodb, "dynamodb"],
  [lambda, "lambda"],
]);
/** What STS says on the wire. */
const CODES: Readonly<Record<string, string>> = {
  MalformedPolicyDocumentException: "MalformedPolicyDocument",
  PackedPolicyTooLargeException: "PackedPolicyTooLarge",
};
