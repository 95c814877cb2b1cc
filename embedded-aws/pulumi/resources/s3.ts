import type { Clients } from "../clients.ts";
import {
  type Properties,
  type ResourceType,
  argsOf,
  jsonText,
  propertiesOf,
  tagList,
  tagMap,
  tagsIn,
  unlessGone,
} from "../resource.ts";

async function empty(aws: Clients, Bucket: string): Promise<void> {
  const s3 = await aws.s3();
  for (;;) {
    const { Contents = [] } = await s3.listObjectsV2({ Bucket });
    if (Contents.length === 0) return;
    for (const { Key = "" } of Contents) await s3.deleteObject({ Bucket, Key });
  }
}

async function tag(aws: Clients, Bucket: string, inputs: Properties): Promise<void> {
  const TagSet = tagList(tagsIn(inputs));
  if (TagSet.length > 0) await (await aws.s3()).putBucketTagging({ Bucket, Tagging: { TagSet } });
  else await (await aws.s3()).deleteBucketTagging({ Bucket });
}

export const bucket: ResourceType = {
  autoName: { property: "bucket", maxLength: 63 },
  required: [],
  replaceOn: ["bucket"],
  computed: ["arn", "bucketDomainName", "bucketRegionalDomainName", "hostedZoneId", "region"],
  tagged: true,
  defaults: { forceDestroy: false },
  async create(aws, inputs) {
    const Bucket = inputs.bucket as string;
    const s3 = await aws.s3();
    // us-east-1 is the one Region that must not be named (S3 API reference, CreateBucket).
    const LocationConstraint = aws.region as "eu-west-1";
    await s3.createBucket({
      Bucket,
      ...(aws.region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint } }),
    });
    await tag(aws, Bucket, inputs);
    return Bucket;
  },
  async read(aws, id, state) {
    const s3 = await aws.s3();
    if (!(await unlessGone(s3.headBucket({ Bucket: id })))) return undefined;
    const tagging = await s3.getBucketTagging({ Bucket: id }).catch((error: unknown) => {
      if (error instanceof Error && error.name === "NoSuchTagSet") return undefined;
      throw error;
    });
    return {
      bucket: id,
      arn: `arn:aws:s3:::${id}`,
      bucketDomainName: `${id}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${id}.s3.${aws.region}.amazonaws.com`,
      region: aws.region,
      forceDestroy: Boolean(state.forceDestroy),
      tagsAll: tagMap(tagging?.TagSet),
    };
  },
  update: (aws, id, news) => tag(aws, id, news),
  async delete(aws, id, state) {
    if (state.forceDestroy === true) await empty(aws, id);
    await unlessGone((await aws.s3()).deleteBucket({ Bucket: id }));
  },
};

async function putPolicy(aws: Clients, inputs: Properties): Promise<void> {
  await (await aws.s3()).putBucketPolicy({ Bucket: inputs.bucket as string, Policy: jsonText(inputs.policy) });
}

export const bucketPolicy: ResourceType = {
  required: ["bucket", "policy"],
  replaceOn: ["bucket"],
  computed: [],
  json: ["policy"],
  async create(aws, inputs) {
    await putPolicy(aws, inputs);
    return inputs.bucket as string;
  },
  async read(aws, id) {
    const found = await unlessGone((await aws.s3()).getBucketPolicy({ Bucket: id }));
    return found && { bucket: id, policy: found.Policy };
  },
  update: (aws, _id, news) => putPolicy(aws, news),
  async delete(aws, id) {
    await unlessGone((await aws.s3()).deleteBucketPolicy({ Bucket: id }));
  },
};

/** What a block is of which nothing is said. */
const OPEN = {
  blockPublicAcls: false,
  blockPublicPolicy: false,
  ignorePublicAcls: false,
  restrictPublicBuckets: false,
};

async function putAccessBlock(aws: Clients, inputs: Properties): Promise<void> {
  const PublicAccessBlockConfiguration = argsOf<object>(inputs, Object.keys(OPEN));
  await (await aws.s3()).putPublicAccessBlock({ Bucket: inputs.bucket as string, PublicAccessBlockConfiguration });
}

export const bucketPublicAccessBlock: ResourceType = {
  required: ["bucket"],
  replaceOn: ["bucket"],
  computed: [],
  defaults: OPEN,
  async create(aws, inputs) {
    await putAccessBlock(aws, inputs);
    return inputs.bucket as string;
  },
  async read(aws, id) {
    const found = await unlessGone((await aws.s3()).getPublicAccessBlock({ Bucket: id }));
    const it = found?.PublicAccessBlockConfiguration;
    return it && { bucket: id, ...propertiesOf(it, Object.keys(OPEN)) };
  },
  update: (aws, _id, news) => putAccessBlock(aws, news),
  async delete(aws, id) {
    await unlessGone((await aws.s3()).deletePublicAccessBlock({ Bucket: id }));
  },
};

async function putLifecycle(aws: Clients, inputs: Properties): Promise<void> {
  const Rules = (inputs.rules as Properties[]).map(({ id, status, filter, expiration }) => ({
    ID: id as string,
    Status: status as "Enabled" | "Disabled",
    Filter: { Prefix: ((filter as Properties | undefined)?.prefix ?? "") as string },
    Expiration: { Days: (expiration as Properties).days as number },
  }));
  await (
    await aws.s3()
  ).putBucketLifecycleConfiguration({
    Bucket: inputs.bucket as string,
    LifecycleConfiguration: { Rules },
  });
}

export const bucketLifecycle: ResourceType = {
  required: ["bucket", "rules"],
  replaceOn: ["bucket"],
  computed: [],
  async create(aws, inputs) {
    await putLifecycle(aws, inputs);
    return inputs.bucket as string;
  },
  async read(aws, id) {
    const found = await unlessGone((await aws.s3()).getBucketLifecycleConfiguration({ Bucket: id }));
    return (
      found && {
        bucket: id,
        rules: (found.Rules ?? []).map(({ ID, Status, Filter, Expiration }) => ({
          id: ID,
          status: Status,
          filter: { prefix: Filter?.Prefix },
          expiration: { days: Expiration?.Days },
        })),
      }
    );
  },
  update: (aws, _id, news) => putLifecycle(aws, news),
  async delete(aws, id) {
    await unlessGone((await aws.s3()).deleteBucketLifecycle({ Bucket: id }));
  },
};
