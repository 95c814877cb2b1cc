// The partner's function: takes what customers announce. Settings, customers and the client live as long as the execution environment.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
import type { Handler } from "aws-lambda";
import { CUSTOMERS_FILE, parseCustomers, receiveSettings } from "../../shared/contract/environment.ts";
import { onThing } from "./on-thing.ts";
import { receiver } from "./reception.ts";

// Lambda says where it unpacked the archive (Lambda Developer Guide, "defined runtime environment variables").
const archive = process.env["LAMBDA_TASK_ROOT"] ?? "";
const iotData = new IoTDataPlaneClient({ cacheMiddleware: true });

export const handler: Handler<unknown, void> = receiver({
  settings: receiveSettings(process.env),
  customers: parseCustomers(readFileSync(join(archive, CUSTOMERS_FILE), "utf8")),
  onThing,
  publish: async (topic, payload) => {
    await iotData.send(new PublishCommand({ topic, qos: 1, payload: Buffer.from(payload) }));
  },
  log: (line) => {
    console.log(line);
  },
});
