import { Agent } from "node:http";
import type { LookupFunction } from "node:net";
import { S3 } from "@aws-sdk/client-s3";
import { S3Control } from "@aws-sdk/client-s3-control";
import { expect } from "chai";
import { CUSTOMER, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { assumeWith } from "./roles.ts";
import { codeOf, trailPolicy } from "./trails.ts";
import { documentOf } from "./names.ts";

/**
 * As SDKs ask by themselves, with the account in the host's name; resolvers don't agree on whether such names are
 * this machine's (RFC 6761).
 */
function s3Control(running: RunningCloud): S3Control {
  const lookup: LookupFunction = (_name, { all }, done) => {
    if (all) done(null, [{ address: "127.0.0.1", family: 4 }]);
    else done(null, "127.0.0.1", 4);
  };
  return new S3Control({
    ...running.config(CUSTOMER),
    endpoint: running.endpoint.url.replace("127.0.0.1", "localhost"),
    requestHandler: { httpAgent: new Agent({ lookup }) },
  });
}

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

  it("keeps objects whose keys have steps that are dots, as they are", async () => {
    await s3.createBucket({ Bucket });
    for (const Key of ["a/./b", "a/../b"]) {
      await s3.putObject({ Bucket, Key, Body: Key });
      expect(await (await s3.getObject({ Bucket, Key })).Body?.transformToString()).to.equal(Key);
    }
    const { Contents = [] } = await s3.listObjectsV2({ Bucket });
    expect(Contents.map(({ Key }) => Key)).to.deep.equal(["a/../b", "a/./b"]);
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
    const Policy = documentOf({
      Effect: "Allow",
      Principal: "*",
      Action: "s3:GetObject",
      Resource: `arn:aws:s3:::${Bucket}/*`,
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

  it("has no versions, so that each object is the one version of itself", async () => {
    await s3.createBucket({ Bucket });
    for (const Key of ["a/1", "a/2", "b"]) await s3.putObject({ Bucket, Key, Body: Key });
    const first = await s3.listObjectVersions({ Bucket, MaxKeys: 2 });
    expect(first.Versions?.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest])).to.deep.equal([
      ["a/1", "null", true],
      ["a/2", "null", true],
    ]);
    const KeyMarker = first.NextKeyMarker;
    const second = await s3.listObjectVersions({ Bucket, KeyMarker, VersionIdMarker: first.NextVersionIdMarker });
    expect([second.IsTruncated, second.Versions?.map(({ Key }) => Key)]).to.deep.equal([false, ["b"]]);
    const folders = await s3.listObjectVersions({ Bucket, Delimiter: "/" });
    expect(folders.CommonPrefixes?.map(({ Prefix }) => Prefix)).to.deep.equal(["a/"]);
    expect(await codeOf(s3.deleteObject({ Bucket, Key: "b", VersionId: "another" }))).to.equal("InvalidArgument");
    await s3.deleteObject({ Bucket, Key: "b", VersionId: "null" });
    expect(await codeOf(s3.getObject({ Bucket, Key: "b" }))).to.equal("NoSuchKey");
  });

  it("deletes many objects at once, each for who may delete that one", async () => {
    await s3.createBucket({ Bucket });
    for (const Key of ["logs/1", "logs/2", "kept"]) await s3.putObject({ Bucket, Key, Body: Key });
    const may = { Effect: "Allow", Action: "s3:DeleteObject", Resource: `arn:aws:s3:::${Bucket}/logs/*` };
    const keys = await assumeWith(running, CUSTOMER, [may]);
    const limited = new S3({ ...running.config(keys), forcePathStyle: true });
    const Objects = ["logs/1", "logs/2", "kept", "never-there"].map((Key) => ({ Key }));
    const { Deleted, Errors } = await limited.deleteObjects({ Bucket, Delete: { Objects } });
    expect(Deleted?.map(({ Key }) => Key)).to.deep.equal(["logs/1", "logs/2"]);
    expect(Errors?.map(({ Key, Code }) => [Key, Code])).to.deep.equal([
      ["kept", "AccessDenied"],
      ["never-there", "AccessDenied"],
    ]);
    expect((await s3.listObjectsV2({ Bucket })).Contents?.map(({ Key }) => Key)).to.deep.equal(["kept"]);
    const quiet = await s3.deleteObjects({ Bucket, Delete: { Objects: [{ Key: "kept" }], Quiet: true } });
    expect([quiet.Deleted, quiet.Errors]).to.deep.equal([undefined, undefined]);
    await s3.deleteBucket({ Bucket });
  });

  it("expires objects at the midnight after their days, by the rules of the bucket", async () => {
    await s3.createBucket({ Bucket });
    await s3.putObject({ Bucket, Key: "logs/1", Body: "old" });
    await s3.putObject({ Bucket, Key: "kept", Body: "old" });
    const Rules = [
      { ID: "logs", Status: "Enabled" as const, Filter: { Prefix: "logs/" }, Expiration: { Days: 2 } },
      { ID: "off", Status: "Disabled" as const, Filter: { Prefix: "" }, Expiration: { Days: 1 } },
    ];
    await s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules } });
    expect((await s3.getBucketLifecycleConfiguration({ Bucket })).Rules).to.deep.equal(Rules);
    const keysAfter = async (ms: number) => {
      await running.cloud.advance(ms);
      const now = new S3({
        ...running.config(CUSTOMER),
        forcePathStyle: true,
        systemClockOffset: running.cloud.clock.now() - Date.now(),
      });
      return (await now.listObjectsV2({ Bucket })).Contents?.map(({ Key }) => Key);
    };
    const DAY = 86_400_000;
    expect(await keysAfter(2 * DAY - 1000)).to.deep.equal(["kept", "logs/1"]);
    expect(await keysAfter(DAY)).to.deep.equal(["kept"]);
  });

  it("forgets its lifecycle, and refuses rules that it would have to ignore", async () => {
    await s3.createBucket({ Bucket });
    const put = (rule: object) =>
      s3.putBucketLifecycleConfiguration({
        Bucket,
        LifecycleConfiguration: { Rules: [{ Status: "Enabled", Filter: { Prefix: "" }, ...rule }] },
      });
    expect(await codeOf(put({ Expiration: { Days: 0 } }))).to.equal("InvalidArgument");
    for (const rule of [
      { Expiration: { Date: new Date(0) } },
      { Filter: { Tag: { Key: "a", Value: "b" } }, Expiration: { Days: 1 } },
      { Transitions: [{ Days: 30, StorageClass: "GLACIER" }] },
    ])
      expect(await codeOf(put(rule)), JSON.stringify(rule)).to.equal("NotModelledHere");
    await put({ Expiration: { Days: 1 } });
    await s3.deleteBucketLifecycle({ Bucket });
    expect(await codeOf(s3.getBucketLifecycleConfiguration({ Bucket }))).to.equal("NoSuchLifecycleConfiguration");
  });

  it("keeps tags that come with a bucket, for who may tag it, and changes them by S3 Control", async () => {
    const TagSet = [{ Key: "team", Value: "things" }];
    const CreateBucketConfiguration = { Tags: TagSet };
    const keys = await assumeWith(running, CUSTOMER, [{ Effect: "Allow", Action: "s3:CreateBucket", Resource: "*" }]);
    const untagging = new S3({ ...running.config(keys), forcePathStyle: true });
    expect(await codeOf(untagging.createBucket({ Bucket, CreateBucketConfiguration }))).to.equal("AccessDenied");
    await s3.createBucket({ Bucket, CreateBucketConfiguration });
    expect((await s3.getBucketTagging({ Bucket })).TagSet).to.deep.equal(TagSet);
    const control = s3Control(running);
    const of = { AccountId: CUSTOMER, ResourceArn: `arn:aws:s3:::${Bucket}` };
    expect((await control.listTagsForResource(of)).Tags).to.deep.equal(TagSet);
    await control.tagResource({ ...of, Tags: [{ Key: "stack", Value: "dev" }] });
    await control.untagResource({ ...of, TagKeys: ["team"] });
    expect((await s3.getBucketTagging({ Bucket })).TagSet).to.deep.equal([{ Key: "stack", Value: "dev" }]);
    const missing = { ...of, ResourceArn: "arn:aws:s3:::no-such-bucket" };
    expect(await codeOf(control.listTagsForResource(missing))).to.equal("NoSuchBucket");
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
