// What the programs tell their functions: environment variables, and one file in the partner function's archive.
import * as v from "valibot";
import { ACCOUNT_ID, parseRoleArn } from "./names.ts";
import { type Operation, isOperation } from "./operations.ts";

export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
}

const operation = v.custom<Operation>(
  (input) => typeof input === "string" && isOperation(input),
  "must be operations of the contract",
);
const operations = v.pipe(v.array(operation), v.nonEmpty("must name an operation"));

/** Environment variables of the announce function, beside those that Lambda sets. Values are the settings' own names. */
export const ANNOUNCE_VARIABLES = {
  accountId: "ACCOUNT_ID",
  partnerRoleArn: "PARTNER_ROLE_ARN",
  partnerRegion: "PARTNER_REGION",
  /** A host name without a scheme; unset: the SDK's own choice. AWS_ENDPOINT_URL wins over it. */
  partnerDataEndpoint: "PARTNER_DATA_ENDPOINT",
  externalId: "EXTERNAL_ID",
  /** Comma-separated. */
  operations: "OPERATIONS",
} as const;

const announceSchema = v.object({
  accountId: v.pipe(v.string(), v.regex(ACCOUNT_ID, "must be 12 digits")),
  partnerRoleArn: v.pipe(
    v.string(),
    v.check((arn) => parseRoleArn(arn) !== undefined, "must be the ARN of a role"),
  ),
  partnerRegion: v.pipe(v.string(), v.nonEmpty("must be a Region")),
  partnerDataEndpoint: v.optional(v.pipe(v.string(), v.regex(/^[\w.-]+(:\d+)?$/, "must be a host name"))),
  externalId: v.optional(v.pipe(v.string(), v.nonEmpty("must not be empty"))),
  operations: v.pipe(
    v.string(),
    v.transform((list) => list.split(",")),
    operations,
  ),
});
export type AnnounceSettings = v.InferOutput<typeof announceSchema>;

/** Environment variables of the receive function, beside those that Lambda sets. */
export const RECEIVE_VARIABLES = {
  /** "true" or "false": whether each message that was taken is published on its debug topic. */
  debug: "DEBUG",
} as const;

const receiveSchema = v.object({
  debug: v.pipe(
    v.picklist(["true", "false"], "must be true or false"),
    v.transform((debug) => debug === "true"),
  ),
});
export type ReceiveSettings = v.InferOutput<typeof receiveSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Both throw EnvironmentError with the variable's name, its value and what it must be. */
export const announceSettings = (environment: Environment): AnnounceSettings =>
  read(announceSchema, ANNOUNCE_VARIABLES, environment);
export const receiveSettings = (environment: Environment): ReceiveSettings =>
  read(receiveSchema, RECEIVE_VARIABLES, environment);

function read<S extends v.GenericSchema>(
  schema: S,
  variables: Readonly<Record<string, string>>,
  environment: Environment,
): v.InferOutput<S> {
  const given = Object.fromEntries(
    Object.entries(variables).flatMap(([setting, variable]) =>
      environment[variable] === undefined ? [] : [[setting, environment[variable]]],
    ),
  );
  const result = v.safeParse(schema, given);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const variable = variables[v.getDotPath(issue)?.split(".")[0] ?? ""] ?? "";
  const value = environment[variable];
  throw new EnvironmentError(
    value === undefined
      ? `The function's environment variable ${variable} is not set: deploy it with its Pulumi program.`
      : `The function's environment variable ${variable} is "${value}", but ${issue.message}.`,
  );
}

/** Beside `index.js` in the archive of the receive function: an environment (4 KB) holds no more than some 300 customers. */
export const CUSTOMERS_FILE = "customers.json";

const customersSchema = v.pipe(
  v.unknown(),
  v.check((content) => !Array.isArray(content), "must be an object"),
  v.record(v.pipe(v.string(), v.regex(ACCOUNT_ID, "must be accounts of 12 digits")), v.object({ operations })),
);
/** By account: what each customer may announce. */
export type Customers = Readonly<Record<string, { readonly operations: readonly Operation[] }>>;

/** Throws EnvironmentError for a file that the partner's program didn't write. */
export function parseCustomers(json: string): Customers {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch (cause) {
    throw new EnvironmentError(`${CUSTOMERS_FILE} is not JSON: deploy the partner's program again.`, { cause });
  }
  const result = v.safeParse(customersSchema, content);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new EnvironmentError(
    `${CUSTOMERS_FILE}: ${v.getDotPath(issue) ?? "its content"} ${issue.message}: deploy the partner's program again.`,
  );
}
