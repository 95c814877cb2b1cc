// What a setting may be, whether it comes from a stack's configuration or as an argument of a component. Whatever is
// wrong is a RunError of one sentence, which Pulumi prints without a stack trace: what, which value, what to do.
import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { ACCOUNT_ID, NAME_SUFFIX, TOPIC_RULE_NAME, partitionFor } from "./contract/names.ts";
import { OPERATION_NAMES, isOperation, rowOf } from "./contract/operations.ts";

/** Host names: RFC 1123. A port is allowed for endpoints that aren't AWS's. */
const HOST =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*(?::\d{1,5})?$/i;

/** STS API Reference, AssumeRole: ExternalId. */
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

const CONFIGURABLE = OPERATION_NAMES.filter((operation) => rowOf(operation).eventName !== undefined);

// Each message continues the sentence `accountId is "1", `. In it, `{accountId}` stands for the name of another
// setting, and `{this}` for its own.

/** A text, whatever is in it. */
export const text = v.pipe(
  v.string("but it must be a text: set or remove it"),
  v.nonEmpty("but it must be a text: set or remove it"),
);

const matching = (pattern: RegExp, problem: string) => v.pipe(text, v.regex(pattern, problem));

export const accountId = matching(
  ACCOUNT_ID,
  "but an AWS account has 12 digits: set all of them, in quotes where the file is edited by hand, or " +
    "leading zeros get lost",
);

/** Accounts, each once. */
export const accountIds = v.pipe(v.array(accountId), withoutRepeats());

/** A whole number from `min` to `max`, of some unit. */
export function wholeNumber(min: number, max: number, unit: string) {
  const problem = `but it must be a whole number of ${unit} from ${min} to ${max}: set one`;
  return v.pipe(v.number(problem), v.integer(problem), v.minValue(min, problem), v.maxValue(max, problem));
}

/**
 * How many of a function's executions may run at once, and are kept for it. Lambda's own limit is what the account has
 * left: 100 must remain unreserved (Lambda Developer Guide, "Configuring reserved concurrency").
 */
export const reservedConcurrency = wholeNumber(1, 100_000, "executions");

export const region = v.pipe(
  text,
  v.check(isRegion, "but that is no Region of the partitions aws, aws-cn and aws-us-gov: set one such as us-east-1"),
);

/**
 * EventBridge User Guide, "Creating a rule that runs on a schedule". No rate below an hour: a run may take hours, and
 * the next one wouldn't wait for it. What is within `cron(…)` EventBridge checks itself.
 */
export const schedule = matching(
  /^(?:rate\((?:1 (?:hour|day)|(?:[2-9]|[1-9]\d{1,3}) (?:hours|days))\)|cron\(\S+(?: \S+){5}\))$/,
  "but it must be a rate of an hour or more, or a cron expression of EventBridge: set one such as rate(1 day)",
);

export const nameSuffix = matching(
  NAME_SUFFIX,
  "but it must be 1 to 20 of a-z, 0-9 and - for role names to stay within IAM's 64 characters: set a " +
    "shorter or simpler one",
);

/** What Lambda itself logs of an invocation: Lambda Developer Guide, "System log level event mapping". */
export const SYSTEM_LOG_LEVELS = ["INFO", "WARN"] as const;
export type SystemLogLevel = (typeof SYSTEM_LOG_LEVELS)[number];
export const DEFAULT_SYSTEM_LOG_LEVEL: SystemLogLevel = "WARN";

export const systemLogLevel = v.optional(
  v.picklist(SYSTEM_LOG_LEVELS, `but it can only be ${SYSTEM_LOG_LEVELS.join(" or ")}: set one of them`),
  DEFAULT_SYSTEM_LOG_LEVEL,
);

export const topicRuleName = matching(
  TOPIC_RULE_NAME,
  "but the name of a topic rule has 1 to 128 of a-z, A-Z, 0-9 and _: set the partner's output ruleName",
);

/** Which processors a function runs on. */
export const ARCHITECTURES = ["arm64", "x86_64"] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/**
 * The cheaper one by default. Which Regions lack it is written nowhere but in the price list ("most AWS Regions",
 * Lambda Developer Guide, "Lambda instruction set architectures"), and Lambda refuses it where it is missing.
 */
export const DEFAULT_ARCHITECTURE: Architecture = "arm64";

export const architecture = v.picklist(
  ARCHITECTURES,
  `but Lambda has only ${ARCHITECTURES.join(" and ")}: set one of them`,
);

/** IAM User Guide, "IAM identifiers": a managed policy of an account, or of AWS. */
const POLICY_ARN = /^arn:aws(?:-cn|-us-gov)?:iam::(?:\d{12}|aws):policy\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,128}$/;

export const policyArn = matching(
  POLICY_ARN,
  "but that is no ARN of a managed policy: set one such as arn:aws:iam::111111111111:policy/boundary",
);

/** Amazon SNS, "CreateTopic": letters, digits, - and _. A topic of another account has to let CloudWatch publish. */
const TOPIC_ARN = /^arn:(?:aws|aws-cn|aws-us-gov):sns:([a-z0-9-]+):\d{12}:[\w-]{1,256}$/;

