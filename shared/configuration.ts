// A stack's configuration, read through a schema per setting. Code owns the defaults; Pulumi.yaml repeats them, since
// they don't apply without the CLI. The CLI's project schema has no optional keys, only defaults: an empty text means
// that the setting isn't given.
import * as pulumi from "@pulumi/pulumi";
import { closest, distance } from "fastest-levenshtein";
import * as v from "valibot";
import { type Naming, type PairRule, checkPairs, parsed, refusal } from "./settings.ts";

/** A setting without which nothing can be made. */
export const required = <S extends v.GenericSchema>(schema: S, example: string) =>
  v.pipe(
    v.unknown(),
    v.check(
      (value) => value !== undefined,
      `is not set: run "pulumi config set {this} ${example}" with your own value`,
    ),
    schema,
  );

export const flag = (fallback: boolean) =>
  v.optional(
    v.pipe(
      v.picklist(["true", "false"], "but it can only be true or false: set one of them"),
      v.transform((value) => value === "true"),
    ),
    fallback ? "true" : "false",
  );

/** A number, which the configuration has as a text. */
export const number = <S extends v.GenericSchema<number>>(schema: S) =>
  v.optional(
    v.pipe(
      v.string(),
      // What is no number is left as it is, for the schema to say so.
      v.transform((text) => (/^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text)),
      schema,
    ),
  );

/** A list of texts. */
export const list = <S extends v.GenericSchema<string[], unknown>>(schema: S, fallback: readonly string[] = []) =>
  v.optional(
    v.pipe(
      json(`a list: remove it and run "pulumi config set --path '{this}[0]' <value>"`, Array.isArray),
      v.array(entry),
      schema,
    ),
    JSON.stringify(fallback),
  );

/** Texts by key. */
export const record = <S extends v.GenericSchema<string, unknown>>(schema: S) =>
  v.optional(
    v.pipe(
      json(
        `a map: remove it and run "pulumi config set --path '{this}["<key>"]' <value>"`,
        (value) => typeof value === "object" && value !== null && !Array.isArray(value),
      ),
      v.record(v.string(), v.pipe(entry, schema)),
    ),
    "{}",
  );

const json = (what: string, fits: (value: unknown) => boolean) =>
  v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        return JSON.parse(dataset.value) as unknown;
      } catch {
        addIssue({ message: `but it must be ${what}` });
        return NEVER;
      }
    }),
    v.check(fits, `but it must be ${what}`),
  );

/**
 * `pulumi config set --path` saves what looks like an integer or a boolean as one (CLI reference, pulumi config set).
 */
const entry = v.pipe(
  v.unknown(),
  v.check(
    (value) => typeof value !== "number" && typeof value !== "boolean",
    ({ input }) =>
      `but the ${typeof input} must be a text: run "pulumi config set --type string --path '{this}' <value>"`,
  ),
  v.string("but it must be a text: set or remove it"),
  v.nonEmpty("but it must be a text: set or remove it"),
);

export class Configuration {
  readonly #keys: Readonly<Record<string, string>>;

  /** @param keys of settings that stand under another name. A key without a colon belongs to the project. */
  constructor(keys: Readonly<Record<string, string>> = {}) {
    this.#keys = { region: "aws:region", profile: "aws:profile", ...keys };
  }

  /** The key as users write it, with its name space. */
  readonly key: Naming = (setting) => {
    const key = this.#keys[setting] ?? setting;
    return key.includes(":") ? key : `${pulumi.getProject()}:${key}`;
  };

  /** The error for a setting: `problem` continues the sentence `iot-hooks-customer:accountId is "1", `. */
  refuse(setting: string, value: unknown, problem: string): pulumi.RunError {
    return refusal(this.key, setting, value, problem);
  }

  /** Throws RunError for whatever is missing, malformed, contradictory, or no setting at all. */
  read<E extends v.ObjectEntries>(
    entries: E,
    rules: readonly PairRule[] = [],
  ): v.InferOutput<v.ObjectSchema<E, undefined>> {
    const names = Object.keys(entries);
    refuseUnknownKeys(names.map(this.key));
    const settings = parsed(
      v.object(entries),
      Object.fromEntries(names.map((name) => [name, this.#text(name)])),
      this.key,
    );
    checkPairs(rules, settings, this.key);
    return settings;
  }

  #text(setting: string): string | undefined {
    const [namespace = "", name = ""] = this.key(setting).split(":");
    const value = new pulumi.Config(namespace).get(name);
    return value === "" ? undefined : value;
  }
}

/** A key of the project that nobody reads is a mistake: what it was meant to set would silently have its default. */
function refuseUnknownKeys(known: readonly string[]): void {
  const prefix = `${pulumi.getProject()}:`;
  const settings = known.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  for (const key of Object.keys(pulumi.runtime.allConfig())) {
    const name = key.slice(prefix.length);
    if (!key.startsWith(prefix) || settings.includes(name)) continue;
    const near = closest(name, settings);
    throw new pulumi.RunError(
      distance(name.toLowerCase(), near.toLowerCase()) <= Math.max(2, near.length / 3)
        ? `${key} is no setting: did you mean ${near}?`
        : `${key} is no setting: remove it, or set one of ${settings.join(", ")}.`,
    );
  }
}
