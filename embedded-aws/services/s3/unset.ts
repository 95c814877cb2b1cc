// Settings that a bucket may have on AWS and never has here: what reads them gets AWS's answer for a new bucket. What
// would change them is refused.
import type { S3 } from "@aws-sdk/client-s3";
import { AwsError } from "../../core/errors.ts";
import { operations, type AnyOperation, type Operation } from "../../core/service.ts";
import { bucketOf, onBucket, recorded } from "./state.ts";

interface BucketInput {
  readonly Bucket?: string | undefined;
}
const unset = (action: string, answer: object): Operation<BucketInput, object> => ({
  record: recorded,
  authorize: onBucket(action),
  run: (input, call) => {
    bucketOf(input, call);
    if (answer instanceof AwsError) throw answer;
    return answer;
  },
});
const none = (code: string, message: string) => new AwsError(code, message, { status: 404 });

// Actions: «Actions, resources, and condition keys for Amazon S3»; codes and words: «Error responses», S3 API
// reference.
export const unsetSettings: Readonly<Record<string, AnyOperation>> = operations<S3>({
  GetBucketCors: unset("s3:GetBucketCORS", none("NoSuchCORSConfiguration", "The CORS configuration does not exist")),
  GetBucketWebsite: unset(
    "s3:GetBucketWebsite",
    none("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
  ),
  GetBucketReplication: unset(
    "s3:GetReplicationConfiguration",
    none("ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
  ),
  GetObjectLockConfiguration: unset(
    "s3:GetBucketObjectLockConfiguration",
    none("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket"),
  ),
  GetBucketVersioning: unset("s3:GetBucketVersioning", {}),
  GetBucketAccelerateConfiguration: unset("s3:GetAccelerateConfiguration", {}),
  GetBucketLogging: unset("s3:GetBucketLogging", {}),
  GetBucketRequestPayment: unset("s3:GetBucketRequestPayment", { Payer: "BucketOwner" }),
  // Since January 2023 for every new bucket («Setting default server-side encryption behavior»).
  GetBucketEncryption: unset("s3:GetEncryptionConfiguration", {
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }],
    },
  }),
});
