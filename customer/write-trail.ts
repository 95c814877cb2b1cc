import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { partitionOf } from "../shared/contract/names.ts";
import { type Place, trailBucketPolicy } from "../shared/policies.ts";

export interface WriteTrailArgs {
  readonly place: Place;
  /** 3 to 128 characters. Set, and not made by Pulumi: the bucket's policy names the trail, and the trail needs the policy first. */
  readonly trailName: string;
}

/** A trail of the account's write calls: without one, CloudTrail hands nothing to EventBridge. */
export class WriteTrail extends pulumi.ComponentResource {
  readonly trail: aws.cloudtrail.Trail;

  constructor(name: string, { place, trailName }: WriteTrailArgs, opts: pulumi.ComponentResourceOptions) {
    super("iot-hooks:customer:WriteTrail", name, {}, opts);
    const parent = { parent: this };
    const { accountId, region } = place;
    const trailArn = `arn:${partitionOf(region)}:cloudtrail:${region}:${accountId}:trail/${trailName}`;

    // Encrypted by S3 itself (since 2023 for every bucket). forceDestroy: all that is in it was written by this trail, for whose events the bucket is a
    // by-product; without it `pulumi destroy` would fail from the first log file on. Who needs an audit log has a trail, and leaves createTrail off.
    const bucket = new aws.s3.Bucket(name, { forceDestroy: true }, parent);
    const access = new aws.s3.BucketPublicAccessBlock(
      name,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    const policy = new aws.s3.BucketPolicy(
      name,
      { bucket: bucket.bucket, policy: trailBucketPolicy({ bucketArn: bucket.arn, accountId, trailArn }) },
      // S3 refuses two such changes of one bucket at the same time (OperationAborted).
      { ...parent, dependsOn: [access] },
    );
    this.trail = new aws.cloudtrail.Trail(
      name,
      {
        name: trailName,
        s3BucketName: bucket.bucket,
        eventSelectors: [{ readWriteType: "WriteOnly", includeManagementEvents: true }],
        // The registry is regional: other Regions' and global services' calls would only cost.
        isMultiRegionTrail: false,
        includeGlobalServiceEvents: false,
        enableLogFileValidation: true,
      },
      { ...parent, dependsOn: [policy] },
    );
    this.registerOutputs({ trailArn: this.trail.arn });
  }
}
