// A stack's configuration, read and checked. Whatever is wrong is a RunError of one sentence, which Pulumi prints without a stack trace:
// what, which value, what to do. Code owns the defaults; Pulumi.yaml repeats them, since they don't apply without the CLI.
import * as pulumi from "@pulumi/pulumi";
import { ACCOUNT_ID, NAME_SUFFIX, partitionOf } from "./contract/names.ts";
import { DEFAULT_OPERATIONS, OPERATION_NAMES, type Operation, isOperation, rowOf } from "./contract/operations.ts";

/** Host names: RFC 1123. A port is allowed for endpoints that aren't AWS's. */
const HOST =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*(?::\d{1,5})?$/i;

/** STS API Reference, AssumeRole: ExternalId. */
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

/** AWS IoT Core, "message broker and protocol limits": bytes in a topic. */
const MAX_TOPIC_BYTES = 256;

const CONFIGURABLE = OPERATION_NAMES.filter((operation) => rowOf(operation).eventName !== undefined);

/**
 * Settings by their names in code. `keys` gives the configuration key of those that stand under another one; a key without a colon belongs to the
 * project. CLI's project schema has no optional keys, only defaults: an empty text means that the setting isn't given.
 */
export class Configuration {
  readonly #keys: Readonly<Record<string, string>>;

  constructor(keys: Readonly<Record<string, string>> = {}) {
    this.#keys = { region: "aws:region", profile: "aws:profile", ...keys };
  }

  /** The error for a setting: `problem` continues the sentence "customer:accountId is "1", ". */
  refuse(setting: string, value: unknown, problem: string): pulumi.RunError {
    return new pulumi.RunError(`${this.key(setting)} is ${shown(value)}, ${problem}.`);
  }

  /** The key as users write it, with its name space. */
  key(setting: string): string {
    const key = this.#keys[setting] ?? setting;
    return key.includes(":") ? key : `${pulumi.getProject()}:${key}`;
  }

  text(setting: string): string | undefined {
    const [namespace = "", name = ""] = this.key(setting).split(":");
    const value = new pulumi.Config(namespace).get(name);
    return value === "" ? undefined : value;
  }

  required(setting: string, example: string): string {
    const value = this.text(setting);
    if (value !== undefined) return value;
    throw new pulumi.RunError(
      `${this.key(setting)} is not set: run "pulumi config set ${this.key(setting)} ${example}" with your own value.`,
    );
  }

  flag(setting: string, fallback: boolean): boolean {
    const value = this.text(setting);
    if (value === undefined) return fallback;
    if (value === "true" || value === "false") return value === "true";
    throw this.refuse(setting, value, "but it can only be true or false: set one of them");
  }

  /** A list of texts, each not empty. */
  list(setting: string, fallback: readonly string[]): readonly string[] {
    const value = this.#json(setting, `--path '${this.key(setting)}[0]' <value>`, "a list");
    if (value === undefined) return fallback;
    if (!Array.isArray(value)) {
      throw this.refuse(
        setting,
        value,
        `but it must be a list: remove it and run "pulumi config set --path '${this.key(setting)}[0]' <value>"`,
      );
    }
    return value.map((entry: unknown, index) => this.#entry(`${setting}[${index}]`, entry));
  }

  /** Texts by key. */
  record(setting: string): Readonly<Record<string, string>> {
    const value = this.#json(setting, `--path '${this.key(setting)}["<key>"]' <value>`, "a map");
    if (value === undefined) return {};
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw this.refuse(
        setting,
        value,
        `but it must be a map: remove it and run "pulumi config set --path '${this.key(setting)}["<key>"]' <value>"`,
      );
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, this.#entry(`${setting}["${key}"]`, entry)]),
    );
  }

  accountId(setting: string): string {
    const value = this.required(setting, "111111111111");
    if (ACCOUNT_ID.test(value)) return value;
    throw this.refuse(
      setting,
      value,
      "but an AWS account has 12 digits: set all of them, in quotes where the file is edited by hand, or leading zeros get lost",
    );
  }

  /** Required where it has no `fallback`. */
  region(setting: string, fallback?: string): string {
    const value = fallback === undefined ? this.required(setting, "us-east-1") : (this.text(setting) ?? fallback);
    try {
      partitionOf(value);
    } catch {
      throw this.refuse(
        setting,
        value,
        "but that is no Region of the partitions aws, aws-cn and aws-us-gov: set one such as us-east-1",
      );
    }
    return value;
  }

