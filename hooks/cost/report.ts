// What it costs, for a person.
import Table from "cli-table3";
import type { Options } from "./counts.ts";
import { type Assumed, type Position, positionsOf, totalOf } from "./estimate.ts";
import { PRICES_OF } from "./prices.ts";

export const dollars = (amount: number): string => amount.toFixed(2);

/** What each option changes for a million events, by its name. */
export function differences(options: Options, assumed: Assumed): (readonly [string, number])[] {
  const now = totalOf(positionsOf(options, assumed));
  const other = (what: string, of: Options, under: Assumed) => [what, totalOf(positionsOf(of, under)) - now] as const;
  return [
    other(`debug: ${!options.debug}`, { ...options, debug: !options.debug }, assumed),
    other(`registry: ${!options.registry}`, { ...options, registry: !options.registry }, assumed),
    other("half the memory, and as fast", options, { ...assumed, memory: assumed.memory / 2 }),
    other("twice the duration", options, { ...assumed, duration: assumed.duration * 2 }),
    ...(assumed.furtherTrail
      ? []
      : [other("a further trail at the customer", options, { ...assumed, furtherTrail: true })]),
  ];
}

export function costText(options: Options, assumed: Assumed, perMonth: number): string {
  const positions = positionsOf(options, assumed);
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
    ...differences(options, assumed).map(([what, by]) => `  ${what}: ${by < 0 ? "" : "+"}${dollars(by)}`),
  ].join("\n");
}
