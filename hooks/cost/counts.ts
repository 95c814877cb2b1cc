// What AWS bills for one event. Written by `npm run costs`; a test counts it anew.
import type { Change, Counts } from "./changes.ts";

export const BY_DEFAULT: Counts = {
  customer: { "iot:registryOperations": 1, "lambda:requests": 1, "logs:bytes": 450 },
  partner: {
    "iot:messages": 1,
    "iot:rulesTriggered": 1,
    "iot:actionsExecuted": 1,
    "lambda:requests": 1,
    "dynamodb:writes": 2,
    "dynamodb:reads": 1,
    "logs:bytes": 800,
  },
};

/** Of the AWS sample that this project follows, which has no device registry and no queues. */
export const OF_THE_SAMPLE: Counts = {
  customer: { "iot:registryOperations": 1, "lambda:requests": 1 },
  partner: { "iot:messages": 2, "iot:rulesTriggered": 1, "iot:actionsExecuted": 1, "lambda:requests": 1 },
};

/** What each change adds. */
export const DIFFERENCES: Readonly<Record<Change, Counts>> = {
  "trigger: registry-events": {
    customer: { "iot:rulesTriggered": 1, "iot:actionsExecuted": 1, "iot:registryOperations": -1 },
    partner: {},
  },
  "debug: true": { customer: {}, partner: { "iot:messages": 1 } },
  "registry: false": { customer: {}, partner: { "dynamodb:writes": -2 } },
  "basicIngest: true": { customer: {}, partner: { "iot:messages": -1 } },
  "systemLogLevel: INFO": { customer: { "logs:bytes": 550 }, partner: { "logs:bytes": 550 } },
};
