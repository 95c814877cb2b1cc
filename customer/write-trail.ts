import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { partitionOf, regionalArn, trailName } from "../shared/contract/names.ts";
import { deploymentName } from "../shared/contract/tags.ts";
import { trailBucketPolicy } from "./policies.ts";
import type { CustomerSettings } from "./settings.ts";

export interface WriteTrailArgs {
  readonly settings: CustomerSettings;
}

/** Days for which the trail's files are kept: long enough to look something up. */
const LOG_DAYS = 7;

/** A trail of the account's write calls: without one, CloudTrail hands nothing to EventBridge. */
export class WriteTrail extends pulumi.ComponentResource {
  readonly trail: aws.cloudtrail.Trail;

  constructor(name: string, { settings }: WriteTrailArgs, opts: pulumi.ComponentResourceOptions) {
    super("iot-hooks:customer:WriteTrail", name, {}, opts);
    const parent = { parent: this };
    const { accountId, region, partnerAccountId, nameSuffix } = settings;
    // Set, and not made by Pulumi: the bucket's policy names the trail, and the trail needs the policy first.
    const ownName = pulumi
      .all([partnerAccountId, nameSuffix])
      .apply(([partner, suffix]) => trailName(deploymentName(partner, suffix)));

    // Encrypted by S3 itself (since 2023 for every bucket). forceDestroy: all that is in it was written by this
    // trail, for whose events the bucket is a by-product; without it `pulumi destroy` would fail from the first log
    // file on. Who needs an audit log has a trail, and leaves createTrail off.
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
      {
        bucket: bucket.bucket,
        policy: pulumi
          .all([{ accountId, region }, bucket.bucket, ownName])
          // ARNs of names alone: a preview knows them.
          .apply(([account, bucketName, trail]) =>
            trailBucketPolicy({
              bucketArn: `arn:${partitionOf(account.region)}:s3:::${bucketName}`,
              accountId: account.accountId,
              trailArn: regionalArn("cloudtrail", account, `trail/${trail}`),
            }),
          ),
      },
      // S3 refuses two such changes of one bucket at the same time (OperationAborted).
      { ...parent, dependsOn: [access] },
    );
    // All services' write calls pile up in it, and nobody reads them.
    new aws.s3.BucketLifecycleConfiguration(
      name,
      {
        bucket: bucket.bucket,
        rules: [{ id: "expire", status: "Enabled", filter: { prefix: "" }, expiration: { days: LOG_DAYS } }],
      },
      // One after the other, as above.
      { ...parent, dependsOn: [policy] },
    );
    this.trail = new aws.cloudtrail.Trail(
      name,
      {
        name: ownName,
        s3BucketName: bucket.bucket,
        eventSelectors: [{ readWriteType: "WriteOnly", includeManagementEvents: true }],
        // The registry is regional: other Regions' and global services' calls would only cost.
        isMultiRegionTrail: false,
        includeGlobalServiceEvents: false,
        enableLogFileValidation: true,
      },
      // Under another name the new one comes first, so that no call goes unseen in between.
      { ...parent, dependsOn: [policy], deleteBeforeReplace: false },
    );
    this.registerOutputs({ trailArn: this.trail.arn });
  }
}
