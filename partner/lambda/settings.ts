// What the partner's program tells its receive function. Who is a customer, a table says.
import * as v from "valibot";
import { type Variables, operationNames, queueUrl, readVariables } from "../../shared/lambda/variables.ts";

/** Environment variables of the receive function, beside those that Lambda sets and those of the partner's own code. */
export const RECEIVE_VARIABLES = {
  /** What customers may announce, comma-separated. */
  operations: "OPERATIONS",
  /** The table that says who is a customer. */
  customersTable: "CUSTOMERS_TABLE",
  /**
   * "true" or "false": whether each message that `onThing` ran for is published on its debug topic. Said for `hooks`;
   * the function has what publishes them, or hasn't.
   */
  debug: "DEBUG",
  /** "true": customers may also publish straight to the rule, which the function doesn't see. Said for `hooks`. */
  basicIngest: "BASIC_INGEST",
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

// DynamoDB API Reference, CreateTable: TableName.
const tableName = v.pipe(v.string(), v.regex(/^[\w.-]{3,255}$/, "must be the name of a DynamoDB table"));

const schema = v.object({
  operations: operationNames,
  customersTable: tableName,
  debug: v.pipe(
    v.picklist(["true", "false"], "must be true or false"),
    v.transform((debug) => debug === "true"),
  ),
  basicIngest: v.optional(v.literal("true", "must be true, or not set")),
  senderCheck: v.picklist(SENDER_CHECKS, "must be observe or enforce"),
  failureQueueUrl: queueUrl,
  registryTable: v.optional(tableName),
});
export type ReceiveSettings = v.InferOutput<typeof schema>;

/** Throws MisconfiguredFunction. */
export const receiveSettings = (variables: Variables): ReceiveSettings =>
  readVariables(schema, RECEIVE_VARIABLES, variables);
