// Lifecycle: objects that expire some days after they were written. Transitions, dates, tags, sizes and versions are
// not modelled.
import type { LifecycleRule, S3 } from "@aws-sdk/client-s3";
import type { Timer } from "../../core/clock.ts";
import { AwsError } from "../../core/errors.ts";
import { operations, type Cloud } from "../../core/service.ts";
import { childSpan } from "../../core/trace.ts";
import { bucketOf, onBucket, recorded, type Bucket } from "./state.ts";

const DAY_MS = 86_400_000;
/** «PutBucketLifecycleConfiguration»: the default, kept from the last configuration where a request leaves it out. */
const SIZE = { TransitionDefaultMinimumObjectSize: "all_storage_classes_128K" as const };

const malformed = (message: string) => new AwsError("InvalidArgument", message, { status: 400 });

function check({ Expiration }: LifecycleRule): void {
  if (Expiration && !(Number.isInteger(Expiration.Days) && (Expiration.Days ?? 0) > 0))
    throw malformed("'Days' for Expiration action must be a positive integer");
}

/**
 * An object goes at the midnight (UTC) after its days are over («Lifecycle elements to describe lifecycle actions»).
 */
const isExpired = (rule: LifecycleRule, key: string, modifiedAt: Date, now: number): boolean =>
  rule.Status === "Enabled" &&
  rule.Expiration?.Days !== undefined &&
  key.startsWith(rule.Filter?.Prefix ?? "") &&
  Math.ceil((modifiedAt.getTime() + rule.Expiration.Days * DAY_MS) / DAY_MS) * DAY_MS <= now;

/** Removes what has expired at each midnight (UTC), while the bucket has rules. */
function sweepAtMidnight(cloud: Cloud, bucket: Bucket): Timer {
  return cloud.clock.after(DAY_MS - (cloud.clock.now() % DAY_MS), () => {
    const { lifecycle, name, account, region, objects } = bucket;
    if (!lifecycle) return;
    const now = cloud.clock.now();
    const expired = [...objects].filter(([key, { modifiedAt }]) =>
      lifecycle.rules.some((rule) => isExpired(rule, key, modifiedAt, now)),
    );
    for (const [key] of expired) objects.delete(key);
    const what = { service: "s3", name: "ObjectsExpired", detail: { bucket: name, removed: expired.length } };
    if (expired.length > 0) cloud.effect({ span: childSpan(undefined), account, region, ...what });
    bucket.lifecycle = { ...lifecycle, sweep: sweepAtMidnight(cloud, bucket) };
  });
}

export const lifecycle = operations<S3>({
  PutBucketLifecycleConfiguration: {
    record: recorded,
    authorize: onBucket("s3:PutLifecycleConfiguration"),
    run: (input, call) => {
      const bucket = bucketOf(input, call);
      const rules = input.LifecycleConfiguration?.Rules ?? [];
      for (const rule of rules) check(rule);
      bucket.lifecycle?.sweep.cancel();
      bucket.lifecycle = { rules, sweep: sweepAtMidnight(call.cloud, bucket) };
      return SIZE;
    },
  },
  GetBucketLifecycleConfiguration: {
    record: recorded,
    authorize: onBucket("s3:GetLifecycleConfiguration"),
    run: (input, call) => {
      const { lifecycle: set } = bucketOf(input, call);
      if (!set)
        throw new AwsError("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", {
          status: 404,
        });
      return { Rules: [...set.rules], ...SIZE };
    },
  },
  DeleteBucketLifecycle: {
    record: recorded,
    // «DeleteBucketLifecycle»: the permission is that of the change.
    authorize: onBucket("s3:PutLifecycleConfiguration"),
    run: (input, call) => {
      const bucket = bucketOf(input, call);
      bucket.lifecycle?.sweep.cancel();
      bucket.lifecycle = undefined;
      return {};
    },
  },
});
