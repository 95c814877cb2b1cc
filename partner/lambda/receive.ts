// The partner's function: takes what customers announce. Settings, customers and the client live as long as the
// execution environment.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
import type { Handler } from "aws-lambda";
import { MisconfiguredFunction } from "../../shared/lambda/variables.ts";
import { receiver } from "./reception.ts";
import { CUSTOMERS_FILE, parseCustomers, receiveSettings } from "./settings.ts";
import type { OnThing } from "./unpack.ts";

/**
 * The handler. Bundled together with `onThing`, the partner's own code. Throws MisconfiguredFunction where it isn't
 * what the program deploys.
 */
export function receive(onThing: OnThing): Handler<unknown, void> {
  // The bundler sees exports of ES modules only.
  if (typeof onThing !== "function") {
    throw new MisconfiguredFunction("onThing is no function: export one from the module that onThing.entry names.");
  }
  // Lambda says where it unpacked the archive (Lambda Developer Guide, "defined runtime environment variables").
  const archive = process.env["LAMBDA_TASK_ROOT"] ?? "";
  const iotData = new IoTDataPlaneClient({ cacheMiddleware: true });
  return receiver({
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
}
