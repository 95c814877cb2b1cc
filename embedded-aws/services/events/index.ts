// EventBridge: the default event bus of each account and Region, its rules and their targets.
import { AWS_JSON } from "../../core/common-errors.ts";
import type { Service } from "../../core/service.ts";
import { putEvents } from "./put-events.ts";
import { rules } from "./rules.ts";
import { targets } from "./targets.ts";

export { deliverEvent, matchingRules, whyNoRule } from "./delivery.ts";
export type { BusEvent } from "./event.ts";

export const events: Service = {
  name: "events",
  signingNames: ["events"],
  eventSource: "events.amazonaws.com",
  model: () => import("@aws-sdk/client-eventbridge"),
  inputModel: new URL("../constraints/events.json", import.meta.url),
  errors: AWS_JSON,
  operations: { ...rules, ...targets, ...putEvents },
};
