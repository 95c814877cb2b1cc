// Counts what AWS bills for one event: both sides on the embedded AWS, under each combination of options.
import { IoT } from "@aws-sdk/client-iot";
import { CUSTOMER, PARTNER, deployCustomer, deployPartner, startCloud } from "../../test/flow/deployment.ts";
import { UNITS, type Unit } from "../../hooks/cost/prices.ts";
import type { Side } from "../../hooks/sides.ts";

export interface Counted {
  readonly of: { readonly debug: boolean; readonly registry: boolean };
  readonly customer: Readonly<Partial<Record<Unit, number>>>;
  readonly partner: Readonly<Partial<Record<Unit, number>>>;
}

export const COMBINATIONS = [true, false].flatMap((debug) => [true, false].map((registry) => ({ debug, registry })));

/** Depends on the machine, so that it is assumed and not counted. */
const NOT_COUNTED: readonly Unit[] = ["lambda:gbSeconds"];

/** What is rounded: bytes of a line differ with the digits of its numbers. */
const ROUNDED_TO: Partial<Record<Unit, number>> = { "logs:bytes": 50 };

export async function countOf(of: Counted["of"], things = 10): Promise<Counted> {
  const running = await startCloud();
  try {
    await deployPartner(running, undefined, { debug: String(of.debug), registry: String(of.registry) });
    await deployCustomer(running);
    const iot = new IoT(running.config(CUSTOMER));
    const create = async (thingName: string) => {
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
      const units = UNITS.filter((unit) => !NOT_COUNTED.includes(unit)).flatMap((unit) => {
        const counted = ((after[account]?.[unit] ?? 0) - (before[account]?.[unit] ?? 0)) / things;
        // The CreateThing itself is not the hooks'.
        const ours = counted - (side === "customer" && unit === "iot:registryOperations" ? 1 : 0);
        const step = ROUNDED_TO[unit] ?? 0.01;
        const units = Number((Math.round(ours / step) * step).toFixed(2));
        return units === 0 ? [] : [[unit, units] as const];
      });
      return Object.fromEntries(units);
    };
    return { of, customer: perEvent("customer"), partner: perEvent("partner") };
  } finally {
    await running.endpoint.close();
  }
}
