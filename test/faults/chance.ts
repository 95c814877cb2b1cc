// What goes wrong by chance: some faults at some calls, now and then a hop that hardly anything gets past, and a
// CloudTrail that repeats, delays and reorders.
import type { Fault, TrailDeliverySettings } from "embedded-aws";
import { CUSTOMER } from "../flow/deployment.ts";
import { FAULTS } from "./faults.ts";
import { HOPS, type Place } from "./hops.ts";

/** Numbers from 0 to 1. */
type Random = () => number;

export const integer = (random: Random, below: number): number => Math.floor(random() * below);
export const pick = <T>(random: Random, from: readonly T[]): T => from[integer(random, from.length)] as T;

/** Faults at a time, one of which ends functions in the middle of an event. */
const MOST = 6;
/** Of the calls that a fault may strike. */
const WORST_CHANCE = 0.2;
/** By chance alone, a run of few things may see no function end. */
const LEAST_CHANCE_OF_ENDS = 0.05;
/** So many of an outage's calls fail, again and again: most events end as letters. */
const OUTAGE_CHANCE = 0.9;
const WORST_DUPLICATES = 0.5;

/** The publish role's name has one customer's account: without it, both are meant. */
const ofBoth = <P extends Place>(at: P): P => ({
  ...at,
  ...(at.caller === undefined ? {} : { caller: at.caller.replace(CUSTOMER, "") }),
});

/**
 * What AWS itself writes to a queue that refuses is lost, which is the matrix's affair: here queues take what they get.
 */
const PLACES = HOPS.filter(({ behind }) => behind === undefined).map(({ at, by }) => ({ at: ofBoth(at), by }));
const KINDS = FAULTS.filter(({ hurried }) => hurried !== true);
/** What makes letters in the matrix, for its cells of the queues. */
const OUTAGES = HOPS.flatMap(({ behind }) => (behind === undefined ? [] : [ofBoth(behind)]));

const ENDS = KINDS.filter(({ fault }) => fault === "kill" || fault === "memory");

function someFault(random: Random, places = PLACES, kinds = KINDS, leastChance = 0): Fault {
  const { at, by } = pick(random, places);
  const kind = pick(
    random,
    kinds.filter(({ onlyBy }) => onlyBy === undefined || onlyBy === by),
  );
  const { fault, code, delayMs } = kind;
  const probability = leastChance + random() * (WORST_CHANCE - leastChance);
  const chance = { probability, seed: integer(random, 2 ** 31) };
  return { ...at, fault, ...chance, ...(code && { code }), ...(delayMs && { delayMs: delayMs / 5 }) };
}

export function someFaults(random: Random, withOutage: boolean): readonly Fault[] {
  const outage = (): Fault => ({
    ...pick(random, OUTAGES),
    fault: "deny",
    probability: OUTAGE_CHANCE,
    seed: integer(random, 2 ** 31),
  });
  const end = someFault(
    random,
    PLACES.filter(({ by }) => by === "function"),
    ENDS,
    LEAST_CHANCE_OF_ENDS,
  );
  const others = Array.from({ length: MOST - 1 }, () => someFault(random));
  return [...(withOutage ? [outage()] : []), end, ...others];
}

export const someDelivery = (random: Random): TrailDeliverySettings => ({
  duplicate: random() * WORST_DUPLICATES,
  reorder: random() < 0.5,
  delaySeconds: pick(random, [0, 0, 60, 400]),
  seed: integer(random, 2 ** 31),
});
