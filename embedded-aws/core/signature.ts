// SigV4 on the server: sign what arrived with the secret that belongs to the key, and compare.
// Source: IAM user guide, «AWS Signature Version 4 for API requests».
import { createHmac, createSecretKey, hash, timingSafeEqual, type KeyObject } from "node:crypto";
import type { CommonErrors } from "./common-errors.ts";
import { notModelled, refused } from "./errors.ts";
import type { Credential } from "./identity.ts";
import type { WireRequest } from "./wire/protocol.ts";

const INVALID_TOKEN = "The security token included in the request is invalid.";
const MAX_SKEW_MS = 5 * 60_000;
const HEADER =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request, ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/;

export interface Scope {
  readonly accessKeyId: string;
  /** YYYYMMDD. */
  readonly date: string;
  readonly region: string;
  /** The signing name. */
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** What the Authorization header claims, before anything of it is believed. Undefined without a SigV4 header. */
export function scopeOf(request: Pick<WireRequest, "headers">): Scope | undefined {
  const match = HEADER.exec(request.headers.authorization ?? "");
  if (!match) return undefined;
  const [, accessKeyId = "", date = "", region = "", service = "", signedHeaders = "", signature = ""] = match;
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(";"), signature };
}

/**
 * The time by the clock that a request was signed by, undefined where that is neither: the machine's, by which clients
 * sign and go on talking to a cloud whose clock was advanced, or the cloud's, which functions have.
 */
export function clockOf(headers: WireRequest["headers"], now: number): number | undefined {
  const signedAt = timeOf(stampOf(headers));
  return [Date.now(), now].find((time) => Math.abs(time - signedAt) <= MAX_SKEW_MS);
}

/** A stamp names a second, in which many requests come, and each is asked for its time twice. */
let read = { stamp: "", time: NaN };

function timeOf(stamp: string): number {
  if (read.stamp !== stamp) {
    const text = stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
    read = { stamp, time: Date.parse(text) };
  }
  return read.time;
}

/**
 * Who says to have signed the request, checked as far as its head goes: nothing of the body is needed, nor believed,
 * before this.
 * @param errors the service's words for what can be wrong with it
 * @throws AwsError for an unknown key, a missing, foreign, tampered or expired token, over 5 minutes of skew, a scope
 *   of another day, headers that had to be signed, a payload that isn't hashed
 */
export function claimedBy(
  { headers }: Pick<WireRequest, "headers">,
  scope: Scope,
  find: (accessKeyId: string) => Credential | undefined,
  now: number,
  errors: CommonErrors,
): Credential {
  const credential = find(scope.accessKeyId);
  if (!credential) throw refused(errors.unknownKey, INVALID_TOKEN);
  if (credential.sessionToken !== headers["x-amz-security-token"]) throw refused(errors.badToken, INVALID_TOKEN);
  if (credential.expiresAt !== undefined && credential.expiresAt <= now)
    throw refused(errors.expiredToken, "The security token included in the request is expired");
  const stamp = stampOf(headers);
  if (clockOf(headers, now) === undefined) {
    const server = new Date().toISOString();
    throw refused(errors.skewed, `Signature expired: ${stamp || "no x-amz-date"} is not within 5 minutes of ${server}`);
  }
  // «Elements of an AWS API request signature»: the scope's date is the request's.
  if (scope.date !== stamp.slice(0, 8)) {
    throw refused(
      errors.badSignature,
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: " +
        `'${scope.date}' != '${stamp.slice(0, 8)}', from '${stamp}'.`,
    );
  }
  // «Create a canonical request»: the host header and every x-amz-* header must be signed. Otherwise a request could
  // be sent to another host, or ask for another operation.
  const unsigned = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-"))].find(
    (name) => !scope.signedHeaders.includes(name),
  );
  if (unsigned !== undefined) {
    const name = unsigned === "host" ? "Host" : unsigned;
    throw refused(errors.badSignature, `'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
  const payload = headers["x-amz-content-sha256"];
  if (payload === undefined || HASH.test(String(payload)) || (payload === UNSIGNED && scope.service === "s3"))
    return credential;
  if (scope.service === "s3" && String(payload).startsWith("STREAMING-"))
    throw notModelled(`A body in signed chunks (x-amz-content-sha256: ${String(payload).slice(0, 100)})`);
  throw mismatch(errors);
}

/** @throws AwsError where the signature isn't the one that the credential makes of this request, body included */
export function verifySignature(
  request: WireRequest,
  scope: Scope,
  credential: Credential,
  errors: CommonErrors,
): void {
  const { headers } = request;
  const bodyHash = hash("sha256", request.body);
  const claimed = headers["x-amz-content-sha256"];
  if (claimed !== undefined && claimed !== UNSIGNED && claimed !== bodyHash) throw mismatch(errors);
  const canonical = canonicalRequest(request, scope, claimed === UNSIGNED ? UNSIGNED : bodyHash);
  const { date, region, service } = scope;
  const of = `${date}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", stampOf(headers), of, hash("sha256", canonical)].join("\n");
  const signature = createHmac("sha256", signingKey(credential, of)).update(text).digest("hex");
  if (!timingSafeEqual(Buffer.from(signature), Buffer.from(scope.signature))) throw mismatch(errors);
}

/**
 * S3's word for a body that isn't hashed («Authenticating Requests: Using the Authorization Header», S3 API
 * reference).
 */
const UNSIGNED = "UNSIGNED-PAYLOAD";
const HASH = /^[0-9a-f]{64}$/;

const stampOf = (headers: WireRequest["headers"]): string =>
  typeof headers["x-amz-date"] === "string" ? headers["x-amz-date"] : "";

const mismatch = (errors: CommonErrors) =>
  refused(
    errors.badSignature,
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret " +
      "Access Key and signing method.",
  );

/** encodeURIComponent leaves five characters that AWS doesn't. */
const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * «Create a canonical request». The path came escaped; it is escaped once more for all but S3, and its empty segments
 * are left out.
 */
function canonicalRequest(request: WireRequest, { service, signedHeaders }: Scope, payload: string) {
  const { method, url, headers, repeated } = request;
  const path = service === "s3" ? request.path : escaped(url.pathname.replace(/\/{2,}/g, "/")).replaceAll("%2F", "/");
  const query = [...url.searchParams].map(([name, value]) => [escaped(name), escaped(value)] as const);
  query.sort(([name, value], [other, its]) => (name < other || (name === other && value < its) ? -1 : 1));
  // Of a header that stands several times the values are joined by a comma alone; Node puts a space behind it.
  const header = (name: string) =>
    `${name}:${(repeated?.[name] ?? [String(headers[name] ?? "")])
      .map((value) => value.trim().replace(/\s+/g, " "))
      .join(",")}`;
  const list = query.map((pair) => pair.join("=")).join("&");
  return [method, path, list, ...signedHeaders.map(header), "", signedHeaders.join(";"), payload].join("\n");
}

/**
 * Signing keys by scope, as long as their credential is there: each takes four hashes to derive, and lasts for a day.
 */
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
