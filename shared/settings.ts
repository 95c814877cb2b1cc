// What a setting may be, whether it comes from a stack's configuration or as an argument of a component. Whatever is
// wrong is a RunError of one sentence, which Pulumi prints without a stack trace: what, which value, what to do.
import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { ACCOUNT_ID, NAME_SUFFIX, partitionOf } from "./contract/names.ts";
import { OPERATION_NAMES, isOperation, rowOf } from "./contract/operations.ts";

/** Host names: RFC 1123. A port is allowed for endpoints that aren't AWS's. */
const HOST =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*(?::\d{1,5})?$/i;

/** STS API Reference, AssumeRole: ExternalId. */
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

/** AWS IoT Core, "message broker and protocol limits": bytes in a topic. */
const MAX_TOPIC_BYTES = 256;

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

export const region = v.pipe(
  text,
  v.check(isRegion, "but that is no Region of the partitions aws, aws-cn and aws-us-gov: set one such as us-east-1"),
);

export const nameSuffix = matching(
  NAME_SUFFIX,
  "but it must be 1 to 20 of a-z, 0-9 and - for role names to stay within IAM's 64 characters: set a " +
    "shorter or simpler one",
);

/** Which processors a function runs on. */
export const ARCHITECTURES = ["arm64", "x86_64"] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/**
 * The cheaper one by default. Which Regions lack it is written nowhere but in the price list ("most AWS Regions", Lambda
 * Developer Guide, "Lambda instruction set architectures"), and Lambda refuses it where it is missing.
 */
export const DEFAULT_ARCHITECTURE: Architecture = "arm64";

export const architecture = v.picklist(
  ARCHITECTURES,
  `but Lambda has only ${ARCHITECTURES.join(" and ")}: set one of them`,
);

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
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const names = dataset.value;
    const index = names.findIndex((name, at) => names.indexOf(name) !== at);
    if (index < 0) return;
    addIssue({
      message: "but the list has it already: remove one of the two",
      input: names[index],
      path: [{ type: "array", origin: "value", input: names, key: index, value: names[index] }],
    });
  }),
  v.transform((names) => OPERATION_NAMES.filter((operation) => names.includes(operation))),
);

const topicProblem = (pattern: string): string | undefined => {
  if (Buffer.byteLength(pattern) > MAX_TOPIC_BYTES) {
    return `but a topic has at most ${MAX_TOPIC_BYTES} bytes: set a shorter one`;
  }
  if (/[+#]/.test(pattern)) return "but in a policy + and # are plain characters: write * and ? for wildcards";
  if (pattern.includes("${")) return "but policy variables aren't meant here: name the topic";
  if (/[\s\p{Cc}]/u.test(pattern)) return "but white space doesn't belong in a topic: remove it";
  return undefined;
};

/** Topics as IAM resources spell them: with `*` and `?`, where MQTT's own wildcards mean nothing. */
export const topicPatterns = v.array(
  v.pipe(
    text,
    v.check(
      (pattern) => topicProblem(pattern) === undefined,
      ({ input }) => topicProblem(input) ?? "",
    ),
  ),
);

/** What two settings must not be together. `problem` is asked when both are known, and answers for `of`. */
export interface PairRule {
  readonly of: string;
  readonly and: string;
  readonly problem: (of: string, and: string) => string | undefined;
}

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
    const found = typeof value === "string" && typeof other === "string" ? problem(value, other) : undefined;
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
  try {
    partitionOf(name);
    return true;
  } catch {
    return false;
  }
}

/** Long values are cut: the message is for a terminal. */
function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > 200 ? `${json.slice(0, 197)}...` : json;
}
