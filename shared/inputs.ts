// The arguments of a component, each checked as soon as it is known: at once, before anything is declared, where it
// is a plain value.
import * as pulumi from "@pulumi/pulumi";
import type * as v from "valibot";
import { type Naming, type PairRule, checkPairs, parsed } from "./settings.ts";

type Fields = Readonly<Record<string, v.GenericSchema>>;

/** What became of the arguments: each an output of its own, so that one that isn't known yet makes no other unknown. */
export type Settings<F extends Fields> = { readonly [K in keyof F]: pulumi.Output<v.InferOutput<F[K]>> };

/** How a component's user calls an argument. */
export const argumentOf =
  (component: string, name: string): Naming =>
  (argument) =>
    `${argument} of ${component} "${name}"`;

/** Throws RunError for a plain value that is wrong; what is an output is refused when its value is there. */
export function checkedInputs<F extends Fields>(
  fields: F,
  args: { readonly [K in keyof F]?: unknown },
  naming: Naming,
  rules: readonly PairRule[] = [],
): Settings<F> {
  const known: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(fields)) {
    if (isKnown(args[name])) known[name] = parsed(schema, args[name], naming, name);
  }
  checkPairs(rules, known, naming);

  const settings: Record<string, pulumi.Output<unknown>> = {};
  for (const [name, schema] of Object.entries(fields)) {
    settings[name] =
      name in known
        ? pulumi.output(known[name])
        : (pulumi.output(args[name]) as pulumi.Output<unknown>).apply((value) => parsed(schema, value, naming, name));
  }
  for (const rule of rules) {
    const { of, and } = rule;
    if (of in known && and in known) continue;
    settings[of] = pulumi.all([settings[of], settings[and]]).apply(([one, two]) => {
      checkPairs([rule], { [of]: one, [and]: two }, naming);
      return one;
    });
  }
  return settings as Settings<F>;
}

/**
 * For a resource's optional input: Pulumi leaves out an output that has no value, though its types don't allow for one.
 */
export const whereSet = <T>(output: pulumi.Output<T | undefined>): pulumi.Output<T> => output as pulumi.Output<T>;

/** Whether there is no output and no promise in it. */
export function isKnown(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return false;
  return typeof value !== "object" || value === null || Object.values(value).every(isKnown);
}

/**
 * `use` of the inputs: at once where all are known, so that what it throws is thrown before anything is declared;
 * otherwise when they are.
 */
export const whenKnown = <T extends object, R>(
  inputs: T,
  use: (known: pulumi.Unwrap<T>) => pulumi.Input<R>,
): pulumi.Output<R> =>
  (isKnown(inputs)
    ? pulumi.output(use(inputs as unknown as pulumi.Unwrap<T>))
    : pulumi.output(inputs).apply(use)) as pulumi.Output<R>;