export const alarmTopicArn = matching(TOPIC_ARN, "but that is no ARN of a standard SNS topic: set one, or remove it");

/** CloudWatch User Guide, "Using Amazon CloudWatch alarms": an alarm tells topics of its own Region. */
export const ALARM_TOPIC_RULE: PairRule = {
  of: "alarmTopicArn",
  and: "region",
  problem(arn, region) {
    const theirs = TOPIC_ARN.exec(arn)?.[1];
    return theirs === region ? undefined : `but alarms of ${region} can only tell a topic of that Region: set one`;
  },
};

export const host = matching(
  HOST,
  "but it must be a host name alone, without scheme and path: set the partner's output dataEndpoint",
);

export const externalId = matching(
  EXTERNAL_ID,
  "but STS wants 2 to 1224 letters, digits and _+=,.@:/- in an external id: set the one that both sides agreed on",
);

/** In the order of the operations table, so that another order of the setting changes nothing. */
export const operations = v.pipe(
  v.array(
    v.pipe(
      text,
      v.check(isOperation, `but there is no such operation: name some of ${CONFIGURABLE.join(", ")}`),
      v.check(
        (name) => !isOperation(name) || rowOf(name).eventName !== undefined,
        "but that is no call that could be announced and comes with create_thing: remove it",
      ),
    ),
  ),
  v.nonEmpty(`but without an operation nothing is announced: name some of ${CONFIGURABLE.join(", ")}`),
  withoutRepeats(),
  v.transform((names) => OPERATION_NAMES.filter((operation) => names.includes(operation))),
);

function withoutRepeats() {
  return v.rawCheck<string[]>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const names = dataset.value;
    const index = names.findIndex((name, at) => names.indexOf(name) !== at);
    if (index < 0) return;
    addIssue({
      message: "but the list has it already: remove one of the two",
      input: names[index],
      path: [{ type: "array", origin: "value", input: names, key: index, value: names[index] }],
    });
  });
}

/**
 * What two settings must not be together. `problem` is asked when both are known, and answers for `of`; a list is asked
 * about as one text, with commas between.
 */
export interface PairRule {
  readonly of: string;
  readonly and: string;
  readonly problem: (of: string, and: string) => string | undefined;
}

/** IAM takes as a boundary only a policy of the role's own account, or one of AWS. */
export const OWN_BOUNDARY: PairRule = {
  of: "permissionsBoundaryArn",
  and: "accountId",
  problem(arn, accountId) {
    const owner = arn.split(":")[4];
    if (owner === "aws" || owner === accountId) return undefined;
    return `but {accountId} is ${accountId}: set a policy of that account, or one of AWS`;
  },
};

/** How whoever reads the message calls a setting: `iot-hooks-customer:accountId`. */
export type Naming = (setting: string) => string;

/** The error for a setting. An undefined `value` isn't shown. */
export function refusal(naming: Naming, setting: string, value: unknown, problem: string): pulumi.RunError {
  const words = problem.replaceAll(/\{([\w[\].]+)\}/g, (_, other: string) =>
    naming(other === "this" ? setting : other),
  );
  return new pulumi.RunError(`${naming(setting)} ${value === undefined ? "" : `is ${shown(value)}, `}${words}.`);
}

/**
 * `input` as `schema` has it. Throws the RunError for the first thing wrong with the setting of that name, or,
 * without one, with one inside.
 */
export function parsed<S extends v.GenericSchema>(
  schema: S,
  input: unknown,
  naming: Naming,
  setting = "",
): v.InferOutput<S> {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw refusal(naming, setting + pathOf(issue.path ?? [], setting === ""), issue.input, issue.message);
}

/** Throws for the first rule that is broken by what `settings` has. */
export function checkPairs(rules: readonly PairRule[], settings: Readonly<Record<string, unknown>>, naming: Naming) {
  for (const { of, and, problem } of rules) {
    const [value, other] = [settings[of], settings[and]];
    const [one, two] = [value, other].map((given) => (Array.isArray(given) ? given.join(", ") : given));
    const found = typeof one === "string" && typeof two === "string" ? problem(one, two) : undefined;
    if (found !== undefined) throw refusal(naming, of, value, found);
  }
}

/** `operations[1]`, `externalIds["111111111111"]`, `onThing.timeout`. */
const pathOf = (path: readonly v.IssuePathItem[], first: boolean): string =>
  path
    .map(({ type, key }, index) => {
      if (type === "array") return `[${String(key)}]`;
      return first && index === 0 ? String(key) : memberPath(String(key));
    })
    .join("");

/** `.timeout`, `["111111111111"]`. */
export const memberPath = (key: string): string => (/^[a-z]\w*$/i.test(key) ? `.${key}` : `["${key}"]`);

function isRegion(name: string): boolean {
  return partitionFor(name) !== undefined;
}

/** Long values are cut: the message is for a terminal. */
function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > 200 ? `${json.slice(0, 197)}...` : json;
}
