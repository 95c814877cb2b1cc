// From what one event makes AWS count to dollars.
import type { Side } from "../sides.ts";
import { COUNTS, type Options } from "./counts.ts";
import { FURTHER_TRAIL_PER_MILLION, PRICES, type Unit } from "./prices.ts";

export interface Assumed {
  /** MB of each function's memory. */
  readonly memory: number;
  /** Milliseconds that AWS bills for an invocation: it depends on AWS, so the run doesn't count it. */
  readonly duration: number;
  /** Whether the customer's account has another trail that logs management events. */
  readonly furtherTrail: boolean;
}

export interface Position {
  readonly side: Side;
  readonly what: string;
  /** For one event. */
  readonly units: number;
  /** US dollars for a million events. */
  readonly perMillion: number;
}

export function positionsOf(options: Options, { memory, duration, furtherTrail }: Assumed): Position[] {
  const counts = COUNTS.find(({ of }) => of.debug === options.debug && of.registry === options.registry);
  if (counts === undefined) throw new Error(`No run has counted ${JSON.stringify(options)}.`);
  const position = (side: Side, unit: Unit, units: number): Position => ({
    side,
    what: PRICES[unit].what,
    units,
    perMillion: units * PRICES[unit].perMillion,
  });
  const counted = (["customer", "partner"] as const).flatMap((side) =>
    Object.entries(counts[side]).map(([unit, units]) => position(side, unit as Unit, units)),
  );
  const seconds = (memory / 1024) * (duration / 1000);
  return [
    ...counted,
    position("customer", "lambda:gbSeconds", seconds),
    position("partner", "lambda:gbSeconds", seconds),
    ...(furtherTrail
      ? [
          {
            side: "customer" as const,
            what: "CloudTrail, a further copy of the management event",
            units: 1,
            perMillion: FURTHER_TRAIL_PER_MILLION,
          },
        ]
      : []),
  ];
}

export const totalOf = (positions: readonly Position[], side?: Side): number =>
  positions.filter((of) => side === undefined || of.side === side).reduce((sum, { perMillion }) => sum + perMillion, 0);
