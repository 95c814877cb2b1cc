// SigV4 on the server: sign what arrived with the secret that belongs to the key, and compare.
// Source: IAM user guide, «AWS Signature Version 4 for API requests».
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { CommonErrors } from "./common-errors.ts";
import { refused } from "./errors.ts";
import type { Credential } from "./identity.ts";
import type { WireRequest } from "./wire/protocol.ts";

class Sha256 {
  readonly #hash;
  constructor(secret?: string | Uint8Array) {
    this.#hash = secret ? createHmac("sha256", secret) : createHash("sha256");
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#hash.digest()));
  }
}

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
export async function verify(
  request: WireRequest,
  scope: Scope,
  find: (accessKeyId: string) => Credential | undefined,
  now: number,
  errors: CommonErrors,
): Promise<Credential> {
  const { headers, url } = request;
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
  const claimedHash = headers["x-amz-content-sha256"];
  if (typeof claimedHash === "string" && /^[0-9a-f]{64}$/.test(claimedHash)) {
    if (createHash("sha256").update(request.body).digest("hex") !== claimedHash) throw mismatch();
  }
  const signed = Object.fromEntries(scope.signedHeaders.map((name) => [name, String(headers[name] ?? "")]));
  delete signed["x-amz-date"]; // the signer adds both again
  delete signed["x-amz-security-token"];
  // Signed or not, it is what the canonical request carries as the payload's hash.
  if (typeof claimedHash === "string") signed["x-amz-content-sha256"] = claimedHash;
  const query: Record<string, string | string[]> = {};
  for (const key of new Set(url.searchParams.keys())) query[key] = url.searchParams.getAll(key);
  const { service, region } = scope;
  const signer = new SignatureV4({
    credentials: credential,
    region,
    service,
    sha256: Sha256 as never,
    applyChecksum: false,
    // Clients escape the path once more when they sign it, but not for S3.
    uriEscapePath: service !== "s3",
  });
  const { headers: expected } = await signer.sign(
    {
      method: request.method,
      protocol: "http:",
      hostname: "",
      path: url.pathname,
      query,
      headers: signed,
      body: request.body,
    } as never,
    { signingDate: signedAt, signableHeaders: new Set(scope.signedHeaders), unsignableHeaders: new Set<string>() },
  );
  const signature = /Signature=([0-9a-f]{64})/.exec(expected.authorization ?? "")?.[1] ?? "";
  if (signature.length !== 64 || !timingSafeEqual(Buffer.from(signature), Buffer.from(scope.signature)))
    throw mismatch();
  return credential;
}
