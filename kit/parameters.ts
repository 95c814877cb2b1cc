// What is set when a kit is deployed: one table for all targets, of the component's own arguments.
import type { CustomerHooksArgs } from "../customer/customer-hooks.ts";
import { OPERATION_NAMES, type Operation, rowOf } from "../shared/contract/operations.ts";
import {
  ARCHITECTURES,
  DEFAULT_ARCHITECTURE,
  DEFAULT_SYSTEM_LOG_LEVEL,
  SYSTEM_LOG_LEVELS,
} from "../shared/settings.ts";
import type { SettingName } from "./value.ts";

export interface Parameter {
  // The last two are decided when a kit is made: see choices.ts.
  readonly setting: Exclude<
    keyof CustomerHooksArgs,
    "accountId" | "region" | "operations" | "createTrail" | "keepOnDestroy" | "partnerTopicRule" | "trigger"
  >;
  readonly description: string;
  /** The whole value matches it; a value that may be left out also where it is. */
  readonly pattern: string;
  /** Ends the sentence «it must be …». */
  readonly must: string;
  readonly maxLength?: number;
  readonly optional?: true;
  readonly choices?: readonly string[];
  readonly default?: string;
}

const ACCOUNT = "\\d{12}";
const REGION = "(us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov)-[a-z]+-\\d+";
const SUFFIX = "[a-z0-9-]{1,20}";

/** As shared/settings.ts checks the same settings; RE2, which Terraform has, and Java's know no look-ahead. */
export const PARAMETERS: readonly Parameter[] = [
  {
    setting: "partnerAccountId",
    description: "The partner's AWS account, 12 digits.",
    pattern: ACCOUNT,
    must: "the 12 digits of an AWS account",
  },
  {
    setting: "partnerRegion",
    description: "Region of the partner's deployment.",
    pattern: REGION,
    must: "a Region such as us-east-1",
    maxLength: 16,
  },
  {
    setting: "externalId",
    description: "External id that the partner gave out for this account. Not a secret.",
    pattern: "[\\w+=,.@:/-]{2,64}",
    must: "2 to 64 letters, digits and _+=,.@:/-",
    maxLength: 64,
    optional: true,
  },
  {
    setting: "stsRegion",
    description:
      "Region whose STS endpoint gives out the partner's role. Empty: the partner's Region where every account has " +
      "it, else one that all have.",
    pattern: REGION,
    must: "a Region such as eu-central-1",
    maxLength: 16,
    optional: true,
  },
  {
    setting: "partnerDataEndpoint",
    description: "Host name of the partner's IoT data endpoint. Empty: the SDK's endpoint of the partner's Region.",
    pattern: "[a-zA-Z0-9.-]{1,54}(:\\d{1,5})?",
    must: "a host name alone, of at most 54 characters",
    maxLength: 60,
    optional: true,
  },
  {
    setting: "nameSuffix",
    description: "1 to 20 of a-z, 0-9 and -, at the end of the role's name, for a second deployment in this account.",
    pattern: SUFFIX,
    must: "1 to 20 of a-z, 0-9 and -",
    optional: true,
  },
  {
    setting: "partnerNameSuffix",
    description: "The partner's own name suffix, if it has one.",
    pattern: SUFFIX,
    must: "1 to 20 of a-z, 0-9 and -",
    optional: true,
  },
  {
    setting: "architecture",
    description: "What the function runs on: x86_64 in a Region where Lambda has no arm64.",
    pattern: ARCHITECTURES.join("|"),
    must: ARCHITECTURES.join(" or "),
    choices: ARCHITECTURES,
    default: DEFAULT_ARCHITECTURE,
  },
  {
    setting: "systemLogLevel",
    description:
      "Least level of what Lambda itself logs of the function: WARN leaves out the lines of invocations that end well.",
    pattern: SYSTEM_LOG_LEVELS.join("|"),
    must: SYSTEM_LOG_LEVELS.join(" or "),
    choices: SYSTEM_LOG_LEVELS,
    default: DEFAULT_SYSTEM_LOG_LEVEL,
  },
  {
    setting: "permissionsBoundaryArn",
    description: "ARN of a managed policy that bounds what each role made here may do.",
    pattern: "arn:aws[a-z-]*:iam::(\\d{12}|aws):policy/[\\w+=,.@/-]+",
    must: "the ARN of a managed policy",
    optional: true,
  },
  {
    setting: "reservedConcurrency",
    description: "How many of the function's executions may run at once, and are kept for it. Empty: none is kept.",
    pattern: "[1-9]\\d{0,5}",
    must: "a whole number from 1",
    optional: true,
  },
  {
    setting: "alarmTopicArn",
    description: "SNS topic of this Region that the alarms tell. Empty: none is told, and CloudWatch shows them.",
    pattern: "arn:aws[a-z-]*:sns:[a-z0-9-]+:\\d{12}:[\\w-]{1,256}",
    must: "the ARN of a standard SNS topic",
    optional: true,
  },
  {
    setting: "reconcile",
    description:
      "When all things are announced as they are, beside their events: a schedule expression of EventBridge, of an " +
      "hour or more. Empty: never.",
    pattern: "rate\\((1 (hour|day)|([2-9]|[1-9]\\d{1,3}) (hours|days))\\)|cron\\(\\S+( \\S+){5}\\)",
    must: "a rate of an hour or more, such as rate(1 day), or a cron expression",
    optional: true,
  },
];

