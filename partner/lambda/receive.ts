// The partner's function: takes what customers announce. Settings, customers and the client live as long as the
// execution environment.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
import { CLIENT } from "../../shared/lambda/clients.ts";
import { type Invocation, failureQueue } from "../../shared/lambda/letter.ts";
import { meter } from "../../shared/lambda/meter.ts";
import { MisconfiguredFunction } from "../../shared/lambda/variables.ts";
import { deviceRegistry } from "./registry.ts";
import { type Parts, receiver } from "./reception.ts";
import { CUSTOMERS_FILE, parseCustomers, receiveSettings } from "./settings.ts";
import type { OnThing } from "./unpack.ts";

/**
 * The handler. Bundled together with `onThing`, the partner's own code. Throws MisconfiguredFunction where it isn't
 * what the program deploys.
 */
export function receive(onThing: OnThing): (event: unknown, invocation: Invocation) => Promise<void> {
  // The bundler sees exports of ES modules only.
  if (typeof onThing !== "function") {
    throw new MisconfiguredFunction("onThing is no function: export one from the module that onThing.entry names.");
  }
  // Lambda says where it unpacked the archive (Lambda Developer Guide, "defined runtime environment variables").
  const archive = process.env["LAMBDA_TASK_ROOT"] ?? "";
  const iotData = new IoTDataPlaneClient(CLIENT);
  const settings = receiveSettings(process.env);
  return receiver({
    settings,
    customers: parseCustomers(readFileSync(join(archive, CUSTOMERS_FILE), "utf8")),
    onThing,
    registry: settings.registryTable === undefined ? undefined : deviceRegistry(settings.registryTable, log),
    publish: async (topic, payload, abortSignal) => {
      await iotData.send(new PublishCommand({ topic, qos: 1, payload: Buffer.from(payload) }), { abortSignal });
    },
    sendLetter: failureQueue(settings.failureQueueUrl),
    now: () => new Date(),
    measure: meter(),
    log,
  });
}

const log: Parts["log"] = (line) => {
  console.log(line);
};
