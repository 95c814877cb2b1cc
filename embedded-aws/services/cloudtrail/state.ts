import type { AdvancedEventSelector, EventSelector } from "@aws-sdk/client-cloudtrail";
import { arn, type Place } from "../../core/arn.ts";
import type { Cloud } from "../../core/service.ts";
import { AwsError } from "../../core/errors.ts";
import type { Call, Permission } from "../../core/service.ts";
import { stateOf } from "../../core/state.ts";
import { resourceTagKeys } from "../../core/tags.ts";
import type { CloudTrailRecord } from "./record.ts";

export interface Trail {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly homeRegion: string;
  bucket: string;
  prefix: string | undefined;
  globalEvents: boolean;
  multiRegion: boolean;
  validation: boolean;
  /** A trail has these or the advanced ones; empty where it has the others. */
  selectors: readonly EventSelector[];
  advancedSelectors: readonly AdvancedEventSelector[];
  readonly tags: Map<string, string>;
  logging: boolean;
  startedAt: Date | undefined;
  stoppedAt: Date | undefined;
  /** Records that wait for the next log file. */
  pending: CloudTrailRecord[];
  deliveredAt: Date | undefined;
  /** S3's error code, as GetTrailStatus shows it. */
  deliveryError: string | undefined;
}

/** Trails of an account by ARN, of all Regions: a multi-Region trail is one. */
export const TRAILS = stateOf("cloudtrail", () => new Map<string, Trail>(), { global: true });
/** The event history, oldest first. */
export const HISTORY = stateOf("cloudtrail history", () => ({ records: [] as CloudTrailRecord[] }));

export const trailsOf = (cloud: Cloud, account: string): Trail[] => [
  ...cloud.state(TRAILS, { account, region: "" }).values(),
];

export const trailArn = (place: Place, nameOrArn: string): string =>
  nameOrArn.startsWith("arn:") ? nameOrArn : arn("cloudtrail", place, `trail/${nameOrArn}`);

// API reference, CreateTrail: 3 to 128 characters, no adjacent . _ -, no IP address.
const NAME = /^(?!(\d+\.){3}\d+$)(?=.{3,128}$)[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$/;

/** @throws AwsError InvalidTrailNameException */
export function checkName(name: string): void {
  if (!NAME.test(name))
    throw new AwsError(
      "InvalidTrailNameException",
      `Trail name ${name} is not valid: 3 to 128 letters, digits and single . _ - between them, and no IP address.`,
    );
}

/** @throws AwsError InvalidTrailNameException, TrailNotFoundException */
export function trailOf(call: Call, nameOrArn = ""): Trail {
  if (!nameOrArn.startsWith("arn:")) checkName(nameOrArn);
  const wanted = trailArn(call, nameOrArn);
  const trail = call.cloud.state(TRAILS, call).get(wanted);
  if (!trail) throw new AwsError("TrailNotFoundException", `Unknown trail: ${wanted} for the user: ${call.account}`);
  return trail;
}

/**
 * As {@link trailOf}, for what may be changed only in the trail's own Region. @throws AwsError
 * InvalidHomeRegionException
 */
export function homeTrailOf(call: Call, nameOrArn?: string): Trail {
  const trail = trailOf(call, nameOrArn);
  if (trail.homeRegion !== call.region)
    throw new AwsError(
      "InvalidHomeRegionException",
      `Trail ${trail.arn} can be changed only in its home Region ${trail.homeRegion}, not in ${call.region}.`,
    );
  return trail;
}

export const onTrail = (call: Call, action: string, nameOrArn = ""): Permission => ({
  action: `cloudtrail:${action}`,
  resource: trailArn(call, nameOrArn),
  context: resourceTagKeys(call.cloud.state(TRAILS, call).get(trailArn(call, nameOrArn))?.tags),
});
