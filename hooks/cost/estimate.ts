// From what one event makes AWS count to dollars.
import type { Side } from "../sides.ts";
import type { Change, Counts } from "./changes.ts";
import { BY_DEFAULT, DIFFERENCES } from "./counts.ts";
import { FURTHER_TRAIL_PER_MILLION, PRICES, UNITS, type Unit } from "./prices.ts";

export interface Assumed {
  /** MB of each function's memory. */
  readonly memory: number;
  /** Milliseconds that AWS bills for an invocation: it depends on AWS, so the run doesn't count it. */
  readonly duration: number;
  /**
   * Whether a customer announces more than one event a minute: then the receive function remembers it, and the table of
   * customers isn't read.
   */
  readonly busy: boolean;
  /** Whether the customer's account has another trail that logs management events. */
  readonly furtherTrail: boolean;
}

/** What `hooks cost` assumes where nobody says otherwise, and docs/costs.md, which says why. */
export const ASSUMED: Assumed = { memory: 256, duration: 60, busy: false, furtherTrail: false };

/** Of the table of customers: nothing else is read there for an event. */
const READS: Unit = "dynamodb:reads";

export interface Position {
  readonly side: Side;
  readonly what: string;
  /** For one event. */
  readonly units: number;
  /** US dollars for a million events. */
  readonly perMillion: number;
}

/** Of one event under these changes of the default settings. */
export const positionsOf = (changes: readonly Change[], assumed: Assumed): Position[] =>
  positionsFrom([BY_DEFAULT, ...changes.map((change) => DIFFERENCES[change])], assumed);

/** Of one event that makes AWS count all of these. */
export function positionsFrom(
  counted: readonly Counts[],
  { memory, duration, busy, furtherTrail }: Assumed,
): Position[] {
  const position = (side: Side, unit: Unit, units: number): Position => ({
    side,
    what: PRICES[unit].what,
    units,
    perMillion: units * PRICES[unit].perMillion,
  });
  const seconds = (memory / 1024) * (duration / 1000);
  const positions = (["customer", "partner"] as const).flatMap((side) => [
    ...UNITS.filter((unit) => !(busy && unit === READS)).map((unit) =>
      position(side, unit, sumOf(counted, side, unit)),
    ),
    position(side, "lambda:gbSeconds", seconds),
  ]);
  return [
    ...positions.filter(({ units }) => units > 0),
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

const sumOf = (counts: readonly Counts[], side: Side, unit: Unit): number =>
  counts.reduce((sum, of) => sum + (of[side][unit] ?? 0), 0);

export const totalOf = (positions: readonly Position[], side?: Side): number =>
  positions.filter((of) => side === undefined || of.side === side).reduce((sum, { perMillion }) => sum + perMillion, 0);