  nameSuffix(setting: string): string | undefined {
    return this.#matching(
      setting,
      NAME_SUFFIX,
      "but it must be 1 to 20 of a-z, 0-9 and - for role names to stay within IAM's 64 characters: set a shorter or simpler one",
    );
  }

  host(setting: string): string | undefined {
    return this.#matching(
      setting,
      HOST,
      "but it must be a host name alone, without scheme and path: set the partner's output dataEndpoint",
    );
  }

  externalId(setting: string): string | undefined {
    const value = this.text(setting);
    if (value !== undefined) this.checkExternalId(setting, value);
    return value;
  }

  checkExternalId(setting: string, value: string): void {
    if (EXTERNAL_ID.test(value)) return;
    throw this.refuse(
      setting,
      value,
      "but STS wants 2 to 1224 letters, digits and _+=,.@:/- in an external id: set the one that both sides agreed on",
    );
  }

  /** In the order of the operations table, so that another order in the configuration changes nothing. */
  operations(setting: string): readonly Operation[] {
    const names = this.list(setting, DEFAULT_OPERATIONS);
    if (names.length === 0) {
      throw this.refuse(
        setting,
        names,
        `but without an operation nothing is announced: name some of ${CONFIGURABLE.join(", ")}`,
      );
    }
    for (const [index, name] of names.entries()) {
      const entry = `${setting}[${index}]`;
      if (!isOperation(name)) {
        throw this.refuse(entry, name, `but there is no such operation: name some of ${CONFIGURABLE.join(", ")}`);
      }
      if (rowOf(name).eventName === undefined) {
        throw this.refuse(
          entry,
          name,
          "but that is no call that could be announced and comes with create_thing: remove it",
        );
      }
      if (names.indexOf(name) !== index) {
        throw this.refuse(entry, name, "but the list has it already: remove one of the two");
      }
    }
    return OPERATION_NAMES.filter((operation) => names.includes(operation));
  }

  /** Topics as IAM resources spell them: with `*` and `?`, where MQTT's own wildcards mean nothing. */
  topicPatterns(setting: string): readonly string[] {
    const patterns = this.list(setting, []);
    for (const [index, pattern] of patterns.entries()) {
      const problem = topicProblem(pattern);
      if (problem !== undefined) throw this.refuse(`${setting}[${index}]`, pattern, problem);
    }
    return patterns;
  }

  #matching(setting: string, pattern: RegExp, problem: string): string | undefined {
    const value = this.text(setting);
    if (value === undefined || pattern.test(value)) return value;
    throw this.refuse(setting, value, problem);
  }

  #json(setting: string, how: string, kind: string): unknown {
    const value = this.text(setting);
    if (value === undefined) return undefined;
    try {
      return JSON.parse(value);
    } catch {
      throw this.refuse(setting, value, `but it must be ${kind}: remove it and run "pulumi config set ${how}"`);
    }
  }

  #entry(setting: string, entry: unknown): string {
    if (typeof entry === "string" && entry !== "") return entry;
    // "pulumi config set --path" saves what looks like an integer or a boolean as one (CLI reference, pulumi config set).
    if (typeof entry === "number" || typeof entry === "boolean") {
      throw this.refuse(
        setting,
        entry,
        `but the ${typeof entry} must be a text: run "pulumi config set --type string --path '${this.key(setting)}' <value>"`,
      );
    }
    throw this.refuse(setting, entry, "but it must be a text: set or remove it");
  }
}

function topicProblem(pattern: string): string | undefined {
  if (Buffer.byteLength(pattern) > MAX_TOPIC_BYTES) {
    return `but a topic has at most ${MAX_TOPIC_BYTES} bytes: set a shorter one`;
  }
  if (/[+#]/.test(pattern)) return "but in a policy + and # are plain characters: write * and ? for wildcards";
  if (pattern.includes("${")) return "but policy variables aren't meant here: name the topic";
  if (/[\s\p{Cc}]/u.test(pattern)) return "but white space doesn't belong in a topic: remove it";
  return undefined;
}

/** Long values are cut: the message is for a terminal. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}
