// The customer's function: tells the partner what happened in this account's registry. Clients live as long as the
// execution environment.
import { IoTClient } from "@aws-sdk/client-iot";
import type { EventBridgeHandler } from "aws-lambda";
import { announceSettings } from "./settings.ts";
import { announcer } from "./announcement.ts";
import { publishToPartner } from "./partner.ts";

const settings = announceSettings(process.env);

export const handler: EventBridgeHandler<"AWS API Call via CloudTrail", unknown, void> = announcer({
  settings,
  iot: new IoTClient({ cacheMiddleware: true }),
  publish: publishToPartner(settings, process.env),
  now: () => new Date(),
  log: (line) => {
    console.log(line);
  },
});
