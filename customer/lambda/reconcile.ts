// The schedule's function, as Lambda loads it.
import { setTimeout } from "node:timers/promises";
import { IoTClient } from "@aws-sdk/client-iot";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { CLIENT } from "../../shared/lambda/clients.ts";
import { reconciler } from "./reconciliation.ts";
import { reconcileSettings } from "./settings.ts";
import { allThings } from "./thing-pages.ts";

/** The announce function's whole time: it answers when it has dealt with each thing. */
const ANSWER_MS = 35_000;

export const handler = reconciler({
  pages: allThings(new IoTClient(CLIENT)),
  lambda: new LambdaClient({ ...CLIENT, requestHandler: { ...CLIENT.requestHandler, requestTimeout: ANSWER_MS } }),
  announceAliasArn: reconcileSettings(process.env).announceAliasArn,
  time: { now: () => performance.now(), wait: (ms) => setTimeout(ms) },
  log: (line) => {
    console.log(line);
  },
});
