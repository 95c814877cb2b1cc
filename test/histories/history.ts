// One history: what a customer did, how its messages arrived and what went wrong on the way. In the end the partner
// knows what the customer's registry says, and has been told each change once.
import { expect } from "chai";
import fc from "fast-check";
import { randomOf } from "../harness/random.ts";
import { Customer, type Step } from "./customer.ts";
import { Partner } from "./partner.ts";
import type { Table } from "./table.ts";

export interface History {
  readonly steps: readonly Step[];
  /** How many things go wrong at most. */
  readonly faults: number;
  /** Of everything else that is left to chance: whose turn it is, and what goes wrong. */
  readonly seed: number;
}

const look = fc.record({
  // The soonest that an event is there; clocks may differ by less than half of that.
  after: fc.oneof(fc.integer({ min: 500, max: 1_500 }), fc.integer({ min: 500, max: 20_000 })),
  skew: fc.integer({ min: -200, max: 200 }),
  copies: fc.constantFrom(1, 1, 1, 2),
});
const MOST_THINGS = 4;
const MOST_STEPS = 14;
const step = (things: number) =>
  fc.record({
    thing: fc.nat(things - 1),
    verb: fc.constantFrom("create", "create", "update", "update", "delete", "delete", "attach", "detach", "sync"),
    gap: fc.oneof(fc.nat(600), fc.nat(10_000)),
    looks: fc.array(look, { minLength: 1, maxLength: 2 }),
  });
export const histories: fc.Arbitrary<History> = fc.record({
  // With few things much happens to each, with more of them much at a time.
  steps: fc
    .integer({ min: 1, max: MOST_THINGS })
    .chain((things) => fc.array(step(things), { minLength: 1, maxLength: MOST_STEPS })),
  faults: fc.nat(8),
  seed: fc.integer(),
});

export async function hold(table: Table, { steps, faults, seed }: History): Promise<Partner> {
  await table.empty();
  const customer = new Customer(steps);
  const partner = new Partner(table, customer.end, randomOf(seed), faults);
  for (const message of customer.messages) partner.deliver(message);
  await partner.rest();

  expect(partner.violations).to.deep.equal([]);
  expect(most(partner.applied.values()), "applications of one event").to.be.at.most(1);
  const undisturbed = new Map<string, number>();
  // Behind something that went wrong with another event about the same, what was told before is told again.
  for (const { eventId, after, disturbed } of partner.ran) {
    const run = `${eventId} behind ${after}`;
    if (!disturbed) undisturbed.set(run, (undisturbed.get(run) ?? 0) + 1);
  }
  expect(most(undisturbed.values()), "runs for one event in which nothing went wrong").to.be.at.most(1);

  const items = await table.items();
  const kept = new Map(
    items.map(({ subject, deleted, subjectId, version, snapshot, claim }) => {
      expect(claim, "a claim that is left").to.equal(undefined);
      const { attributes } = JSON.parse(snapshot?.S ?? "{}") as { attributes?: object };
      const description =
        subjectId === undefined ? {} : { thingId: subjectId.S, version: Number(version?.N), attributes };
      return [subject?.S ?? "", deleted?.BOOL === true ? undefined : description];
    }),
  );
  for (const [subject, description] of customer.known) {
    expect(kept.get(subject), `the registry's ${subject}`).to.deep.equal(description);
    const told = partner.told.get(subject);
    if (subject.includes("#")) expect(told === undefined).to.equal(description === undefined);
    else expect(told, `what was told of ${subject}`).to.deep.equal(description);
  }
  return partner;
}

const most = (counts: Iterable<number>): number => Math.max(0, ...counts);
