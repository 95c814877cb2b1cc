// awsJson 1.0, awsJson 1.1 and rpc-v2-cbor: the operation's name is in a header or in the path, the whole input in
// the body.
import { crc32 } from "node:zlib";
import { JsonCodec2 } from "@aws-sdk/core/protocols";
import { CborCodec } from "@smithy/core/cbor";
import { NormalizedSchema } from "@smithy/core/schema";
import { conform } from "./conform.ts";
import type { Fields, Shape } from "./model.ts";
import {
  EPOCH_SECONDS,
  errorShape,
  faultOf,
  serdeContext,
  unknownOperation,
  type FailedCall,
  type Protocol,
  type WireReply,
} from "./protocol.ts";

type Codec = JsonCodec2 | CborCodec;

export const json = new JsonCodec2({ jsonName: true, timestampFormat: { useTrait: true, default: EPOCH_SECONDS } });
const cbor = new CborCodec();
json.setSerdeContext(serdeContext);
cbor.setSerdeContext(serdeContext);

/** JSON is read from text, CBOR from bytes. */
export async function decode(codec: Codec, shape: Shape, body: Buffer): Promise<Fields> {
  if (body.length === 0) return {};
  const text = codec === cbor ? body : body.toString();
  return conform(shape, await codec.createDeserializer().read(shape, text as never), "The body") as Fields;
}

export function encode(codec: Codec, shape: Shape, value: Fields): Buffer {
  const serializer = codec.createSerializer();
  serializer.write(shape, value);
  const { buffer, byteOffset, byteLength } = serializer.flush();
  // Not Buffer.from(bytes): the JSON codec's bytes pose as a text, and complain when they are taken for one.
  return Buffer.from(buffer, byteOffset, byteLength);
}

const DOCUMENT = NormalizedSchema.of(15);

/**
 * Services that were query services once: their clients go on knowing errors by the old codes, which they find in a
 * header («AWS query compatible trait», Smithy). Clients believe that header from any service: others must not send
 * it.
 */
const QUERY_COMPATIBLE: ReadonlySet<string> = new Set(["com.amazonaws.sqs", "com.amazonaws.cloudwatch"]);

/** Codes of SQS that JSON clients are told otherwise (recorded on AWS by another project's tests). */
const SQS_TYPES: Readonly<Record<string, string>> = {
  InvalidParameterValue: "InvalidParameterValueException",
  MissingParameter: "MissingRequiredParameterException",
};

/** DynamoDB's answers carry a checksum, and some SDKs warn where it is missing. */
const withChecksum = (namespace: string | undefined, reply: WireReply): WireReply =>
  namespace === "com.amazonaws.dynamodb"
    ? { ...reply, headers: { ...reply.headers, "x-amz-crc32": String(crc32(reply.body)) } }
    : reply;

function rpc(codec: Codec, contentType: string, more: Record<string, string>, name: Protocol["find"]): Protocol {
  const empty = codec === cbor ? encode(cbor, DOCUMENT, {}) : "{}";
  const headers = (requestId: string) => ({ "content-type": contentType, "x-amzn-requestid": requestId, ...more });
  return {
    find: name,
    unknown: unknownOperation,
    read: (operation, request) => decode(codec, operation.input, request.body),
    write: (operation, output, requestId) =>
      withChecksum(operation.namespace, {
        status: 200,
        headers: headers(requestId),
        body: operation.output.isUnitSchema() ? empty : encode(codec, operation.output, output),
      }),
    fail: (failed: FailedCall) => {
      const { shape, queryCode, status } = errorShape(failed);
      const { error, model, requestId } = failed;
      const type = model?.namespace === "com.amazonaws.sqs" ? (SQS_TYPES[shape] ?? shape) : shape;
      const fields = {
        __type: model ? `${model.namespace}#${type}` : type,
        message: error.message,
        Message: error.message,
        ...error.fields,
      };
      return withChecksum(model?.namespace, {
        status,
        headers: {
          ...headers(requestId),
          ...(model && QUERY_COMPATIBLE.has(model.namespace)
            ? { "x-amzn-query-error": `${queryCode ?? shape};${faultOf(status)}` }
            : {}),
        },
        body: codec === cbor ? encode(cbor, DOCUMENT, fields) : JSON.stringify(fields),
      });
    },
  };
}

/**
 * What stands before the operation's name in X-Amz-Target, by the model's namespace. CloudTrail's has one more in
 * front with some clients.
 */
export const TARGETS: Readonly<Record<string, string>> = {
  "com.amazonaws.cloudtrail": "CloudTrail_20131101",
  "com.amazonaws.cloudwatch": "GraniteServiceVersion20100801",
  "com.amazonaws.cloudwatchlogs": "Logs_20140328",
  "com.amazonaws.dynamodb": "DynamoDB_20120810",
  "com.amazonaws.eventbridge": "AWSEvents",
  "com.amazonaws.servicequotas": "ServiceQuotasV20190624",
  "com.amazonaws.sqs": "AmazonSQS",
};

const byTarget: Protocol["find"] = ({ namespace }, { headers }) => {
  const [, target = "", name] =
    /^(?:com\.amazonaws\.cloudtrail\.v20131101\.)?(.*)\.([^.]+)$/.exec(String(headers["x-amz-target"])) ?? [];
  return target === TARGETS[namespace] ? name : undefined;
};

export const awsJson10 = rpc(json, "application/x-amz-json-1.0", {}, byTarget);
export const awsJson11 = rpc(json, "application/x-amz-json-1.1", {}, byTarget);
export const rpcV2Cbor = rpc(cbor, "application/cbor", { "smithy-protocol": "rpc-v2-cbor" }, (_model, { path }) =>
  path.split("/").at(-1),
);
