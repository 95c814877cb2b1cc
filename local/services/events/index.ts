// EventBridge: the default event bus of each account and Region, its rules and their targets.
import type { Service } from "../../core/service.ts";
import { putEvents } from "./put-events.ts";
import { rules } from "./rules.ts";
import { targets } from "./targets.ts";

export { deliverEvent, matchingRules, type BusEvent } from "./delivery.ts";

export const events: Service = {
  name: "events",
  signingNames: ["events"],
  eventSource: "events.amazonaws.com",
  model: () => import("@aws-sdk/client-eventbridge"),
  accessDenied: { code: "AccessDeniedException", status: 400 },
  operations: { ...rules, ...targets, ...putEvents },
};
