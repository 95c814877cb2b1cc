// The partner's function: takes what customers announce. Settings, clients and what is known of customers live as long
// as the execution environment.
import { IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
import { CLIENT } from "../../shared/lambda/clients.ts";
import { type Invocation, failureQueue } from "../../shared/lambda/letter.ts";
import { meter } from "../../shared/lambda/meter.ts";
import { MisconfiguredFunction } from "../../shared/lambda/variables.ts";
import { CustomersTable } from "./customers.ts";
import { dynamodb } from "./dynamodb.ts";
import { deviceRegistry } from "./registry.ts";
import { type Parts, receiver } from "./reception.ts";
import { receiveSettings } from "./settings.ts";
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
  const iotData = new IoTDataPlaneClient(CLIENT);
  const settings = receiveSettings(process.env);
  const { customersTable, registryTable } = settings;
  const client = dynamodb();
  return receiver({
    settings,
    customers: new CustomersTable({ client, tableName: customersTable, now: Date.now }),
    onThing,
    registry: registryTable === undefined ? undefined : deviceRegistry(client, registryTable, log),
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
