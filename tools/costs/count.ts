// Counts what AWS bills for one event: both sides on the embedded AWS, with changes of their default settings.
import { IoT } from "@aws-sdk/client-iot";
import * as v from "valibot";
import {
  CUSTOMER,
  PARTNER,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  startCloud,
} from "../../test/flow/deployment.ts";
import { originalCustomer, originalPublishRole, originalReceiver, trail } from "../../test/flow/original-sample.ts";
import { type Change, type Counts, configurationOf } from "../../hooks/cost/changes.ts";
import { PARTNER_FIELDS } from "../../partner/settings.ts";
import { UNITS, type Unit } from "../../hooks/cost/prices.ts";
import type { Side } from "../../hooks/sides.ts";

/** Depends on the machine, so that it is assumed and not counted. */
const NOT_COUNTED: readonly Unit[] = ["lambda:gbSeconds"];

/** What is rounded: bytes of a line differ with the digits of its numbers. */
const ROUNDED_TO: Partial<Record<Unit, number>> = { "logs:bytes": 50 };

/** For so long the receive function remembers a customer (KEPT_MS of partner/lambda/customers.ts). */
const REMEMBERED_MS = 60_000;

/** Other tests see by debug messages what a partner took. */
const DEFAULT = { debug: String(v.getDefault(PARTNER_FIELDS.debug)) };

export const countOf = (changes: readonly Change[], things?: number): Promise<Counts> =>
  counted(async (running) => {
    await deployPartner(running, undefined, { ...DEFAULT, ...configurationOf("partner", changes) });
    await deployCustomer(running, configurationOf("customer", changes));
  }, things);

/** Of the AWS sample that this project follows. */
export const countOfSample = (things?: number): Promise<Counts> =>
  counted(async (running) => {
    await trail(running);
    await originalPublishRole(running, [`arn:aws:iam::${CUSTOMER}:root`]);
    await originalReceiver(running);
    await originalCustomer(running);
  }, things);

async function counted(deploy: (running: RunningCloud) => Promise<void>, things = 10): Promise<Counts> {
  const running = await startCloud();
  try {
    await deploy(running);
    const iot = new IoT(running.config(CUSTOMER));
    const create = async (thingName: string) => {
      // Nobody was heard within the minute: the table of customers is read for each.
      await running.cloud.advance(REMEMBERED_MS);
      await iot.createThing({ thingName, attributePayload: { attributes: { colour: "warm-white" } } });
      await running.cloud.settled();
    };
    // What a cold start adds is no event's.
    await create("first");
    const before = running.cloud.trace.usage();
    for (let thing = 0; thing < things; thing++) await create(`thing-${String(thing).padStart(8, "0")}`);
    const after = running.cloud.trace.usage();
    const perEvent = (side: Side) => {
      const account = side === "customer" ? CUSTOMER : PARTNER;
      return unitsOf((unit) => {
        const counted = ((after[account]?.[unit] ?? 0) - (before[account]?.[unit] ?? 0)) / things;
        // The CreateThing itself is not the hooks'.
        return counted - (side === "customer" && unit === "iot:registryOperations" ? 1 : 0);
      });
    };
    return { customer: perEvent("customer"), partner: perEvent("partner") };
  } finally {
    await running.endpoint.close();
  }
}

/** What `after` has more than `before`. */
export const difference = (after: Counts, before: Counts): Counts => ({
  customer: unitsOf((unit) => (after.customer[unit] ?? 0) - (before.customer[unit] ?? 0)),
  partner: unitsOf((unit) => (after.partner[unit] ?? 0) - (before.partner[unit] ?? 0)),
});

function unitsOf(count: (unit: Unit) => number): Counts[Side] {
  const rounded = (unit: Unit) => {
    const step = ROUNDED_TO[unit] ?? 0.01;
    return Number((Math.round(count(unit) / step) * step).toFixed(2));
  };
  const units = UNITS.filter((unit) => !NOT_COUNTED.includes(unit)).map((unit) => [unit, rounded(unit)] as const);
  return Object.fromEntries(units.filter(([, counted]) => counted !== 0));
}
