import { awsQuery } from "./query.ts";
import { restJson, restXml } from "./rest.ts";
import { awsJson10, awsJson11, rpcV2Cbor } from "./rpc.ts";
import type { Protocol, WireRequest } from "./protocol.ts";

export { modelOf, type Fields, type Model, type WireOperation } from "./model.ts";
export type { Protocol, WireReply, WireRequest } from "./protocol.ts";

/** The protocol that a request speaks, as its headers show. `xml`: the service is S3, whose REST bodies are XML. */
export function protocolOf({ headers }: Pick<WireRequest, "headers">, xml: boolean): Protocol {
  if (typeof headers["x-amz-target"] === "string")
    return headers["content-type"]?.includes("json-1.0") ? awsJson10 : awsJson11;
  if (headers["smithy-protocol"] === "rpc-v2-cbor") return rpcV2Cbor;
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return awsQuery;
  return xml ? restXml : restJson;
}
