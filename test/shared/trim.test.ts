// A trimmed client behaves as the whole one: the same requests, the same answers, and after the same errors as many
// attempts, as long apart, with the same error in the end.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as iot from "@aws-sdk/client-iot";
import * as data from "@aws-sdk/client-iot-data-plane";
import * as sqs from "@aws-sdk/client-sqs";
import * as sts from "@aws-sdk/client-sts";
import { bundle } from "../../shared/bundle.ts";
import { CLIENT } from "../../shared/lambda/clients.ts";
import { setEnvironment } from "../lambda/aws-stub.ts";
import { type Asked, type Reply, ScriptedAws, type Silence } from "./scripted-aws.ts";

/** What both functions use of the SDK. */
const WHOLE = {
  IoTClient: iot.IoTClient,
  DescribeThingCommand: iot.DescribeThingCommand,
  DescribeThingGroupCommand: iot.DescribeThingGroupCommand,
  DescribeThingTypeCommand: iot.DescribeThingTypeCommand,
  DescribeBillingGroupCommand: iot.DescribeBillingGroupCommand,
  IoTDataPlaneClient: data.IoTDataPlaneClient,
  PublishCommand: data.PublishCommand,
  SQSClient: sqs.SQSClient,
  SendMessageCommand: sqs.SendMessageCommand,
  STSClient: sts.STSClient,
  AssumeRoleCommand: sts.AssumeRoleCommand,
  DynamoDBClient: dynamodb.DynamoDBClient,
  UpdateItemCommand: dynamodb.UpdateItemCommand,
  DeleteItemCommand: dynamodb.DeleteItemCommand,
  ConditionalCheckFailedException: dynamodb.ConditionalCheckFailedException,
};
type Sdk = typeof WHOLE;

const TRIMMED_SOURCE = `
  export { IoTClient, DescribeThingCommand, DescribeThingGroupCommand, DescribeThingTypeCommand,
    DescribeBillingGroupCommand } from "@aws-sdk/client-iot";
  export { IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
  export { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
  export { STSClient, AssumeRoleCommand } from "@aws-sdk/client-sts";
  export { DynamoDBClient, UpdateItemCommand, DeleteItemCommand, ConditionalCheckFailedException }
    from "@aws-sdk/client-dynamodb";
`;

/** As the functions have them. */
const config = (endpoint: string): Config => ({ ...CLIENT, endpoint });
type Config = Omit<typeof CLIENT, "maxAttempts" | "requestHandler"> & {
  readonly endpoint: string;
  readonly maxAttempts: number;
  readonly requestHandler: Readonly<Record<string, unknown>>;
};
/** For what never comes: it isn't waited for as long, and not as often. */
const impatient = (endpoint: string): Config => ({
  ...config(endpoint),
  maxAttempts: 2,
  requestHandler: { ...CLIENT.requestHandler, requestTimeout: 1_000 },
});

const BODY =
  '{"thingName":"lamp","version":3,"attributes":{"room":"kitchen"},"thingTypeMetadata":{"creationDate":1.5e9}}';
const MD5 = "5d41402abc4b2a76b9719d911017c592";
const SESSION = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
  <AccessKeyId>A</AccessKeyId><SecretAccessKey>s&amp;</SecretAccessKey><SessionToken>t</SessionToken>
  <Expiration>2026-01-02T03:04:05Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

interface Call {
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

const item = { TableName: "t", Key: { subject: { S: "111/thing/lamp" } } };
const CALLS: Readonly<Record<string, Call>> = {
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
          ...item,
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
    send: (sdk, config, options) => new sdk.DynamoDBClient(config).send(new sdk.DeleteItemCommand(item), options),
    succeeds: { status: 200, body: "{}" },
    error: inBody,
    client: dynamodb,
  },
};

type Script = readonly (Reply | Silence)[];

