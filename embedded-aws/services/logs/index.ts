// CloudWatch Logs: groups, streams, events.
import type { Service } from "../../core/service.ts";
import { AWS_JSON } from "../../core/common-errors.ts";
import { events } from "./events.ts";
import { groups } from "./groups.ts";
import { streams } from "./streams.ts";

export const logs: Service = {
  name: "logs",
  signingNames: ["logs"],
  eventSource: "logs.amazonaws.com",
  model: () => import("@aws-sdk/client-cloudwatch-logs"),
  inputModel: new URL("../constraints/logs.json", import.meta.url),
  errors: { ...AWS_JSON, invalid: { code: "InvalidParameterException", status: 400 } },
  operations: { ...groups, ...streams, ...events },
};
