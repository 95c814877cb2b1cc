// SQS: standard queues.
import { QUERY } from "../../core/common-errors.ts";
import { AwsError } from "../../core/errors.ts";
import type { Service } from "../../core/service.ts";
import { messages } from "./messages.ts";
import { queues } from "./queues.ts";
import { QUEUES, wake } from "./state.ts";

export const sqs: Service = {
  name: "sqs",
  signingNames: ["sqs"],
  eventSource: "sqs.amazonaws.com",
  model: () => import("@aws-sdk/client-sqs"),
  inputModel: new URL("../constraints/sqs.json", import.meta.url),
  errors: { ...QUERY, throttled: { code: "RequestThrottled" } },
  exceptions: {
    "*.required": ({ at }) =>
      new AwsError(
        "MissingParameter",
        `The request must contain the parameter ${at.charAt(0).toUpperCase()}${at.slice(1)}.`,
        { status: 400 },
      ),
    // Looked at by the operations, which know a code for each.
    "MessageAttributeValue.required": null,
    "*.enum": null,
  },
  operations: { ...queues, ...messages },
  // «Amazon SQS pricing»: every request counts.
  observe: ({ service, call }) => {
    if (service.name === "sqs") call.cloud.trace.count(call.account, "sqs:requests");
  },
  stop: (cloud) => {
    for (const { queues } of cloud.states(QUEUES))
      for (const queue of queues.values()) {
        queue.closed = true;
        wake(queue);
      }
    return Promise.resolve();
  },
};
