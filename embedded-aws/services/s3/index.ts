// S3, as far as a CloudTrail trail needs a bucket: buckets, their policy and settings, and objects that are read and
// deleted again.
import { S3 as S3_ERRORS } from "../../core/common-errors.ts";
import type { S3 } from "@aws-sdk/client-s3";
import { AwsError } from "../../core/errors.ts";
import { pageByKey } from "../../core/paging.ts";
import { operations, type AnyOperation, type Call, type Service } from "../../core/service.ts";
import { creating, mergedTags } from "../../core/tags.ts";
import { lifecycle } from "./lifecycle.ts";
import { objects } from "./objects.ts";
import { badTags, bucketSettings } from "./settings.ts";
import { BUCKETS, bucketOf, findBucket, onBucket, recorded } from "./state.ts";
import { bucketTags, taggingModel } from "./tags.ts";
import { unsetSettings } from "./unset.ts";

// «Bucket naming rules», S3 user guide.
const NAME =
  /^(?!xn--|sthree-|.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$|(\d+\.){3}\d+$|.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

const owner = ({ account }: { account: string }) => ({ ID: Buffer.from(account).toString("hex").padEnd(64, "0") });

/** Where a new bucket is: us-east-1 is said by saying nothing (S3 API reference, CreateBucket). */
function checkLocation(constraint: string | undefined, { region }: Call): void {
  if (constraint === (region === "us-east-1" ? undefined : region)) return;
  throw new AwsError(
    "IllegalLocationConstraintException",
    `The ${constraint ?? "unspecified"} location constraint is incompatible for the region specific ` +
      "endpoint this request was sent to.",
    { status: 400 },
  );
}

const buckets: Readonly<Record<string, AnyOperation>> = operations<S3>({
  CreateBucket: {
    record: recorded,
    // Tags on the way need s3:TagResource too («Using tags with S3 general purpose buckets»).
    authorize: ({ Bucket = "", CreateBucketConfiguration: made }) =>
      creating({ action: "s3:CreateBucket", resource: `arn:aws:s3:::${Bucket}` }, "s3:TagResource", made?.Tags),
    run: ({ Bucket = "", CreateBucketConfiguration }, call) => {
      if (!NAME.test(Bucket))
        throw new AwsError("InvalidBucketName", `The specified bucket is not valid: ${Bucket}`, { status: 400 });
      checkLocation(CreateBucketConfiguration?.LocationConstraint, call);
      const tags = mergedTags(new Map(), CreateBucketConfiguration?.Tags, badTags);
      const present = findBucket(call.cloud, Bucket);
      if (present && present.account !== call.account)
        throw new AwsError(
          "BucketAlreadyExists",
          "The requested bucket name is not available. The bucket namespace is shared by all users of the " +
            "system. Please select a different name and try again.",
          { status: 409 },
        );
      if (present && call.region !== "us-east-1")
        throw new AwsError(
          "BucketAlreadyOwnedByYou",
          "Your previous request to create the named bucket succeeded and you already own it.",
          { status: 409 },
        );
      // In us-east-1 making a bucket again succeeds (S3 API reference, CreateBucket, Errors).
      if (!present)
        call.cloud.state(BUCKETS, call).set(Bucket, {
          name: Bucket,
          account: call.account,
          region: call.region,
          createdAt: call.time,
          policy: undefined,
          // All four are on for new buckets since April 2023 («Blocking public access to your Amazon S3 storage»).
          accessBlock: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
          tags,
          lifecycle: undefined,
          objects: new Map(),
        });
      return { Location: `/${Bucket}`, BucketArn: `arn:aws:s3:::${Bucket}` };
    },
  },
  HeadBucket: {
    record: recorded,
    authorize: onBucket("s3:ListBucket"),
    run: (input, call) => ({ BucketRegion: bucketOf(input, call).region }),
  },
  DeleteBucket: {
    record: recorded,
    authorize: onBucket("s3:DeleteBucket"),
    run: (input, call) => {
      const bucket = bucketOf(input, call);
      if (bucket.objects.size > 0)
        throw new AwsError("BucketNotEmpty", "The bucket you tried to delete is not empty", { status: 409 });
      bucket.lifecycle?.sweep.cancel();
      call.cloud.state(BUCKETS, bucket).delete(bucket.name);
      return {};
    },
  },
  ListBuckets: {
    authorize: () => ({ action: "s3:ListAllMyBuckets", resource: "*" }),
    run: ({ Prefix = "", BucketRegion, MaxBuckets = 10_000, ContinuationToken }, call) => {
      const found = [...call.cloud.state(BUCKETS, call).values()].filter(
        ({ name, region }) => name.startsWith(Prefix) && region === (BucketRegion ?? region),
      );
      const paging = { token: ContinuationToken, limit: MaxBuckets, code: "InvalidArgument" };
      const { items, next } = pageByKey(found, ({ name }) => name, paging);
      return {
        Buckets: items.map(({ name, createdAt }) => ({ Name: name, CreationDate: createdAt })),
        Owner: owner(call),
        ...(next === undefined ? {} : { ContinuationToken: next }),
        ...(Prefix === "" ? {} : { Prefix }),
      };
    },
  },
  GetBucketLocation: {
    record: recorded,
    authorize: onBucket("s3:GetBucketLocation"),
    run: (input, call) => {
      const { region } = bucketOf(input, call);
      return region === "us-east-1" ? {} : { LocationConstraint: region as "eu-west-1" };
    },
  },
  GetBucketAcl: {
    record: recorded,
    authorize: onBucket("s3:GetBucketAcl"),
    run: (input, call) => {
      const Owner = owner(bucketOf(input, call));
      return { Owner, Grants: [{ Grantee: { ...Owner, Type: "CanonicalUser" }, Permission: "FULL_CONTROL" }] };
    },
  },
});

export const s3: Service = {
  name: "s3",
  signingNames: ["s3"],
  eventSource: "s3.amazonaws.com",
  model: async () => ({ ...(await taggingModel()), ...(await import("@aws-sdk/client-s3")) }),
  inputModel: new URL("../constraints/s3.json", import.meta.url),
  errors: S3_ERRORS,
  // «List of error codes», S3 API reference.
  exceptions: {
    "*.required": "MalformedXML",
    "*.enum": "InvalidArgument",
    "*.min": "InvalidArgument",
    "*.max": "InvalidArgument",
    "BucketLocationConstraint.enum": "InvalidLocationConstraint",
    "StorageClass.enum": "InvalidStorageClass",
  },
  operations: { ...buckets, ...bucketSettings, ...unsetSettings, ...lifecycle, ...bucketTags, ...objects },
};
