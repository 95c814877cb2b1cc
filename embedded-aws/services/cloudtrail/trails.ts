// Trails: made, switched on and off, described, deleted.
import type { CloudTrail, CreateTrailRequest, UpdateTrailRequest } from "@aws-sdk/client-cloudtrail";
import { AwsError } from "../../core/errors.ts";
import { serviceCaller } from "../../core/identity.ts";
import { operations, type Call } from "../../core/service.ts";
import { creating, mergedTags } from "../../core/tags.ts";
import { logFolder, putAsTrail } from "./log-files.ts";
import { badTags } from "./tags.ts";
import { TRAILS, checkName, homeTrailOf, onTrail, trailArn, trailOf, trailsOf, type Trail } from "./state.ts";

const MAX_TRAILS = 5;

type Settings = CreateTrailRequest & UpdateTrailRequest;

function checkSettings(input: Partial<Settings>): void {
  if (input.IsMultiRegionTrail && input.IncludeGlobalServiceEvents === false)
    throw new AwsError(
      "InvalidParameterCombinationException",
      "Multi-Region trail must include global service events.",
    );
}

/**
 * Tries out what the trail will do: read the bucket's ACL, write below its prefix («Amazon S3 bucket policy for
 * CloudTrail»). The empty object in place of a folder is what trails leave in their buckets; it is not documented.
 * @throws AwsError S3BucketDoesNotExistException, InsufficientS3BucketPolicyException
 */
async function checkBucket(
  trail: Pick<Trail, "arn" | "account" | "homeRegion" | "bucket" | "prefix">,
  { cloud, span }: Call,
) {
  const { bucket, arn, account, homeRegion } = trail;
  const caller = serviceCaller("cloudtrail.amazonaws.com", arn, account);
  const place = { account, region: homeRegion };
  try {
    await cloud.call({
      ...place,
      service: "s3",
      operation: "GetBucketAcl",
      input: { Bucket: bucket },
      caller,
      cause: span,
    });
    await putAsTrail(cloud, trail, `${logFolder(trail)}/`, Buffer.alloc(0));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === "NoSuchBucket")
      throw new AwsError("S3BucketDoesNotExistException", `S3 bucket ${bucket} does not exist!`);
    if (error.code !== "AccessDenied") throw error;
    throw new AwsError(
      "InsufficientS3BucketPolicyException",
      `Incorrect S3 bucket policy is detected for bucket: ${bucket}`,
    );
  }
}

/** What CreateTrail and UpdateTrail answer. */
const settingsOf = (trail: Trail) => ({
  Name: trail.name,
  S3BucketName: trail.bucket,
  ...(trail.prefix === undefined ? {} : { S3KeyPrefix: trail.prefix }),
  IncludeGlobalServiceEvents: trail.globalEvents,
  IsMultiRegionTrail: trail.multiRegion,
  TrailARN: trail.arn,
  LogFileValidationEnabled: trail.validation,
  IsOrganizationTrail: false,
});

const describe = (trail: Trail) => ({
  ...settingsOf(trail),
  HomeRegion: trail.homeRegion,
  HasCustomEventSelectors: trail.selectors !== DEFAULT_SELECTORS,
  HasInsightSelectors: false,
});

const DEFAULT_SELECTORS = [
  {
    ReadWriteType: "All" as const,
    IncludeManagementEvents: true,
    DataResources: [],
    ExcludeManagementEventSources: [],
  },
];

/** Trails that are to be seen in the call's Region: its own, and those of all Regions. */
const visible = (call: Call): Trail[] =>
  trailsOf(call.cloud, call.account).filter(({ homeRegion, multiRegion }) => multiRegion || homeRegion === call.region);

async function createTrail(input: CreateTrailRequest, call: Call) {
  const { Name = "", S3BucketName = "" } = input;
  checkName(Name);
  checkSettings(input);
  const trails = call.cloud.state(TRAILS, call);
  const arn = trailArn(call, Name);
  if (trails.has(arn))
    throw new AwsError("TrailAlreadyExistsException", `Trail ${Name} already exists for customer: ${call.account}`);
  if (visible(call).length >= MAX_TRAILS)
    throw new AwsError(
      "MaximumNumberOfTrailsExceededException",
      `User: ${call.account} already has ${MAX_TRAILS} trails in ${call.region}.`,
    );
  const trail: Trail = {
    name: Name,
    arn,
    account: call.account,
    homeRegion: call.region,
    bucket: S3BucketName,
    prefix: input.S3KeyPrefix,
    globalEvents: input.IncludeGlobalServiceEvents ?? true,
    multiRegion: input.IsMultiRegionTrail ?? false,
    validation: input.EnableLogFileValidation ?? false,
    selectors: DEFAULT_SELECTORS,
    advancedSelectors: [],
    tags: mergedTags(new Map(), input.TagsList, badTags),
    logging: false,
    startedAt: undefined,
    stoppedAt: undefined,
    pending: [],
    deliveredAt: undefined,
    deliveryError: undefined,
  };
  await checkBucket(trail, call);
  trails.set(arn, trail);
  return settingsOf(trail);
}

