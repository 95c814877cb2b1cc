// Whatever comes in: both functions end with an outcome that somebody is told of, in bounded and printable words, and
// what the one publishes the other takes.
import { OPERATION_NAMES } from "../../shared/contract/operations.ts";
import { announceAnything, messageOf } from "./announcing.ts";
import type { Outcomes } from "./ending.ts";
import { receiveAnything } from "./receiving.ts";

/** By function: so many inputs of a seed, and how many came to which outcome. */
export const PROPERTIES: Readonly<Record<string, (numRuns: number, seed: number) => Promise<Outcomes>>> = {
  announce: announceAnything,
  receive: async (numRuns, seed) => {
    const messages = await Promise.all(OPERATION_NAMES.map(async (name) => [name, await messageOf(name)] as const));
    return receiveAnything(new Map(messages), numRuns, seed);
  },
};
