// How a function reads what its program tells it through environment variables.
import * as v from "valibot";
import { type Operation, isOperation } from "../contract/operations.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

/** Thrown while a function starts: it was deployed by something other than its program, or changed since. */
export class MisconfiguredFunction extends Error {
  override readonly name = "MisconfiguredFunction";
}

/** Comma-separated. */
export const operationNames: v.GenericSchema<string, readonly Operation[]> = v.pipe(
  v.string(),
  v.transform((list) => list.split(",")),
  v.array(v.custom<Operation>((input) => isOperation(input as string), "must be operations of the contract")),
);

/** Of the queue for events that can't be dealt with: an HTTPS address, or the embedded AWS's. */
export const queueUrl = v.pipe(v.string(), v.url("must be the URL of an SQS queue"));

/**
 * Settings from variables: `names` gives the variable of each setting. Throws MisconfiguredFunction with the
 * variable's name, its value and what it must be.
 */
export function readVariables<S extends v.GenericSchema>(
  schema: S,
  names: Readonly<Record<string, string>>,
  variables: Variables,
): v.InferOutput<S> {
  const given = Object.fromEntries(
    Object.entries(names).flatMap(([setting, variable]) =>
      variables[variable] === undefined ? [] : [[setting, variables[variable]]],
    ),
  );
  const result = v.safeParse(schema, given);
  if (result.success) return result.output;
  const [issue] = result.issues;
  // Of one of the settings, as the schemas are objects of them: the issue has a path, which begins with its name.
  const [setting] = (v.getDotPath(issue) as string).split(".") as [string];
  const variable = names[setting] as string;
  const value = variables[variable];
  throw new MisconfiguredFunction(
    value === undefined
      ? `The function's environment variable ${variable} is not set: deploy it with its Pulumi program.`
      : `The function's environment variable ${variable} is "${value}", but ${issue.message}.`,
  );
}
