// What a bucket is set to: policy, public access block, tags.
import type { S3 } from "@aws-sdk/client-s3";
import { AwsError } from "../../core/errors.ts";
import { readPolicy, shownPolicy } from "../../core/policies.ts";
import { operations } from "../../core/service.ts";
import { mergedTags, tagList } from "../../core/tags.ts";
import { bucketOf, onBucket, recorded } from "./state.ts";

const MAX_POLICY_BYTES = 20 * 1024;

interface RawStatement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

/**
 * Open to everybody: «The meaning of "public"», S3 user guide. A statement with any condition counts as closed here.
 */
function isPublic(text: string): boolean {
  const { Statement } = JSON.parse(text) as { Statement: RawStatement | RawStatement[] };
  return [Statement].flat().some(({ Effect, Principal, Condition }) => {
    if (Effect !== "Allow" || Condition !== undefined) return false;
    const aws = typeof Principal === "object" ? (Principal as { AWS?: unknown } | null)?.AWS : Principal;
    return [aws].flat().includes("*");
  });
}

export const badTags = (message: string) => new AwsError("InvalidTag", message, { status: 400 });

export const bucketSettings = operations<S3>({
  PutBucketPolicy: {
    record: recorded,
    authorize: onBucket("s3:PutBucketPolicy"),
    run: (input, call) => {
      const bucket = bucketOf(input, call);
      const { Policy = "" } = input;
      if (Buffer.byteLength(Policy) > MAX_POLICY_BYTES)
        throw new AwsError("PolicyTooLarge", `A bucket policy may have at most ${MAX_POLICY_BYTES} bytes.`, {
          status: 400,
        });
      const policy = readPolicy(call.cloud, Policy, "resource", "MalformedPolicy");
      if (bucket.accessBlock?.BlockPublicPolicy && isPublic(Policy))
        throw new AwsError(
          "AccessDenied",
          `User: ${call.caller.arn} is not authorized to perform: s3:PutBucketPolicy on resource: ` +
            `"arn:aws:s3:::${bucket.name}" because public policies are prevented by the BlockPublicPolicy setting ` +
            "in S3 Block Public Access.",
          { status: 403 },
        );
      bucket.policy = policy;
      return {};
    },
  },
  GetBucketPolicy: {
    record: recorded,
    authorize: onBucket("s3:GetBucketPolicy"),
    run: (input, call) => {
      const { policy } = bucketOf(input, call);
      if (!policy) throw new AwsError("NoSuchBucketPolicy", "The bucket policy does not exist", { status: 404 });
      return { Policy: shownPolicy(call.cloud, policy) };
    },
  },
  DeleteBucketPolicy: {
    record: recorded,
    authorize: onBucket("s3:DeleteBucketPolicy"),
    run: (input, call) => {
      bucketOf(input, call).policy = undefined;
      return {};
    },
  },
  PutPublicAccessBlock: {
    record: recorded,
    authorize: onBucket("s3:PutBucketPublicAccessBlock"),
    run: (input, call) => {
      const it = input.PublicAccessBlockConfiguration ?? {};
      bucketOf(input, call).accessBlock = {
        BlockPublicAcls: it.BlockPublicAcls ?? false,
        BlockPublicPolicy: it.BlockPublicPolicy ?? false,
        IgnorePublicAcls: it.IgnorePublicAcls ?? false,
        RestrictPublicBuckets: it.RestrictPublicBuckets ?? false,
      };
      return {};
    },
  },
  GetPublicAccessBlock: {
    record: recorded,
    authorize: onBucket("s3:GetBucketPublicAccessBlock"),
    run: (input, call) => {
      const { accessBlock } = bucketOf(input, call);
      if (!accessBlock)
        throw new AwsError(
          "NoSuchPublicAccessBlockConfiguration",
          "The public access block configuration was not found",
          { status: 404 },
        );
      return { PublicAccessBlockConfiguration: accessBlock };
    },
  },
  DeletePublicAccessBlock: {
    record: recorded,
    authorize: onBucket("s3:PutBucketPublicAccessBlock"),
    run: (input, call) => {
      bucketOf(input, call).accessBlock = undefined;
      return {};
    },
  },
  PutBucketTagging: {
    record: recorded,
    authorize: onBucket("s3:PutBucketTagging"),
    run: (input, call) => {
      bucketOf(input, call).tags = mergedTags(new Map(), input.Tagging?.TagSet, badTags);
      return {};
    },
  },
  GetBucketTagging: {
    record: recorded,
    authorize: onBucket("s3:GetBucketTagging"),
    run: (input, call) => {
      const { tags } = bucketOf(input, call);
      if (tags.size === 0) throw new AwsError("NoSuchTagSet", "The TagSet does not exist", { status: 404 });
      return { TagSet: tagList(tags) };
    },
  },
  DeleteBucketTagging: {
    record: recorded,
    authorize: onBucket("s3:PutBucketTagging"),
    run: (input, call) => {
      bucketOf(input, call).tags = new Map();
      return {};
    },
  },
});
