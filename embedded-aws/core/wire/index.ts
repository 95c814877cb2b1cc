import { awsQuery } from "./query.ts";
import { restJson, restXml } from "./rest.ts";
import { awsJson10, awsJson11, rpcV2Cbor } from "./rpc.ts";
import type { Protocol, WireRequest } from "./protocol.ts";

export { awsQuery } from "./query.ts";
export { modelOf, type Fields, type Model, type WireOperation } from "./model.ts";
export type { Protocol, WireReply, WireRequest } from "./protocol.ts";

/** Services that are, or once were, asked by forms: for others a form is a body like any other. */
const QUERY = new Set(["cloudwatch", "iam", "sqs", "sts"]);

/** The protocol that a request speaks, as its headers show, and the service where they don't. */
export function protocolOf({ headers }: Pick<WireRequest, "headers">, service: string | undefined): Protocol {
  if (typeof headers["x-amz-target"] === "string")
    return headers["content-type"]?.includes("json-1.0") ? awsJson10 : awsJson11;
  if (headers["smithy-protocol"] === "rpc-v2-cbor") return rpcV2Cbor;
  const form = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
  if (form && (service === undefined || QUERY.has(service))) return awsQuery;
  return service === "s3" ? restXml : restJson;
}
