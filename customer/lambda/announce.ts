// The customer's function: tells the partner what happened in this account's registry. Clients live as long as the
// execution environment.
import { IoTClient } from "@aws-sdk/client-iot";
import type { EventBridgeEvent } from "aws-lambda";
import type { SyncEvent, SyncReport } from "../../shared/contract/sync.ts";
import { CLIENT } from "../../shared/lambda/clients.ts";
import { type Invocation, failureQueue } from "../../shared/lambda/letter.ts";
import { meter } from "../../shared/lambda/meter.ts";
import { announceSettings } from "./settings.ts";
import { announcer } from "./announcement.ts";
import { publishToPartner } from "./partner.ts";

const settings = announceSettings(process.env);

/** What AWS IoT itself publishes, by way of a topic rule. */
type RegistryEvent = Readonly<Record<string, unknown>>;
type CloudTrailEvent = EventBridgeEvent<"AWS API Call via CloudTrail", unknown>;

export const handler: (
  event: CloudTrailEvent | RegistryEvent | SyncEvent,
  invocation: Invocation,
) => Promise<SyncReport | undefined> = announcer({
  settings,
  iot: new IoTClient(CLIENT),
  publish: publishToPartner(settings, process.env),
  sendLetter: failureQueue(settings.failureQueueUrl),
  now: () => new Date(),
  measure: meter(),
  log: (line) => {
    console.log(line);
  },
});
