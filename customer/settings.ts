// What can be set on the customer's side: as arguments of the component, and in the configuration of the ready-made
// project.
import * as v from "valibot";
import { partitionOf } from "../shared/contract/names.ts";
import { DEFAULT_OPERATIONS, OPERATION_NAMES, rowOf } from "../shared/contract/operations.ts";
import { TRIGGERS } from "../shared/contract/registry-events.ts";
import { flag, list, number, required } from "../shared/configuration.ts";
import type { Settings } from "../shared/inputs.ts";
import {
  DEFAULT_ARCHITECTURE,
  OWN_BOUNDARY,
  type PairRule,
  ALARM_TOPIC_RULE,
  accountId,
  alarmTopicArn,
  architecture,
  externalId,
  host,
  nameSuffix,
  operations,
  policyArn,
  region,
  reservedConcurrency,
  systemLogLevel,
  schedule,
  text,
  topicRuleName,
} from "../shared/settings.ts";

export const DEFAULT_TRIGGER = "cloudtrail";
const trigger = v.optional(
  v.picklist(TRIGGERS, `but there are only ${TRIGGERS.join(", ")}: set one of them`),
  DEFAULT_TRIGGER,
);

export const CUSTOMER_FIELDS = {
  accountId,
  region,
  partnerAccountId: accountId,
  partnerRegion: region,
  stsRegion: v.optional(region),
  partnerDataEndpoint: v.optional(host),
  partnerTopicRule: v.optional(topicRuleName),
  operations: v.optional(operations, [...DEFAULT_OPERATIONS]),
  trigger,
  externalId: v.optional(externalId),
  nameSuffix: v.optional(nameSuffix),
  partnerNameSuffix: v.optional(nameSuffix),
  reservedConcurrency: v.optional(reservedConcurrency),
  alarmTopicArn: v.optional(alarmTopicArn),
  architecture: v.optional(architecture, DEFAULT_ARCHITECTURE),
  permissionsBoundaryArn: v.optional(policyArn),
  systemLogLevel,
  reconcile: v.optional(schedule),
};

export type CustomerSettings = Settings<typeof CUSTOMER_FIELDS>;

export const CUSTOMER_RULES: readonly PairRule[] = [
  ALARM_TOPIC_RULE,
  {
    of: "partnerAccountId",
    and: "accountId",
    problem: (partner, own) =>
      partner === own ? "but so is {accountId}: the partner must be another account, set its number" : undefined,
  },
  {
    of: "trigger",
    and: "operations",
    problem(given, announced) {
      const without = OPERATION_NAMES.find(
        (operation) => announced.split(", ").includes(operation) && rowOf(operation).registryEvent === undefined,
      );
      return given === "registry-events" && without !== undefined
        ? `but AWS IoT has no event of its own for ${without}: set it to both, or take that out of {operations}`
        : undefined;
    },
  },
  { of: "partnerRegion", and: "region", problem: otherPartition },
  { of: "stsRegion", and: "region", problem: otherPartition },
  OWN_BOUNDARY,
];

function otherPartition(other: string, own: string): string | undefined {
  const [theirs, ours] = [partitionOf(other), partitionOf(own)];
  if (theirs === ours) return undefined;
  return `but no role can be assumed from ${own} in the partition ${theirs}: set a Region of ${ours}`;
}

/** Of the ready-made project. */
export const CUSTOMER_CONFIGURATION = {
  accountId: required(accountId, "111111111111"),
  region: required(region, "us-east-1"),
  profile: v.optional(text),
  partnerAccountId: required(accountId, "111111111111"),
  partnerRegion: v.optional(region),
  stsRegion: v.optional(region),
  partnerDataEndpoint: v.optional(host),
  partnerTopicRule: v.optional(topicRuleName),
  operations: list(operations, DEFAULT_OPERATIONS),
  trigger,
  externalId: v.optional(externalId),
  nameSuffix: v.optional(nameSuffix),
  partnerNameSuffix: v.optional(nameSuffix),
  architecture: v.optional(architecture, DEFAULT_ARCHITECTURE),
  permissionsBoundaryArn: v.optional(policyArn),
  systemLogLevel,
  reservedConcurrency: number(reservedConcurrency),
  alarmTopicArn: v.optional(alarmTopicArn),
  createTrail: flag(false),
  reconcile: v.optional(schedule),
  keepOnDestroy: flag(true),
};
