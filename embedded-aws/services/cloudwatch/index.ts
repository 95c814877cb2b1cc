// CloudWatch: the metrics that services measure and clients put, and alarms on them, dashboards.
import { QUERY } from "../../core/common-errors.ts";
import type { Service } from "../../core/service.ts";
import { alarms } from "./alarms.ts";
import { dashboardOperations } from "./dashboards.ts";
import { metrics } from "./metrics.ts";
import { statistics } from "./statistics.ts";
import { tags } from "./tags.ts";

export const cloudwatch: Service = {
  name: "cloudwatch",
  signingNames: ["monitoring"],
  eventSource: "monitoring.amazonaws.com",
  model: () => import("@aws-sdk/client-cloudwatch"),
  inputModel: new URL("../constraints/cloudwatch.json", import.meta.url),
  errors: QUERY,
  operations: { ...metrics, ...statistics, ...alarms, ...dashboardOperations, ...tags },
};