async function updateTrail(input: UpdateTrailRequest, call: Call) {
  const trail = homeTrailOf(call, input.Name);
  const globalEvents = input.IncludeGlobalServiceEvents ?? trail.globalEvents;
  const multiRegion = input.IsMultiRegionTrail ?? trail.multiRegion;
  checkSettings({ ...input, IncludeGlobalServiceEvents: globalEvents, IsMultiRegionTrail: multiRegion });
  const bucket = input.S3BucketName ?? trail.bucket;
  const prefix = input.S3KeyPrefix ?? trail.prefix;
  await checkBucket({ ...trail, bucket, prefix }, call);
  const validation = input.EnableLogFileValidation ?? trail.validation;
  Object.assign(trail, { bucket, prefix, globalEvents, multiRegion, validation });
  return settingsOf(trail);
}

export const trails = operations<CloudTrail>({
  CreateTrail: {
    record: { response: (output) => output },
    authorize: ({ Name, TagsList }, call) =>
      creating(onTrail(call, "CreateTrail", Name), "cloudtrail:AddTags", TagsList),
    run: createTrail,
  },
  UpdateTrail: {
    record: { response: (output) => output },
    authorize: ({ Name }, call) => onTrail(call, "UpdateTrail", Name),
    run: updateTrail,
  },
  DeleteTrail: {
    authorize: ({ Name }, call) => onTrail(call, "DeleteTrail", Name),
    run: ({ Name }, call) => {
      call.cloud.state(TRAILS, call).delete(homeTrailOf(call, Name).arn);
      return {};
    },
  },
  GetTrail: {
    authorize: ({ Name }, call) => onTrail(call, "GetTrail", Name),
    run: ({ Name }, call) => ({ Trail: describe(trailOf(call, Name)) }),
  },
  DescribeTrails: {
    authorize: () => ({ action: "cloudtrail:DescribeTrails", resource: "*" }),
    run: ({ trailNameList = [], includeShadowTrails = true }, call) => {
      const names = new Set(trailNameList.map((name) => trailArn(call, name)));
      const found = visible(call).filter(
        (trail) =>
          (includeShadowTrails || trail.homeRegion === call.region) &&
          (names.size === 0 || names.has(trail.arn) || names.has(trailArn(call, trail.name))),
      );
      return { trailList: found.map(describe) };
    },
  },
  ListTrails: {
    authorize: () => ({ action: "cloudtrail:ListTrails", resource: "*" }),
    run: (_input, call) => ({
      Trails: trailsOf(call.cloud, call.account).map(({ name, arn, homeRegion }) => ({
        Name: name,
        TrailARN: arn,
        HomeRegion: homeRegion,
      })),
    }),
  },
  StartLogging: {
    authorize: ({ Name }, call) => onTrail(call, "StartLogging", Name),
    run: ({ Name }, call) => {
      const trail = homeTrailOf(call, Name);
      trail.logging = true;
      trail.startedAt = call.time;
      return {};
    },
  },
  StopLogging: {
    authorize: ({ Name }, call) => onTrail(call, "StopLogging", Name),
    run: ({ Name }, call) => {
      const trail = homeTrailOf(call, Name);
      trail.logging = false;
      trail.stoppedAt = call.time;
      return {};
    },
  },
  GetTrailStatus: {
    authorize: ({ Name }, call) => onTrail(call, "GetTrailStatus", Name),
    run: ({ Name }, call) => {
      const { logging, startedAt, stoppedAt, deliveredAt, deliveryError } = trailOf(call, Name);
      return {
        IsLogging: logging,
        ...(startedAt ? { StartLoggingTime: startedAt, TimeLoggingStarted: startedAt.toISOString() } : {}),
        ...(stoppedAt ? { StopLoggingTime: stoppedAt, TimeLoggingStopped: stoppedAt.toISOString() } : {}),
        ...(deliveredAt
          ? { LatestDeliveryTime: deliveredAt, LatestDeliveryAttemptTime: deliveredAt.toISOString() }
          : {}),
        ...(deliveryError === undefined ? {} : { LatestDeliveryError: deliveryError }),
      };
    },
  },
});
