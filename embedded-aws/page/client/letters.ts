// How many letters lie in queues, and at which station of the way they were written.
import type { HopId, QueueView } from "./view.ts";

/** Those that wait, those that are being looked at, and those that are delayed. */
export const lettersIn = ({ visible, inFlight, delayed }: QueueView): number => visible + inFlight + delayed;

/** The queues into which a station has written what lies in them. */
export const lettersOf = (queues: readonly QueueView[], hop: HopId): readonly QueueView[] =>
  queues.filter((queue) => queue.writers.includes(hop) && lettersIn(queue) > 0);

export const counted = (letters: number): string => `${letters} ${letters === 1 ? "letter" : "letters"}`;
