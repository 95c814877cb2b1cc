// The partner's function: takes what customers announce. Settings, clients and what is known of customers live as long
// as the execution environment.
import { type Invocation, failureQueue } from "../../shared/lambda/letter.ts";
import { meter } from "../../shared/lambda/meter.ts";
import { MisconfiguredFunction } from "../../shared/lambda/variables.ts";
import { CachedCustomers } from "./customers.ts";
import { dynamodb } from "./dynamodb.ts";
import type { Publish } from "./publisher.ts";
import { type RegistryParts, deviceRegistry } from "./registry.ts";
import { receiver } from "./reception.ts";
import { receiveSettings } from "./settings.ts";
import type { OnThing } from "./unpack.ts";

/**
 * The handler. Bundled together with `onThing`, the partner's own code. Throws MisconfiguredFunction where it isn't
 * what the program deploys.
 *
 * @param publish publishes debug messages; undefined: there are none
 */
export function receive(
  onThing: OnThing,
  publish?: Publish,
): (event: unknown, invocation: Invocation) => Promise<void> {
  // The bundler sees exports of ES modules only.
  if (typeof onThing !== "function") {
    throw new MisconfiguredFunction("onThing is no function: export one from the module that onThing.entry names.");
  }
  const settings = receiveSettings(process.env);
  const { customersTable, registryTable } = settings;
  const client = dynamodb();
  return receiver({
    settings,
    customers: new CachedCustomers({ client, tableName: customersTable, now: Date.now }),
    onThing,
    registry: registryTable === undefined ? undefined : deviceRegistry(client, registryTable, log),
    publish,
    sendLetter: failureQueue(settings.failureQueueUrl),
    now: () => new Date(),
    measure: meter(),
  });
}

const log: RegistryParts["log"] = (line) => {
  console.log(line);
};
