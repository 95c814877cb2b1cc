// The customer's program with a trail of its own: what it records, who may write it, how long it stays.
import { expect } from "chai";
import { inputsOf, made, resourceOf } from "../harness/run-stack.ts";
import { CUSTOMER, PARTNER, runCustomer } from "../harness/stacks.ts";

for (const preview of [false, true])
  describe(`the customer's program with createTrail (${preview ? "preview" : "up"})`, () => {
    const trailArn = `arn:aws:cloudtrail:us-east-1:${CUSTOMER}:trail/iot-hooks-${PARTNER}`;

    it("adds a trail of write calls in this Region, with a bucket of its own", async () => {
      const { resources, outputs } = await runCustomer({ createTrail: "true" }, { preview });
      expect(made(resources).filter((one) => one.startsWith("iot-hooks-trail"))).to.deep.equal([
        "iot-hooks-trail Bucket",
        "iot-hooks-trail BucketPublicAccessBlock",
        "iot-hooks-trail BucketPolicy",
        "iot-hooks-trail BucketLifecycleConfiguration",
        "iot-hooks-trail Trail",
      ]);
      expect(inputsOf(resources, "aws:cloudtrail/trail:Trail")).to.deep.equal({
        name: `iot-hooks-${PARTNER}`,
        s3BucketName: "iot-hooks-trail-1234567",
        eventSelectors: [{ readWriteType: "WriteOnly", includeManagementEvents: true }],
        isMultiRegionTrail: false,
        includeGlobalServiceEvents: false,
        enableLogFileValidation: true,
      });
      expect(outputs.trailArn).to.equal(trailArn);
    });

    it("goes with its files, and changes the bucket in one way at a time, as S3 refuses two", async () => {
      const { resources } = await runCustomer({ createTrail: "true" }, { preview });
      expect(inputsOf(resources, "aws:s3/bucket:Bucket")).to.deep.equal({ forceDestroy: true });
      const before = (type: string) => made(resourceOf(resources, `aws:s3/${type}`).after);
      expect(before("bucketPolicy:BucketPolicy")).to.include("iot-hooks-trail BucketPublicAccessBlock");
      expect(before("bucketLifecycleConfiguration:BucketLifecycleConfiguration")).to.include(
        "iot-hooks-trail BucketPolicy",
      );
    });

    it("expires the trail's files, which nobody reads", async () => {
      const { resources } = await runCustomer({ createTrail: "true" }, { preview });
      const lifecycle = inputsOf(resources, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
      expect(lifecycle.rules).to.deep.equal([
        { id: "expire", status: "Enabled", filter: { prefix: "" }, expiration: { days: 7 } },
      ]);
    });

    it("lets this trail alone write into the bucket, only with TLS, and nobody from outside", async () => {
      const { resources } = await runCustomer({ createTrail: "true" }, { preview });
      const bucketArn = "arn:aws:s3:::iot-hooks-trail-1234567";
      expect(inputsOf(resources, "aws:s3/bucketPolicy:BucketPolicy").policy).to.deep.equal({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "CloudTrailAclCheck",
            Effect: "Allow",
            Principal: { Service: "cloudtrail.amazonaws.com" },
            Action: "s3:GetBucketAcl",
            Resource: bucketArn,
            Condition: { StringEquals: { "aws:SourceArn": trailArn } },
          },
          {
            Sid: "CloudTrailWrite",
            Effect: "Allow",
            Principal: { Service: "cloudtrail.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: `${bucketArn}/AWSLogs/${CUSTOMER}/*`,
            Condition: {
              StringEquals: { "aws:SourceArn": trailArn, "s3:x-amz-acl": "bucket-owner-full-control" },
            },
          },
          {
            Sid: "DenyWithoutTls",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [bucketArn, `${bucketArn}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      });
      expect(inputsOf(resources, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")).to.deep.equal({
        bucket: "iot-hooks-trail-1234567",
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
    });

    it("names the trail after the deployment, so that a second one in the account has its own", async () => {
      const { outputs } = await runCustomer({ createTrail: "true", nameSuffix: "line-2" }, { preview });
      expect(outputs.trailArn).to.equal(`${trailArn}-line-2`);
    });
  });
