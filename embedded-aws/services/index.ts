// Every service of the embedded AWS. One more is one more line.
import type { Service } from "../core/service.ts";
import { cloudtrail } from "./cloudtrail/index.ts";
import { cloudwatch } from "./cloudwatch/index.ts";
import { dynamodb } from "./dynamodb/index.ts";
import { events } from "./events/index.ts";
import { iam } from "./iam/index.ts";
import { iot } from "./iot/index.ts";
import { iotdata } from "./iotdata.ts";
import { s3 } from "./s3/index.ts";
import { lambda } from "./lambda/index.ts";
import { logs } from "./logs/index.ts";
import { servicequotas } from "./servicequotas.ts";
import { sqs } from "./sqs/index.ts";
import { sts } from "./sts.ts";
import { UNMODELLED } from "./unmodelled.ts";

const ALL: readonly Service[] = [
  cloudtrail,
  cloudwatch,
  dynamodb,
  events,
  iam,
  iot,
  iotdata,
  s3,
  servicequotas,
  sqs,
  sts,
  lambda,
  logs,
];
export const SERVICES: readonly Service[] = ALL.map((service) => ({
  ...service,
  unmodelled: UNMODELLED[service.name] ?? {},
}));
