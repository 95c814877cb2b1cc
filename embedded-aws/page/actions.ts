// What the page's buttons do. Those that an operator could press on AWS go through its API; faults and time are the
// embedded AWS's own.
import * as v from "valibot";
import { ACCOUNTS } from "../core/accounts.ts";
import type { EmbeddedAws } from "../core/cloud.ts";
import { setFaults } from "../core/control.ts";
import { iot } from "./clients.ts";
import type { Action } from "./client/view.ts";
import { Refused } from "./refused.ts";
import type { TakenStatements } from "./statements.ts";

/** A day at most: EventBridge's and Lambda's retries are over by then. */
const LONGEST_WAIT = 86_400;

const THING = { name: v.string(), attributes: v.record(v.string(), v.string()) };
const ACTION = v.variant("do", [
  v.strictObject({ do: v.literal("create"), ...THING }),
  v.strictObject({ do: v.literal("update"), ...THING }),
  v.strictObject({ do: v.literal("delete"), name: v.string() }),
  v.strictObject({
    do: v.literal("take"),
    statement: v.strictObject({ account: v.string(), policy: v.string(), statement: v.string() }),
  }),
  v.strictObject({ do: v.literal("give back"), id: v.string() }),
  v.strictObject({
    do: v.literal("fault"),
    service: v.string(),
    operation: v.string(),
    fault: v.string(),
    times: v.exactOptional(v.number()),
  }),
  v.strictObject({ do: v.literal("no faults") }),
  v.strictObject({ do: v.literal("redrive"), account: v.string() }),
  v.strictObject({ do: v.literal("wait"), seconds: v.pipe(v.number(), v.minValue(1), v.maxValue(LONGEST_WAIT)) }),
]);

/** @throws Refused */
export function actionOf(text: string): Action {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), ACTION), text);
  if (!read.success) throw new Refused(`That is no action of this page: ${read.issues[0].message}.`);
  return read.output;
}

/** The customer's side is the one in which things are made. */
const CUSTOMER = ACCOUNTS.find(({ profile }) => profile === "customer")?.id ?? "";

/** Sends the letters of queues again, by account: by whoever deployed them and knows what they are. */
export type Redrives = Readonly<Record<string, () => Promise<string>>>;

/** Does it. Returns what came of it, where there is something to say. @throws Refused, or what AWS answers */
export async function act(
  cloud: EmbeddedAws,
  taken: TakenStatements,
  redrives: Redrives,
  action: Action,
): Promise<string | undefined> {
  switch (action.do) {
    case "create": {
      const { name: thingName, attributes } = action;
      await (await iot(cloud, CUSTOMER)).createThing({ thingName, attributePayload: { attributes } });
      return undefined;
    }
    case "update": {
      const { name: thingName, attributes } = action;
      await (await iot(cloud, CUSTOMER)).updateThing({ thingName, attributePayload: { attributes, merge: true } });
      return undefined;
    }
    case "delete":
      await (await iot(cloud, CUSTOMER)).deleteThing({ thingName: action.name });
      return undefined;
    case "take":
      await taken.take(action.statement);
      return undefined;
    case "give back":
      await taken.giveBack(action.id);
      return undefined;
    case "fault": {
      const { do: _, ...fault } = action;
      setFaults(cloud, [...cloud.faults.armed, fault]);
      return undefined;
    }
    case "no faults":
      cloud.faults.set([]);
      return undefined;
    case "redrive": {
      const redrive = redrives[action.account];
      if (!redrive) throw new Refused(`Nothing here knows how to send the letters of ${action.account} again.`);
      return redrive();
    }
    case "wait":
      await cloud.advance(action.seconds * 1000);
      return undefined;
  }
}