export const TRAIL_DESCRIPTION =
  "Makes a CloudTrail trail of write calls, with its bucket. Events need a trail that logs in this account and " +
  "Region: leave it off where there is one.";

/** Operations that can be announced. */
export const ANNOUNCEABLE: readonly Operation[] = OPERATION_NAMES.filter(
  (operation) => rowOf(operation).eventName !== undefined,
);

/**
 * What the component is run with in place of what is set later: found again in what it declares. Each passes the
 * component's own checks, and none is to be met anywhere else.
 */
const ACCOUNT_ID = "900000000001";
const OWN_REGION = "us-kitsown-1";
export const PLACEHOLDERS = {
  accountId: ACCOUNT_ID,
  region: OWN_REGION,
  partnerAccountId: "900000000002",
  partnerRegion: "us-kitspartner-1",
  stsRegion: "us-kitssts-1",
  partnerDataEndpoint: "kits-endpoint.example",
  externalId: "kits-external-id",
  nameSuffix: "kits-own-suffix",
  partnerNameSuffix: "kits-their-suffix",
  architecture: "x86_64",
  systemLogLevel: "WARN",
  permissionsBoundaryArn: `arn:aws:iam::${ACCOUNT_ID}:policy/kits-boundary`,
  reservedConcurrency: 98_765,
  alarmTopicArn: `arn:aws:sns:${OWN_REGION}:${ACCOUNT_ID}:kits-topic`,
  reconcile: "rate(9876 days)",
} as const satisfies CustomerHooksArgs;

/**
 * What stands for a placeholder within a text. The first that is found counts, longer ones before what they contain.
 */
export const IN_TEXTS: readonly (readonly [text: string, becomes: SettingName])[] = [
  [PLACEHOLDERS.alarmTopicArn, "alarmTopicArn"],
  [PLACEHOLDERS.permissionsBoundaryArn, "permissionsBoundaryArn"],
  [`-${PLACEHOLDERS.nameSuffix}`, "nameEnd"],
  // Of topic rules, whose names have no hyphens.
  [`_${PLACEHOLDERS.nameSuffix.replaceAll("-", "_")}`, "ruleNameEnd"],
  [`-${PLACEHOLDERS.partnerNameSuffix}`, "partnerNameEnd"],
  [PLACEHOLDERS.partnerDataEndpoint, "partnerDataEndpoint"],
  [PLACEHOLDERS.externalId, "externalId"],
  [PLACEHOLDERS.partnerRegion, "partnerRegion"],
  [PLACEHOLDERS.stsRegion, "stsRegion"],
  [PLACEHOLDERS.region, "region"],
  [PLACEHOLDERS.partnerAccountId, "partnerAccountId"],
  [PLACEHOLDERS.accountId, "accountId"],
];

/** What stands for a placeholder only where it is the whole value. */
export const AS_VALUES: readonly (readonly [value: unknown, becomes: SettingName])[] = [
  [PLACEHOLDERS.architecture, "architecture"],
  [PLACEHOLDERS.systemLogLevel, "systemLogLevel"],
  [PLACEHOLDERS.reservedConcurrency, "reservedConcurrency"],
  [PLACEHOLDERS.reconcile, "reconcile"],
];
