// What it costs, for a person.
import Table from "cli-table3";
import { CHANGE_NAMES, type Change, SAVINGS } from "./changes.ts";
import { type Assumed, type Position, positionsOf, totalOf } from "./estimate.ts";
import type { Used } from "./measured.ts";
import { PRICES, PRICES_OF } from "./prices.ts";

export const dollars = (amount: number): string => amount.toFixed(2);

/** What each setting changes for a million events, by its name. */
export function differences(changes: readonly Change[], assumed: Assumed): (readonly [string, number])[] {
  const now = totalOf(positionsOf(changes, assumed));
  const other = (what: string, of: readonly Change[], under: Assumed) =>
    [what, totalOf(positionsOf(of, under)) - now] as const;
  return [
    ...CHANGE_NAMES.filter((change) => !changes.includes(change)).map((change) =>
      other(change, [...changes, change], assumed),
    ),
    other("half the memory, and as fast", changes, { ...assumed, memory: assumed.memory / 2 }),
    other("twice the duration", changes, { ...assumed, duration: assumed.duration * 2 }),
    ...(assumed.busy ? [] : [other("customers with several events a minute", changes, { ...assumed, busy: true })]),
    ...(assumed.furtherTrail
      ? []
      : [other("a further trail at the customer", changes, { ...assumed, furtherTrail: true })]),
  ];
}

/** Ways down, each a step beyond the one before: what it costs then, and what is given up for it. */
export const ladder = (assumed: Assumed): (readonly [step: string, perMillion: number, givesUp: string])[] =>
  SAVINGS.map(([change, givesUp], step) => {
    const changes = SAVINGS.slice(0, step + 1).map(([of]) => of);
    return [change, totalOf(positionsOf(changes, assumed)), givesUp];
  });

export function usedText(all: readonly Used[], days: number): string {
  const table = new Table({
    head: ["side", "what", `in ${days} days`, "dollars"],
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "left", "right", "right"],
  });
  table.push(...all.map(({ side, unit, units, cost }) => [side, PRICES[unit].what, units.toFixed(0), dollars(cost)]));
  const total = all.reduce((sum, { cost }) => sum + cost, 0);
  return [
    table.toString(),
    `Together ${dollars(total)} dollars in ${days} days, by CloudWatch's counts and list prices of ` +
      `${PRICES_OF.region}, put together on ${PRICES_OF.asOf}. Not in it: alarms, metrics, storage, trails, free tiers.`,
  ].join("\n");
}

export function costText(changes: readonly Change[], assumed: Assumed, perMonth: number): string {
  const positions = positionsOf(changes, assumed);
  const table = new Table({
    head: ["side", "what", "per event", "dollars per million"],
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "left", "right", "right"],
  });
  const row = ({ side, what, units, perMillion }: Position) => [side, what, String(units), dollars(perMillion)];
  table.push(...positions.map(row));
  const total = totalOf(positions);
  return [
    table.toString(),
    `A million events: ${dollars(total)} dollars, ${dollars(totalOf(positions, "customer"))} at the customer and ` +
      `${dollars(totalOf(positions, "partner"))} at the partner. ${perMonth} events a month: ` +
      `${dollars((total * perMonth) / 1_000_000)} dollars.`,
    `List prices of ${PRICES_OF.region}, put together on ${PRICES_OF.asOf}; ${assumed.memory} MB and an assumed ` +
      `${assumed.duration} ms for each invocation. Alarms, metrics and storage come on top.`,
    "",
    "What would change it, in dollars per million events:",
    ...differences(changes, assumed).map(([what, by]) => `  ${what}: ${by < 0 ? "" : "+"}${dollars(by)}`),
  ].join("\n");
}
