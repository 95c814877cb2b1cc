// A bucket and a trail as an operator makes them with the SDK.
import { CloudTrail } from "@aws-sdk/client-cloudtrail";
import { S3 } from "@aws-sdk/client-s3";
import type { RunningCloud } from "./cloud.ts";

export const trailPolicy = (bucket: string, account: string, trail: string, region = "us-east-1"): string => {
  const sourceArn = `arn:aws:cloudtrail:${region}:${account}:trail/${trail}`;
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal,
        Action: "s3:GetBucketAcl",
        Resource: `arn:aws:s3:::${bucket}`,
        Condition: { StringEquals: { "aws:SourceArn": sourceArn } },
      },
      {
        Effect: "Allow",
        Principal,
        Action: "s3:PutObject",
        Resource: `arn:aws:s3:::${bucket}/AWSLogs/${account}/*`,
        Condition: { StringEquals: { "aws:SourceArn": sourceArn, "s3:x-amz-acl": "bucket-owner-full-control" } },
      },
    ],
  });
};

/** A trail of one Region in that account, not logging yet. Returns its client. */
export async function makeTrail(running: RunningCloud, account: string, name = "audit"): Promise<CloudTrail> {
  const config = running.config(account);
  const s3 = new S3({ ...config, forcePathStyle: true });
  const Bucket = `${name}-${account}`;
  await s3.createBucket({ Bucket });
  await s3.putBucketPolicy({ Bucket, Policy: trailPolicy(Bucket, account, name) });
  const cloudtrail = new CloudTrail(config);
  await cloudtrail.createTrail({ Name: name, S3BucketName: Bucket });
  return cloudtrail;
}

/** The code of the error that a call ends with. Fails the test when it succeeds. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return (error as Error).name;
  }
  throw new Error("The call was expected to fail, and succeeded.");
}
