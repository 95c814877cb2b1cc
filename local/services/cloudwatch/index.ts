// CloudWatch: the metrics that services measure and clients put, and alarms on them.
import type { Service } from "../../core/service.ts";
import { alarmStates } from "./alarm-states.ts";
import { alarms } from "./alarms.ts";
import { metrics } from "./metrics.ts";
import { statistics } from "./statistics.ts";

export const cloudwatch: Service = {
  name: "cloudwatch",
  signingNames: ["monitoring"],
  eventSource: "monitoring.amazonaws.com",
  model: () => import("@aws-sdk/client-cloudwatch"),
  accessDenied: { code: "AccessDenied", status: 403 },
  operations: { ...metrics, ...statistics, ...alarms, ...alarmStates },
};
