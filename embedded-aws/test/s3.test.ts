import { S3 } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { CUSTOMER, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { codeOf, trailPolicy } from "./trails.ts";

describe("S3", () => {
  let running: RunningCloud;
  let s3: S3;
  let partner: S3;
  before(async () => {
    running = await startCloud();
    s3 = new S3({ ...running.config(CUSTOMER), forcePathStyle: true });
    partner = new S3({ ...running.config(PARTNER), forcePathStyle: true });
  });
  beforeEach(() => running.cloud.reset());
  after(() => running.endpoint.close());

  const Bucket = "some-bucket";

  it("makes a bucket that is found, described and deleted", async () => {
    await s3.createBucket({ Bucket });
    expect((await s3.headBucket({ Bucket })).BucketRegion).to.equal("us-east-1");
    expect((await s3.getBucketLocation({ Bucket })).LocationConstraint).to.equal(undefined);
    expect((await s3.listBuckets({})).Buckets?.map(({ Name }) => Name)).to.deep.equal([Bucket]);
    await s3.deleteBucket({ Bucket });
    expect(await codeOf(s3.headBucket({ Bucket }))).to.equal("NotFound");
  });

  it("shares bucket names between accounts, but not buckets", async () => {
    await s3.createBucket({ Bucket });
    expect(await codeOf(partner.createBucket({ Bucket }))).to.equal("BucketAlreadyExists");
    expect(await codeOf(partner.getBucketPolicy({ Bucket }))).to.equal("AccessDenied");
  });

  it("wants a bucket of another Region to be asked for there", async () => {
    const west = new S3({ ...running.config(CUSTOMER, "eu-west-1"), forcePathStyle: true });
    expect(
      await codeOf(west.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-2" } })),
    ).to.equal("IllegalLocationConstraintException");
    await west.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } });
    expect((await west.getBucketLocation({ Bucket })).LocationConstraint).to.equal("eu-west-1");
    expect(await codeOf(s3.getBucketPolicy({ Bucket }))).to.equal("AuthorizationHeaderMalformed");
  });

  it("keeps a policy, and refuses one that isn't a policy", async () => {
    await s3.createBucket({ Bucket });
    expect(await codeOf(s3.getBucketPolicy({ Bucket }))).to.equal("NoSuchBucketPolicy");
    const Policy = trailPolicy(Bucket, CUSTOMER, "audit");
    await s3.putBucketPolicy({ Bucket, Policy });
    expect(JSON.parse((await s3.getBucketPolicy({ Bucket })).Policy ?? "")).to.deep.equal(JSON.parse(Policy));
    expect(await codeOf(s3.putBucketPolicy({ Bucket, Policy: "{}" }))).to.equal("MalformedPolicy");
    await s3.deleteBucketPolicy({ Bucket });
    expect(await codeOf(s3.getBucketPolicy({ Bucket }))).to.equal("NoSuchBucketPolicy");
  });

  it("blocks public policies until that is switched off", async () => {
    await s3.createBucket({ Bucket });
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/*` }],
    });
    expect(await codeOf(s3.putBucketPolicy({ Bucket, Policy }))).to.equal("AccessDenied");
    await s3.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: { BlockPublicPolicy: false } });
    await s3.putBucketPolicy({ Bucket, Policy });
  });

  it("lists, reads and deletes objects, and deletes no bucket that holds one", async () => {
    await s3.createBucket({ Bucket });
    for (const Key of ["logs/a/1", "logs/b/2", "other"]) await s3.putObject({ Bucket, Key, Body: `text of ${Key}` });
    const first = await s3.listObjectsV2({ Bucket, MaxKeys: 2 });
    expect(first.Contents?.map(({ Key }) => Key)).to.deep.equal(["logs/a/1", "logs/b/2"]);
    const second = await s3.listObjectsV2({ Bucket, ContinuationToken: first.NextContinuationToken });
    expect(second.Contents?.map(({ Key }) => Key)).to.deep.equal(["other"]);
    const after = await s3.listObjectsV2({ Bucket, StartAfter: "logs/a/1" });
    expect(after.Contents?.map(({ Key }) => Key)).to.deep.equal(["logs/b/2", "other"]);
    const folders = await s3.listObjectsV2({ Bucket, Prefix: "logs/", Delimiter: "/" });
    expect(folders.CommonPrefixes?.map(({ Prefix }) => Prefix)).to.deep.equal(["logs/a/", "logs/b/"]);
    expect(await (await s3.getObject({ Bucket, Key: "other" })).Body?.transformToString()).to.equal("text of other");
    expect((await s3.headObject({ Bucket, Key: "other" })).ContentLength).to.equal("text of other".length);
    expect(await codeOf(s3.deleteBucket({ Bucket }))).to.equal("BucketNotEmpty");
    for (const Key of ["logs/a/1", "logs/b/2", "other"]) await s3.deleteObject({ Bucket, Key });
    await s3.deleteBucket({ Bucket });
  });

  it("knows an object's upload from a copy and from a part, although they share their path", async () => {
    await s3.createBucket({ Bucket });
    // As boto3 and older awscli write it: without the name of the operation that this SDK puts into the query.
    const nameless = (client: S3) => {
      client.middlewareStack.add(
        (next) => (args) => {
          delete (args.request as { query: Record<string, unknown> }).query["x-id"];
          return next(args);
        },
        { step: "build" },
      );
      return client;
    };
    const client = nameless(new S3({ ...running.config(CUSTOMER), forcePathStyle: true }));
    await client.putObject({ Bucket, Key: "a", Body: "text" });
    expect(await (await client.getObject({ Bucket, Key: "a" })).Body?.transformToString()).to.equal("text");
    for (const call of [
      client.copyObject({ Bucket, Key: "b", CopySource: `${Bucket}/a` }),
      client.uploadPart({ Bucket, Key: "b", UploadId: "u", PartNumber: 1, Body: "text" }),
    ])
      expect(await codeOf(call)).to.equal("NotModelledHere");
  });

  it("refuses what it doesn't model", async () => {
    await s3.createBucket({ Bucket });
    // Its request is that of ListBuckets, but for the bucket.
    expect(await codeOf(s3.listObjects({ Bucket }))).to.equal("NotModelledHere");
    const VersioningConfiguration = { Status: "Enabled" } as const;
    expect(await codeOf(s3.putBucketVersioning({ Bucket, VersioningConfiguration }))).to.equal("NotModelledHere");
  });
});
