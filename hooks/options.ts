// How an operator says which deployment a command is about.
import { type Command, InvalidArgumentError } from "commander";
import { ACCOUNT_ID, partitionFor } from "../shared/contract/names.ts";
import { SIDES, type Side } from "./sides.ts";

/** How to find one side. */
export interface SideOptions {
  readonly outputs?: string;
  readonly stack?: string;
  readonly project?: string;
  /** A Region: what is deployed there is found by tags. */
  readonly byTags?: string;
  /** Of several that are found by tags, this one. */
  readonly deployment?: string;
  readonly profile?: string;
  readonly endpointUrl?: string;
}

/** How to find both: of each side, what is its own comes before what is said for both. */
export type BothOptions = SideOptions & {
  readonly [Name in keyof SideOptions as `${Side}${Capitalize<Name>}`]?: string;
};

const WAYS = [
  ["outputs <file>", "what `pulumi stack output --json` printed; default: asks pulumi"],
  ["stack <name>", "the stack to ask pulumi about; default: the one that is selected"],
  ["project <folder>", "the folder of the project to ask pulumi about; default: this one"],
  ["by-tags <region>", "asks nobody for outputs: finds what is deployed in this Region by its functions' tags"],
  ["deployment <name>", "with --by-tags: which one, where there are several"],
  ["profile <name>", "the AWS profile; default: AWS_PROFILE, or what else the SDK finds"],
] as const;

const withEndpoint = (command: Command): Command =>
  command.option("--endpoint-url <url>", "another AWS, such as the embedded one; default: AWS_ENDPOINT_URL, or AWS");

export function withSideOptions(command: Command): Command {
  for (const [flag, what] of WAYS) command.option(`--${flag}`, what);
  return withEndpoint(command);
}

export function withBothOptions(command: Command): Command {
  for (const [flag, what] of WAYS) command.option(`--${flag}`, `of both sides: ${what}`);
  for (const side of SIDES)
    for (const [flag] of WAYS) command.option(`--${side}-${flag}`, `the same, of the ${side}'s side`);
  return withEndpoint(command);
}

/** Ways to the outputs: one that is given for a side replaces all that are given for both. */
const TO_OUTPUTS = ["outputs", "stack", "project", "byTags"] as const;

/** Of one side: its own options, and what is said for both where it has none. */
export function optionsOf(side: Side, options: BothOptions): SideOptions {
  const ownOf = (name: Exclude<keyof SideOptions, "endpointUrl">): string | undefined =>
    options[`${side}${name.charAt(0).toUpperCase()}${name.slice(1)}` as keyof BothOptions];
  const own = TO_OUTPUTS.some((name) => ownOf(name) !== undefined);
  const { endpointUrl } = options;
  return withoutUndefined({
    ...Object.fromEntries(TO_OUTPUTS.map((name) => [name, own ? ownOf(name) : options[name]])),
    deployment: ownOf("deployment") ?? options.deployment,
    profile: ownOf("profile") ?? options.profile,
    endpointUrl,
  });
}

const withoutUndefined = (options: { readonly [Name in keyof SideOptions]?: string | undefined }): SideOptions =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

/** Of an option that may be repeated. */
export const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export function accountId(value: string): string {
  if (!ACCOUNT_ID.test(value)) throw new InvalidArgumentError("It takes an account, 12 digits.");
  return value;
}

export function region(value: string): string {
  if (partitionFor(value) === undefined) throw new InvalidArgumentError("It takes a Region, such as us-east-1.");
  return value;
}

/** @param of what is counted */
export const positive =
  (of: string) =>
  (value: string): number => {
    if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError(`It takes a number of ${of}, from 1.`);
    return Number(value);
  };

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90m`, `2h`, `14d`, or a time: milliseconds since 1970. */
export const since =
  (now: () => number) =>
  (value: string): number => {
    const [, number, unit = ""] = /^(\d+)([smhd])$/.exec(value) ?? [];
    if (number !== undefined) return now() - Number(number) * (UNITS_MS[unit] ?? 0);
    const at = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : NaN;
    if (Number.isNaN(at)) throw new InvalidArgumentError("It takes 90m, 2h, 14d, or a time such as 2026-01-31T12:00Z.");
    return at;
  };
