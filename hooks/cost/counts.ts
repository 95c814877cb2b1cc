// What AWS bills for one event. Written by `npm run costs`; a test counts it anew.
import type { Unit } from "./prices.ts";

/** Settings of the partner's that change what is counted. */
export interface Options {
  readonly debug: boolean;
  readonly registry: boolean;
}

type Counts = Readonly<Partial<Record<Unit, number>>>;

export const COUNTS: readonly { readonly of: Options; readonly customer: Counts; readonly partner: Counts }[] = [
  {
    of: { debug: true, registry: true },
    customer: { "iot:registryOperations": 1, "lambda:requests": 1, "logs:bytes": 1100 },
    partner: {
      "iot:messages": 2,
      "iot:rulesTriggered": 1,
      "iot:actionsExecuted": 1,
      "lambda:requests": 1,
      "dynamodb:writes": 2,
      "logs:bytes": 1500,
    },
  },
  {
    of: { debug: true, registry: false },
    customer: { "iot:registryOperations": 1, "lambda:requests": 1, "logs:bytes": 1100 },
    partner: {
      "iot:messages": 2,
      "iot:rulesTriggered": 1,
      "iot:actionsExecuted": 1,
      "lambda:requests": 1,
      "logs:bytes": 1500,
    },
  },
  {
    of: { debug: false, registry: true },
    customer: { "iot:registryOperations": 1, "lambda:requests": 1, "logs:bytes": 1100 },
    partner: {
      "iot:messages": 1,
      "iot:rulesTriggered": 1,
      "iot:actionsExecuted": 1,
      "lambda:requests": 1,
      "dynamodb:writes": 2,
      "logs:bytes": 1500,
    },
  },
  {
    of: { debug: false, registry: false },
    customer: { "iot:registryOperations": 1, "lambda:requests": 1, "logs:bytes": 1100 },
    partner: {
      "iot:messages": 1,
      "iot:rulesTriggered": 1,
      "iot:actionsExecuted": 1,
      "lambda:requests": 1,
      "logs:bytes": 1500,
    },
  },
];
