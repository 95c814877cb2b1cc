// What the code behind pulumi-aws asked this cloud for, in one run with both accounts: each different call once, with
// a sample of its request. Here it becomes signed requests again, in an order in which what is asked for exists.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Credential } from "../core/identity.ts";
import { CUSTOMER, DEFAULT_REGION, PARTNER, type RunningCloud } from "./cloud.ts";
import { createFunction, createRole, zip } from "./functions.ts";

interface Recorded {
  readonly service: string;
  /** The operation, or method and path of a REST protocol. */
  readonly call: string;
  readonly request?: string;
}
export interface ProviderCall {
  /** Service and operation or path, as recorded: `s3 GET /X?cors=`. */
  readonly name: string;
  readonly service: string;
  readonly account: string;
  /** What the provider asks whether or not it will change something. */
  readonly reads: boolean;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How the requests of services without paths are addressed. */
const JSON_1_1 = "application/x-amz-json-1.1";
const TARGETS: Readonly<Record<string, readonly [contentType: string, prefix: string]>> = {
  logs: [JSON_1_1, "Logs_20140328"],
  events: [JSON_1_1, "AWSEvents"],
  cloudtrail: [JSON_1_1, "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"],
  sqs: ["application/x-amz-json-1.0", "AmazonSQS"],
  dynamodb: ["application/x-amz-json-1.0", "DynamoDB_20120810"],
};
const QUERY = new Set(["sts", "iam", "monitoring"]);

const FUNCTION = "iot-hooks-announce-1a2b3c4";
const BUCKET = "iot-hooks-trail-1a2b3c4";
/** The recording names what was random, and paths of functions and buckets, by placeholders; code is left out. */
function filledIn({ service, call, request = "" }: Recorded): { call: string; request: string } {
  const named = (text: string) => text.replace(/\bID\b/g, "1a2b3c4").replace('/things"', '/things-dlq"');
  const path = named(call)
    .replace(/^(\w+) \/X\b/, `$1 /${BUCKET}`)
    .replace("/policy/X", "/policy/terraform-1a2b3c4")
    // Its third and fourth version came of changes that are recorded once.
    .replace(/(?<=X%3A|Qualifier=)[34]$|(?<=X%3A)[34]/g, "2")
    .replace(/(?<=\/|%3A)X\b|(?<=%3A)X(?=%3A)/g, FUNCTION);
  const creation = {
    FunctionName: FUNCTION,
    Architectures: ["arm64"],
    Code: { ZipFile: Buffer.from(zip({ "index.js": "exports.handler = async () => ({});" })).toString("base64") },
    Handler: "index.handler",
    Runtime: "nodejs24.x",
    Role: `arn:aws:iam::${CUSTOMER}:role/publish-to-partner-role-${PARTNER}`,
    Publish: true,
    Tags: { application: "cross-account-iot-hooks" },
  };
  const code = service === "lambda" && call === "POST /2015-03-31/functions";
  return { call: path, request: code ? JSON.stringify(creation) : named(request) };
}

function requestOf(recorded: Recorded): ProviderCall {
  const { service } = recorded;
  const { call, request: body } = filledIn(recorded);
  const [verb = "", path = ""] = call.split(" ");
  const rest = path !== "";
  const target = TARGETS[service];
  const headers = target
    ? { "content-type": target[0], "x-amz-target": `${target[1]}.${call}` }
    : { "content-type": QUERY.has(service) ? "application/x-www-form-urlencoded" : rest ? "application/json" : "" };
  return {
    name: `${service} ${recorded.call}`,
    service,
    // The only rule of IoT is the partner's; all else was recorded, or is the same, in the customer's account.
    account: service === "iot" && /rule|endpoint/.test(path) ? PARTNER : CUSTOMER,
    reads: rest ? /^(GET|HEAD)$/.test(verb) : /^(Get|List|Describe)/.test(verb),
    method: rest ? verb : "POST",
    path: rest ? path : "/",
    headers,
    body,
  };
}

/**
 * What has to be there before the rest, in its order; and what takes it away again. Between them comes everything
 * else.
 */
const FIRST = [
  /^iam CreateRole$/,
  /^iam PutRolePolicy$/,
  /^logs CreateLogGroup$/,
  /^lambda POST \S+\/functions$/,
  /^lambda PUT \S+\/X\/configuration$/,
  /^lambda POST \S+\/X\/versions$/,
  /^lambda POST /,
  /^events PutRule$/,
  /^s3 PUT \/X$/,
  /^s3 PUT /,
  /^cloudtrail CreateTrail$/,
  /^iot POST \/thing-types\/\w+$/,
  /^\w+ (Create|Put|Update|Attach)/,
  /^iot POST \/(rules|things)\//,
  /^(lambda|iot) PUT /,
];
const LAST = [
  /^events RemoveTargets$/,
  /^iam (DeleteRolePolicy|DetachRolePolicy)$/,
  /^cloudtrail DeleteTrail$/,
  /^iot DELETE \/things\//,
  /^iot POST \S+\/deprecate$/,
  /^s3 (DELETE|POST) \/X\?/,
  /^lambda DELETE \S+\/(policy|aliases|event-invoke-config)/,
  /^\w+ (Delete|DELETE)/,
];
function place(name: string): number {
  const last = LAST.findIndex((pattern) => pattern.test(name));
  if (last >= 0) return 1000 + last;
  const first = FIRST.findIndex((pattern) => pattern.test(name));
  return first >= 0 ? first : 100;
}

/** Every different call of the recording, things made first and deleted last. */
export function providerCalls(): ProviderCall[] {
  const lines = readFileSync(join(import.meta.dirname, "data", "provider-calls.jsonl"), "utf8")
    .trim()
    .split("\n");
  const calls = lines.map((line) => requestOf(JSON.parse(line) as Recorded));
  // Some differ only in what stands in the placeholders' places.
  const different = new Map(calls.map((call) => [`${call.service} ${call.method} ${call.path} ${call.body}`, call]));
  return [...different.values()].sort((one, other) => place(one.name) - place(other.name));
}

/** What the recorded calls need besides each other: the function "extra", which may send to its queue. */
export async function prepare(running: RunningCloud): Promise<void> {
  const Role = await createRole(running, CUSTOMER, "extra", ["sqs:SendMessage"]);
  await createFunction(running, CUSTOMER, "extra", "exports.handler = async () => ({});", { Role });
}

type Keys = Pick<Credential, "accessKeyId" | "secretAccessKey"> & { readonly sessionToken?: string | undefined };

/** Sends a call as whoever has the keys: status, and AWS's code and words where it is refused. */
export async function send(endpoint: string, call: ProviderCall, keys: Keys) {
  const { service, method } = call;
  const url = new URL(call.path, endpoint);
  const body = call.body.replaceAll("http://127.0.0.1:4720", endpoint);
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    region: DEFAULT_REGION,
    service,
    sha256: Hash.bind(null, "sha256"),
    uriEscapePath: service !== "s3",
  });
  const { headers } = await signer.sign({
    method,
    protocol: "http:",
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { ...call.headers, host: url.host },
    ...(body === "" ? {} : { body }),
  });
  const answer = await fetch(url, { method, headers, ...(body === "" ? {} : { body }) });
  const text = await answer.text();
  const code =
    answer.headers.get("x-amzn-errortype") ??
    /<Code>(.*?)<\/Code>|"__type":"(?:.*#)?(.*?)"/.exec(text)?.slice(1).join("");
  return { status: answer.status, code, text };
}
