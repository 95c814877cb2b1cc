// What the customer's program tells its announce function.
import * as v from "valibot";
import { ACCOUNT_ID, TOPIC_RULE_NAME, parseRoleArn } from "../../shared/contract/names.ts";
import { type Variables, operationNames, queueUrl, readVariables } from "../../shared/lambda/variables.ts";

/** Environment variables of the announce function, beside those that Lambda sets. */
export const ANNOUNCE_VARIABLES = {
  accountId: "ACCOUNT_ID",
  partnerRoleArn: "PARTNER_ROLE_ARN",
  partnerRegion: "PARTNER_REGION",
  /** Whose STS endpoint is asked for the partner's role. */
  stsRegion: "STS_REGION",
  /** A host name without a scheme; unset: the SDK's own choice. AWS_ENDPOINT_URL wins over it. */
  partnerDataEndpoint: "PARTNER_DATA_ENDPOINT",
  /** Unset: published on the topic; set: straight to that rule of the partner's, by Basic Ingest. */
  partnerTopicRule: "PARTNER_TOPIC_RULE",
  externalId: "EXTERNAL_ID",
  /** Comma-separated. */
  operations: "OPERATIONS",
  /** Where events go that no retry mends, and, by Lambda itself, those that failed each time. */
  failureQueueUrl: "FAILURE_QUEUE_URL",
} as const;

const schema = v.object({
  accountId: v.pipe(v.string(), v.regex(ACCOUNT_ID, "must be 12 digits")),
  partnerRoleArn: v.pipe(
    v.string(),
    v.check((arn) => parseRoleArn(arn) !== undefined, "must be the ARN of a role"),
  ),
  partnerRegion: v.pipe(v.string(), v.nonEmpty("must be a Region")),
  stsRegion: v.pipe(v.string(), v.nonEmpty("must be a Region")),
  partnerDataEndpoint: v.optional(v.pipe(v.string(), v.regex(/^[\w.-]+(:\d+)?$/, "must be a host name"))),
  partnerTopicRule: v.optional(v.pipe(v.string(), v.regex(TOPIC_RULE_NAME, "must be the name of a topic rule"))),
  externalId: v.optional(v.pipe(v.string(), v.nonEmpty("must not be empty"))),
  operations: operationNames,
  failureQueueUrl: queueUrl,
});
export type AnnounceSettings = v.InferOutput<typeof schema>;

/** Throws MisconfiguredFunction. */
export const announceSettings = (variables: Variables): AnnounceSettings =>
  readVariables(schema, ANNOUNCE_VARIABLES, variables);

/** Environment variables of the schedule's function. */
export const RECONCILE_VARIABLES = {
  /** ARN of the announce function's alias. */
  announceAliasArn: "ANNOUNCE_ALIAS_ARN",
} as const;

const reconcileSchema = v.object({ announceAliasArn: v.pipe(v.string(), v.startsWith("arn:", "must be an ARN")) });

/** Throws MisconfiguredFunction. */
export const reconcileSettings = (variables: Variables): v.InferOutput<typeof reconcileSchema> =>
  readVariables(reconcileSchema, RECONCILE_VARIABLES, variables);