const SCRIPTS: Readonly<Record<string, (call: Call) => Script>> = {
  "an answer": ({ succeeds }) => [succeeds],
  "throttling, which passes": ({ error, succeeds }) => [error("ThrottlingException", 400), succeeds],
  "throttling, which doesn't pass": ({ error }) => [error("Throttling", 400)],
  "too many requests": ({ error }) => [error("TooManyRequestsException", 429)],
  "throttling that says when to come back": ({ error, succeeds }) => [
    { ...error("ThrottlingException", 429), headers: { "retry-after": "1", "x-amz-retry-after": "40" } },
    succeeds,
  ],
  "500, which passes": ({ error, succeeds }) => [error("InternalFailureException", 500), succeeds],
  "503 from something before the service": () => [
    { status: 503, headers: { "content-type": "text/html" }, body: "<html>Service Unavailable</html>" },
  ],
  "502 with nothing in it": () => [{ status: 502 }],
  "504, then 500, then an answer": ({ error, succeeds }) => [{ status: 504, body: "" }, error("X", 500), succeeds],
  "501, which nobody tries again": ({ error }) => [error("NotImplemented", 501)],
  "connections that break, then an answer": ({ succeeds }) => ["reset", "reset", succeeds],
  "connections that always break": () => ["reset"],
  "expired credentials": ({ error }) => [error("ExpiredTokenException", 403, "The security token is expired")],
  "credentials that nobody knows": ({ error }) => [error("UnrecognizedClientException", 403)],
  "a denial": ({ error }) => [error("AccessDeniedException", 403, "User: a is not authorized to perform: b")],
  "a clock that is an hour behind": ({ error, succeeds }) => [
    { ...error("InvalidSignatureException", 403, "Signature expired"), headers: { date: HOUR_AHEAD } },
    { ...succeeds, headers: { date: HOUR_AHEAD } },
  ],
  "an error that nobody knows": ({ error }) => [error("SomethingNewException", 400)],
  "an error without a code": () => [{ status: 400, body: "{}" }],
  "an error without a body": () => [{ status: 403 }],
  "an error that is no JSON and no XML": () => [{ status: 400, body: "}<" }],
  "an answer that is no JSON and no XML": () => [{ status: 200, body: "}<" }],
};
const HOUR_AHEAD = new Date(Date.now() + 3_600_000).toUTCString();

/** What the caller sees in the end. */
interface Seen {
  readonly output?: unknown;
  readonly error?: Readonly<Record<string, unknown>>;
}

