// What the partner's program tells its receive function: environment variables, and one file in the function's archive.
import * as v from "valibot";
import { ACCOUNT_ID } from "../../shared/contract/names.ts";
import type { Operation } from "../../shared/contract/operations.ts";
import {
  MisconfiguredFunction,
  type Variables,
  operationNames,
  queueUrl,
  readVariables,
} from "../../shared/lambda/variables.ts";

/** Environment variables of the receive function, beside those that Lambda sets and those of the partner's own code. */
export const RECEIVE_VARIABLES = {
  /** "true" or "false": whether each message that was taken is published on its debug topic. */
  debug: "DEBUG",
  /**
   * "observe": a message that another principal than the customer's publish role sent is logged, counted and taken.
   * "enforce": it is rejected.
   */
  senderCheck: "SENDER_CHECK",
  /** Where events go that no retry mends, and, by Lambda itself, those that failed each time. */
  failureQueueUrl: "FAILURE_QUEUE_URL",
  /** The device registry's table. Not set: there is none. */
  registryTable: "REGISTRY_TABLE",
} as const;

export const SENDER_CHECKS = ["observe", "enforce"] as const;

const schema = v.object({
  debug: v.pipe(
    v.picklist(["true", "false"], "must be true or false"),
    v.transform((debug) => debug === "true"),
  ),
  senderCheck: v.picklist(SENDER_CHECKS, "must be observe or enforce"),
  failureQueueUrl: queueUrl,
  // DynamoDB API Reference, CreateTable: TableName.
  registryTable: v.optional(v.pipe(v.string(), v.regex(/^[\w.-]{3,255}$/, "must be the name of a DynamoDB table"))),
});
export type ReceiveSettings = v.InferOutput<typeof schema>;

/** Throws MisconfiguredFunction. */
export const receiveSettings = (variables: Variables): ReceiveSettings =>
  readVariables(schema, RECEIVE_VARIABLES, variables);

/** Beside `index.js` in the archive: environment variables (4 KB) hold no more than some 300 customers. */
export const CUSTOMERS_FILE = "customers.json";

const customersSchema = v.pipe(
  v.unknown(),
  v.check((content) => !Array.isArray(content), "must be an object"),
  v.record(
    v.pipe(v.string(), v.regex(ACCOUNT_ID, "must be accounts of 12 digits")),
    v.object({
      operations: operationNames,
      senderId: v.pipe(v.string(), v.regex(/^\w{1,128}$/, "must be the id of a role")),
    }),
  ),
);
export interface KnownCustomer {
  /** What it may announce. */
  readonly operations: readonly Operation[];
  /** Unique id of its publish role: what `principal()` starts with when that role publishes. */
  readonly senderId: string;
}
/** By account. */
export type Customers = Readonly<Record<string, KnownCustomer>>;

/** Throws MisconfiguredFunction for a file that the partner's program didn't write. */
export function parseCustomers(json: string): Customers {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch (cause) {
    throw new MisconfiguredFunction(`${CUSTOMERS_FILE} is not JSON: deploy the partner's program again.`, { cause });
  }
  const result = v.safeParse(customersSchema, content);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new MisconfiguredFunction(
    `${CUSTOMERS_FILE}: ${v.getDotPath(issue) ?? "its content"} ${issue.message}: deploy the partner's program again.`,
  );
}
