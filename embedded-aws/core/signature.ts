// SigV4 on the server: sign what arrived with the secret that belongs to the key, and compare.
// Source: IAM user guide, «AWS Signature Version 4 for API requests».
import { createHmac, createSecretKey, hash, timingSafeEqual, type KeyObject } from "node:crypto";
import type { CommonErrors } from "./common-errors.ts";
import { refused } from "./errors.ts";
import type { Credential } from "./identity.ts";
import type { WireRequest } from "./wire/protocol.ts";

const INVALID_TOKEN = "The security token included in the request is invalid.";
const MAX_SKEW_MS = 5 * 60_000;
const HEADER =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request, ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/;

export interface Scope {
  readonly accessKeyId: string;
  readonly region: string;
  /** The signing name. */
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** What the Authorization header claims, before anything of it is believed. Undefined without a SigV4 header. */
export function scopeOf(request: WireRequest): Scope | undefined {
  const match = HEADER.exec(request.headers.authorization ?? "");
  if (!match) return undefined;
  const [, accessKeyId = "", , region = "", service = "", signedHeaders = "", signature = ""] = match;
  return { accessKeyId, region, service, signedHeaders: signedHeaders.split(";"), signature };
}

/**
 * Who signed the request.
 * @param errors the service's words for what can be wrong with it
 * @throws AwsError for an unknown key, a missing, foreign, tampered or expired token, over 5 minutes of skew, a wrong signature
 */
export function verify(
  request: WireRequest,
  scope: Scope,
  find: (accessKeyId: string) => Credential | undefined,
  now: number,
  errors: CommonErrors,
): Credential {
  const { headers } = request;
  const credential = find(scope.accessKeyId);
  if (!credential) throw refused(errors.unknownKey, INVALID_TOKEN);
  if (credential.sessionToken !== headers["x-amz-security-token"]) throw refused(errors.badToken, INVALID_TOKEN);
  if (credential.expiresAt !== undefined && credential.expiresAt <= now)
    throw refused(errors.expiredToken, "The security token included in the request is expired");
  const stamp = typeof headers["x-amz-date"] === "string" ? headers["x-amz-date"] : "";
  const signedAt = new Date(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  // By this cloud's clock or by the machine's: clients sign by the latter, and go on talking to a cloud whose clock was advanced.
  const machine = Date.now();
  const near = [now, machine].some((time) => Math.abs(time - signedAt.getTime()) <= MAX_SKEW_MS);
  if (!near) {
    const server = new Date(machine).toISOString();
    throw refused(errors.skewed, `Signature expired: ${stamp || "no x-amz-date"} is not within 5 minutes of ${server}`);
  }
  const mismatch = () =>
    refused(
      errors.badSignature,
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.",
    );
  // Otherwise it could be sent to another host. «Create a canonical request»: the host header must be signed.
  if (!scope.signedHeaders.includes("host")) {
    throw refused(errors.badSignature, "'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const bodyHash = hash("sha256", request.body);
  const claimedHash = headers["x-amz-content-sha256"];
  if (typeof claimedHash === "string" && /^[0-9a-f]{64}$/.test(claimedHash) && claimedHash !== bodyHash)
    throw mismatch();
  // Signed or not, that header is what the canonical request carries as the payload's hash.
  const canonical = canonicalRequest(request, scope, typeof claimedHash === "string" ? claimedHash : bodyHash);
  const { region, service } = scope;
  const of = `${stamp.slice(0, 8)}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", stamp, of, hash("sha256", canonical)].join("\n");
  const signature = createHmac("sha256", signingKey(credential, of)).update(text).digest("hex");
  if (!timingSafeEqual(Buffer.from(signature), Buffer.from(scope.signature))) throw mismatch();
  return credential;
}

/** encodeURIComponent leaves five characters that AWS doesn't. */
const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** «Create a canonical request». The path came escaped; it is escaped once more for all but S3, and its empty segments are left out. */
function canonicalRequest({ method, url, headers }: WireRequest, { service, signedHeaders }: Scope, payload: string) {
  const path = service === "s3" ? url.pathname : escaped(url.pathname.replace(/\/{2,}/g, "/")).replaceAll("%2F", "/");
  const query = [...url.searchParams].map(([name, value]) => [escaped(name), escaped(value)] as const);
  query.sort(([name, value], [other, its]) => (name < other || (name === other && value < its) ? -1 : 1));
  const header = (name: string) =>
    `${name}:${String(headers[name] ?? "")
      .trim()
      .replace(/\s+/g, " ")}`;
  const list = query.map((pair) => pair.join("=")).join("&");
  return [method, path, list, ...signedHeaders.map(header), "", signedHeaders.join(";"), payload].join("\n");
}

/** Signing keys by scope, as long as their credential is there: each takes four hashes to derive, and lasts for a day. */
const SIGNING_KEYS = new WeakMap<Credential, Map<string, KeyObject>>();
/** A scope names its day and Region, which a client can make up. */
const KEYS_PER_CREDENTIAL = 100;

function signingKey(credential: Credential, scope: string): KeyObject {
  let keys = SIGNING_KEYS.get(credential);
  if (!keys) SIGNING_KEYS.set(credential, (keys = new Map<string, KeyObject>()));
  let key = keys.get(scope);
  if (key) return key;
  if (keys.size >= KEYS_PER_CREDENTIAL) keys.clear();
  key = createSecretKey(`AWS4${credential.secretAccessKey}`, "utf8");
  for (const part of scope.split("/")) key = createSecretKey(createHmac("sha256", key).update(part).digest());
  keys.set(scope, key);
  return key;
}