/** Ids and signatures are others at each request; what a trimmed client says of itself is the same. */
function comparable({ method, url, headers, body }: Asked) {
  const { authorization, host: _, "amz-sdk-invocation-id": __, "x-amz-date": date, ...rest } = headers;
  const signed = authorization?.replace(/Signature=.*/, "").replaceAll(/\d{8}/g, "");
  // A clock that was set by an answer is told by the hour.
  const ahead = date !== undefined && hoursAhead(String(date)) > 0.5;
  return { method, url, headers: rest, body, signed, ahead };
}
const hoursAhead = (date: string): number =>
  (Date.parse(date.replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z")) - Date.now()) / 3_600_000;

const errorSeen = (error: Error & { readonly $response?: { readonly statusCode?: number } }) => {
  const { $response, stack: _, ...own } = error as typeof error & Record<string, unknown>;
  return {
    ...own,
    name: error.name,
    // A port is in the words of a broken connection.
    message: error.message.replaceAll(/:\d{4,5}\b/g, ""),
    status: $response?.statusCode,
    text: String(error).replaceAll(/:\d{4,5}\b/g, ""),
  };
};

/** A time that an answer gave, less what went by until it was read. */
const inTenths = (ms: string): string => (Number(ms) / 1000).toFixed(1);

async function play(sdk: Sdk, { send }: Call, script: Script, configured = config) {
  const aws = new ScriptedAws(script);
  const endpoint = await aws.start();
  let seen: Seen;
  try {
    seen = { output: await send(sdk, configured(endpoint), { abortSignal: AbortSignal.timeout(20_000) }) };
  } catch (error) {
    seen = { error: errorSeen(error as Error) };
  } finally {
    await aws.stop();
  }
  const told = JSON.stringify({ seen, asked: aws.asked.map(comparable) });
  // Ports differ; and the SDK's CommonJS says that it is of the version before.
  return JSON.parse(
    told
      .replaceAll(/(?<="totalRetryDelay":)\d{3,}/g, inTenths)
      .replaceAll(/127\.0\.0\.1:\d+|(?<=[/#]3\.)\d+\.\d+/g, ""),
  ) as {
    readonly seen: Seen;
    readonly asked: readonly unknown[];
  };
}

describe("a client of a function's bundle", function () {
  this.timeout(30_000);
  let trimmed: Sdk;
  let folder: string;
  let restore: () => void;
  const { random } = Math;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "trimmed-"));
    const file = join(folder, "sdk.cjs");
    await writeFile(file, bundle(TRIMMED_SOURCE).code);
    trimmed = createRequire(import.meta.url)(file) as Sdk;
    restore = setEnvironment({
      AWS_ENDPOINT_URL: undefined,
      AWS_PROFILE: undefined,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "ASIAFUNCTION",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
    });
    // How long a client waits before it tries again is left to chance; here it is the same for both, and short.
    Math.random = () => 0.02;
  });
  after(async () => {
    Math.random = random;
    restore();
    await rm(folder, { recursive: true });
  });

  /** Both at once, each with an endpoint of its own. */
  const both = (call: Call, script: Script, configured = config) =>
    Promise.all([play(WHOLE, call, script, configured), play(trimmed, call, script, configured)]);

  for (const [operation, call] of Object.entries(CALLS)) {
    it(`does with ${operation} what the whole SDK's does, whatever comes back`, async () => {
      const scenes = Object.entries(SCRIPTS).map(async ([name, script]) => ({
        name,
        played: await both(call, script(call)),
      }));
      for (const {
        name,
        played: [whole, ours],
      } of await Promise.all(scenes)) {
        expect(ours, name).to.deep.equal(whole);
      }
    });
  }

  it("gives each error that an operation declares its name, and tries again as often", async () => {
    for (const [operation, call] of Object.entries(CALLS)) {
      const errors = await declaredErrors(operation, call);
      expect(errors.length, operation).to.be.greaterThan(2);
      for (const { name, code, status } of errors) {
        const [whole, ours] = await both(call, [call.error(code, status)]);
        expect(ours, name).to.deep.equal(whole);
        expect(ours.seen.error?.["name"]).to.match(new RegExp(`${name}$`));
      }
    }
  });

  it("gives up a request that isn't answered, and tries again", async () => {
    const scripts = (call: Call): Script[] => [["hang"], ["hang", call.succeeds]];
    const scenes = Object.entries(CALLS).flatMap(([name, call]) =>
      scripts(call).map(async (script) => ({ name, played: await both(call, script, impatient) })),
    );
    for (const {
      name,
      played: [whole, ours],
    } of await Promise.all(scenes)) {
      expect(ours, name).to.deep.equal(whole);
      expect(ours.asked, name).to.have.length(2);
    }
  });

  it("knows the error whose item the device registry reads", async () => {
    const failed: Reply = {
      status: 400,
      body: '{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"no","Item":{"a":{"N":"1"}}}',
    };
    const aws = new ScriptedAws([failed]);
    const { UpdateItemCommand, DynamoDBClient, ConditionalCheckFailedException } = trimmed;
    const client = new DynamoDBClient(config(await aws.start()));
    const error: unknown = await client.send(new UpdateItemCommand(item)).catch((caught: unknown) => caught);
    await aws.stop();

    expect(error).to.be.instanceOf(ConditionalCheckFailedException);
    expect((error as dynamodb.ConditionalCheckFailedException).Item).to.deep.equal({ a: { N: "1" } });
  });
});

/** From the client's declarations: there an operation says which errors it has. */
async function declaredErrors(operation: string, { client, error }: Call) {
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
]);
/** What STS says on the wire. */
const CODES: Readonly<Record<string, string>> = {
  MalformedPolicyDocumentException: "MalformedPolicyDocument",
  PackedPolicyTooLargeException: "PackedPolicyTooLarge",
};
