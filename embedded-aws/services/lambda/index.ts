// Lambda: functions that really run (functions/), their versions, aliases and permissions.
import { REST_JSON } from "../../core/common-errors.ts";
import { AwsError } from "../../core/errors.ts";
import type { Service } from "../../core/service.ts";
import { traceHeader } from "../../core/trace.ts";
import { aliases } from "./aliases.ts";
import { concurrency } from "./concurrency.ts";
import { eventInvokeConfigs } from "./event-invoke-config.ts";
import { functions } from "./functions.ts";
import { invoke } from "./invoke.ts";
import { fleetOf, stopMachines } from "./running.ts";
import { tags } from "./tags.ts";

export const lambda: Service = {
  name: "lambda",
  signingNames: ["lambda"],
  eventSource: "lambda.amazonaws.com",
  model: () => import("@aws-sdk/client-lambda"),
  inputModel: new URL("../constraints/lambda.json", import.meta.url),
  errors: { ...REST_JSON, throttled: { code: "TooManyRequestsException" } },
  exceptions: {
    "Runtime.enum": ({ value, sentence }) =>
      new AwsError(
        "InvalidParameterValueException",
        `${sentence.replace(`'${String(value)}'`, String(value))} or be a valid ARN`,
      ),
  },
  operations: { ...functions, ...concurrency, ...tags, ...aliases, ...eventInvokeConfigs, ...invoke },
  killRunning: (cloud, span, because) => {
    if (span) fleetOf(cloud).killRunning(traceHeader(span), because);
  },
  stop: stopMachines,
};
