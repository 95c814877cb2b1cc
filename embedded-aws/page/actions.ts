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

const NAMES = ACCOUNTS.map(({ profile }) => profile);
const account = v.picklist(NAMES);
const customer = v.picklist(NAMES.filter((name) => name !== "partner"));
const THING = { account: customer, name: v.string(), attributes: v.record(v.string(), v.string()) };
const ACTION = v.variant("do", [
  v.strictObject({ do: v.literal("create"), ...THING }),
  v.strictObject({ do: v.literal("update"), ...THING }),
  v.strictObject({ do: v.literal("delete"), account: customer, name: v.string() }),
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
    account: v.exactOptional(account),
  }),
  v.strictObject({ do: v.literal("no faults") }),
  v.strictObject({ do: v.literal("redrive"), account: v.string() }),
  v.strictObject({ do: v.literal("impersonate"), account: customer, as: customer }),
  v.strictObject({ do: v.literal("wait"), seconds: v.pipe(v.number(), v.minValue(1), v.maxValue(LONGEST_WAIT)) }),
]);

/** @throws Refused */
export function actionOf(text: string): Action {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), ACTION), text);
  if (!read.success) throw new Refused(`That is no action of this page: ${read.issues[0].message}.`);
  return read.output;
}

const idOf = (name: string): string => ACCOUNTS.find(({ profile }) => profile === name)?.id ?? "";

/** What is known by whoever deployed something here: the embedded AWS knows no program. */
export interface Deployed {
  /** Sends the letters of queues again, by the account's name. May grow: what is deployed may be known later. */
  readonly redrives?: Readonly<Record<string, () => Promise<string>>>;
  /**
   * The customer with this account tries to publish as the one with the other. Returns what came of it, in sentences.
   * @throws Error with a sentence where either has nothing deployed
   */
  readonly impersonate?: (accountId: string, asAccountId: string) => Promise<string>;
}

/** Does it. Returns what came of it, where there is something to say. @throws Refused, or what AWS answers */
export async function act(
  cloud: EmbeddedAws,
  taken: TakenStatements,
  { redrives = {}, impersonate }: Deployed,
  action: Action,
): Promise<string | undefined> {
  switch (action.do) {
    case "create": {
      const { name: thingName, attributes } = action;
      await (await iot(cloud, idOf(action.account))).createThing({ thingName, attributePayload: { attributes } });
      return undefined;
    }
    case "update": {
      const { name: thingName, attributes } = action;
      await (
        await iot(cloud, idOf(action.account))
      ).updateThing({ thingName, attributePayload: { attributes, merge: true } });
      return undefined;
    }
    case "delete":
      await (await iot(cloud, idOf(action.account))).deleteThing({ thingName: action.name });
      return undefined;
    case "take":
      await taken.take(action.statement);
      return undefined;
    case "give back":
      await taken.giveBack(action.id);
      return undefined;
    case "fault": {
      const { do: _, account: where, ...fault } = action;
      const only = where === undefined ? {} : { account: idOf(where) };
      setFaults(cloud, [...cloud.faults.armed, { ...fault, ...only }]);
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
    case "impersonate":
      if (!impersonate) throw new Refused("Nothing here knows how a customer would try to pass as another.");
      return impersonate(idOf(action.account), idOf(action.as));
    case "wait":
      await cloud.advance(action.seconds * 1000);
      return undefined;
  }
}
