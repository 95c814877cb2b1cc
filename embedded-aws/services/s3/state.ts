import type { LifecycleRule } from "@aws-sdk/client-s3";
import { AwsError } from "../../core/errors.ts";
import type { Cloud } from "../../core/service.ts";
import type { StoredPolicy } from "../../core/managed-policy.ts";
import type { Call, Permission } from "../../core/service.ts";
import { stateOf } from "../../core/state.ts";
import type { Timer } from "../../core/clock.ts";

export interface StoredObject {
  readonly body: Buffer;
  readonly etag: string;
  readonly modifiedAt: Date;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
}
export interface Bucket {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: Date;
  policy: StoredPolicy | undefined;
  accessBlock: AccessBlock | undefined;
  tags: Map<string, string>;
  lifecycle: Lifecycle | undefined;
  readonly objects: Map<string, StoredObject>;
}
export interface AccessBlock {
  readonly BlockPublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly RestrictPublicBuckets: boolean;
}

/** Rules that expire objects, and when they are looked at next. */
export interface Lifecycle {
  readonly rules: readonly LifecycleRule[];
  readonly sweep: Timer;
}

export const BUCKETS = stateOf("s3", () => new Map<string, Bucket>(), { global: true });

/** A bucket by its name, whoever owns it: names are shared by all accounts («Bucket naming rules»). */
export function findBucket(cloud: Cloud, name: string): Bucket | undefined {
  for (const buckets of cloud.states(BUCKETS)) {
    const bucket = buckets.get(name);
    if (bucket) return bucket;
  }
  return undefined;
}

interface BucketInput {
  readonly Bucket?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/**
 * @throws AwsError NoSuchBucket; AuthorizationHeaderMalformed for a client of another Region; AccessDenied for
 *   another owner than expected
 */
export function bucketOf(input: BucketInput, { cloud, region, caller }: Call): Bucket {
  const bucket = findBucket(cloud, input.Bucket ?? "");
  if (!bucket) throw noSuchBucket(input.Bucket);
  // Services that deliver to a bucket (CloudTrail) find its Region themselves.
  if (bucket.region !== region && caller.kind !== "service")
    throw new AwsError(
      "AuthorizationHeaderMalformed",
      `The authorization header is malformed; the region '${region}' is wrong; expecting '${bucket.region}'`,
      { status: 400 },
    );
  const { ExpectedBucketOwner: owner = bucket.account } = input;
  if (owner !== bucket.account) throw new AwsError("AccessDenied", "Access Denied", { status: 403 });
  return bucket;
}

const noSuchBucket = (name = "") =>
  new AwsError("NoSuchBucket", `The specified bucket does not exist: ${name}`, { status: 404 });

/** Permission on the bucket, or on one of its objects. @throws AwsError NoSuchBucket, which S3 says to anybody */
export function bucketPermission(action: string, name: string | undefined, { cloud }: Call, key?: string): Permission {
  const bucket = findBucket(cloud, name ?? "");
  if (!bucket) throw noSuchBucket(name);
  return {
    action,
    resource: `arn:aws:s3:::${name ?? ""}${key === undefined ? "" : `/${key}`}`,
    resourceAccount: bucket.account,
    ...(bucket.policy
      ? { resourcePolicy: { kind: "resource", name: `bucket policy of ${bucket.name}`, policy: bucket.policy.policy } }
      : {}),
  };
}

/** The permission of an operation on a bucket. */
export const onBucket =
  (action: string) =>
  (input: { readonly Bucket?: string | undefined }, call: Call): Permission =>
    bucketPermission(action, input.Bucket, call);

/**
 * CloudTrail's name for the bucket («Amazon S3 CloudTrail events», examples); other parameters aren't confirmed, and
 * left out.
 */
export const recorded = {
  request: ({ Bucket }: { readonly Bucket?: string | undefined }) => ({ bucketName: Bucket }),
};
/** Calls about objects are data events, which management trails don't have. */
export const dataEvent = { data: true };
