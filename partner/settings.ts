// What can be set on the partner's side: as arguments of the component, and in the configuration of the ready-made
// project.
import type * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { flag, list, number, record, required } from "../shared/configuration.ts";
import { CONTRACT_VERSION } from "../shared/contract/message.ts";
import { DEFAULT_OPERATIONS } from "../shared/contract/operations.ts";
import type { Settings } from "../shared/inputs.ts";
import {
  DEFAULT_ARCHITECTURE,
  OWN_BOUNDARY,
  ALARM_TOPIC_RULE,
  type PairRule,
  accountId,
  alarmTopicArn,
  accountIds,
  architecture,
  externalId,
  nameSuffix,
  operations,
  policyArn,
  region,
  reservedConcurrency,
  systemLogLevel,
  text,
} from "../shared/settings.ts";
import { SENDER_CHECKS } from "./lambda/settings.ts";
import { entryFile } from "./own-code.ts";
import { STACK_NAME } from "./stack-outputs.ts";
import { topicPatterns } from "./topics.ts";

/**
 * Only observed by default: the form that AWS IoT gives the principal of an assumed role over HTTP isn't confirmed, and
 * enforcing another one would reject everything.
 */
const senderCheck = v.optional(
  v.picklist(SENDER_CHECKS, `but it can only be ${SENDER_CHECKS.join(" or ")}: set one of them`),
  "observe",
);

export const DEFAULT_DEBUG = false;

export const PARTNER_FIELDS = {
  accountId,
  region,
  operations: v.optional(operations, [...DEFAULT_OPERATIONS]),
  nameSuffix: v.optional(nameSuffix),
  debug: v.optional(v.boolean("but it can only be true or false: set one of them"), DEFAULT_DEBUG),
  basicIngest: v.optional(v.boolean("but it can only be true or false: set one of them"), false),
  senderCheck,
  publishTopics: v.optional(topicPatterns, []),
  disabledCustomers: v.optional(accountIds, []),
  reservedConcurrency: v.optional(reservedConcurrency),
  alarmTopicArn: v.optional(alarmTopicArn),
  architecture: v.optional(architecture, DEFAULT_ARCHITECTURE),
  permissionsBoundaryArn: v.optional(policyArn),
  systemLogLevel,
};

export type PartnerSettings = Settings<typeof PARTNER_FIELDS>;

/** What a partner's stack puts out for those of its customers, checked: it may be of another release. */
export const HUB = v.object({
  contractVersion: v.literal(
    CONTRACT_VERSION,
    `but this program speaks version ${CONTRACT_VERSION} of the contract: deploy both from the same release`,
  ),
  accountId,
  region,
  operations,
  customersTableName: text,
  nameSuffix: v.optional(nameSuffix),
  permissionsBoundaryArn: v.optional(policyArn),
  basicIngestRule: v.optional(text),
});

/** What a customer's role is made with, whether it is in the hub's own stack or in another. */
export type HubSettings = Pick<
  PartnerSettings,
  "accountId" | "region" | "operations" | "nameSuffix" | "permissionsBoundaryArn"
> & {
  readonly customersTableName: pulumi.Output<string>;
  /** The rule that customers may also publish to past the broker, if any. */
  readonly basicIngestRule: pulumi.Output<string | undefined>;
};

/** Of `CustomerAccess`; what else it is given is checked as a customer of the hub's. */
export const ACCESS_FIELDS = {
  disabled: v.optional(v.boolean("but it can only be true or false: set one of them"), false),
};

export const PARTNER_RULES: readonly PairRule[] = [OWN_BOUNDARY, ALARM_TOPIC_RULE];

/** Of the ready-made project. */
export const PARTNER_CONFIGURATION = {
  accountId: required(accountId, "111111111111"),
  region: required(region, "us-east-1"),
  profile: v.optional(text),
  operations: list(operations, DEFAULT_OPERATIONS),
  nameSuffix: v.optional(nameSuffix),
  debug: flag(DEFAULT_DEBUG),
  basicIngest: flag(false),
  registry: flag(true),
  keepOnDestroy: flag(true),
  senderCheck,
  publishTopics: list(topicPatterns),
  disabledCustomers: list(accountIds),
  reservedConcurrency: number(reservedConcurrency),
  alarmTopicArn: v.optional(alarmTopicArn),
  architecture: v.optional(architecture, DEFAULT_ARCHITECTURE),
  permissionsBoundaryArn: v.optional(policyArn),
  systemLogLevel,
  onThing: v.optional(entryFile),
  externalIds: record(externalId),
  /** Stack names and role ARNs: what they must be, configured-customers.ts says. */
  customers: list(v.array(text)),
};

/** Of the project for a customer with a stack of its own. */
export const ACCESS_CONFIGURATION = {
  hub: required(
    v.pipe(
      text,
      v.regex(STACK_NAME, "but that is no name of a stack: set one such as organization/iot-hooks-partner/prod"),
    ),
    "organization/iot-hooks-partner/prod",
  ),
  profile: v.optional(text),
  /** As `customers` of the hub, all of one account. */
  roles: list(v.array(text)),
  externalId: v.optional(externalId),
  disabled: flag(false),
};
