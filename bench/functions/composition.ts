// What the functions are made of: bytes of their bundles, by whose code they are.
import { announceBundle } from "../../customer/announce-function.ts";
import { defaultReceiveBundle } from "../../partner/own-code.ts";

/** The first that matches takes a module. */
const PARTS: readonly (readonly [string, RegExp])[] = [
  ["our own code", /^(?:customer|partner|shared)\//],
  ["valibot, which checks what comes in", /^node_modules\/valibot\//],
  ["Powertools, which writes metrics", /^node_modules\/@aws-lambda-powertools\//],
  ["the clients: schemas, errors, settings", /^node_modules\/@aws-sdk\/(?:client|middleware-sdk)-/],
  ["JSON and HTTP bindings", /^node_modules\/@smithy\/core\/.*\/(?:protocols|schema|serde)\/|\/dynamodb-codec\//],
  ["AWS's protocols, XML of STS among them", /^node_modules\/@aws-sdk\/(?:core\/.*\/protocols|xml-builder)\//],
  ["retries", /^node_modules\/@smithy\/core\/.*\/retry\//],
  ["signatures and credentials", /\/signature-v4|httpAuth|http-auth|http-signing|identity|credential|\/checksum\//],
  ["HTTP", /^node_modules\/@smithy\/(?:node-http-handler|core\/.*\/transport)\//],
  ["the rest of the SDK: middleware, endpoints, user agent", /./],
];

const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1);

/** Rows of a table, the head first. */
export async function composition(): Promise<string[][]> {
  const bundles = await Promise.all([announceBundle(), defaultReceiveBundle(false)]);
  const rows = PARTS.map(([part]) => [part, ...bundles.map((bundle) => kilobytes(bytesOf(part, bundle)))]);
  return [["kB of the bundle", "announce", "receive"], ...rows];
}

const bytesOf = (part: string, { bytes }: Awaited<ReturnType<typeof announceBundle>>): number =>
  Object.entries(bytes)
    .filter(([path]) => PARTS.find(([, pattern]) => pattern.test(path))?.[0] === part)
    .reduce((sum, [, size]) => sum + size, 0);
