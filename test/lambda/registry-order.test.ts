// Which of two changes to one subject is taken, in whatever order they arrive.
import { expect } from "chai";
import type { Change } from "../../partner/lambda/change.ts";
import { change, gone } from "./changes.ts";
import { RegistryScene } from "./registry-scene.ts";

/** As memberships are that CloudTrail, or AWS IoT itself, tells of. */
const member = (observedAt: number, fields: Partial<Change> = {}): Change =>
  change({ subjectId: undefined, version: undefined, observedAt, lastOfTie: true, ...fields });

/** Each: what is applied, in this order, and what comes of it. */
const ORDERS: Readonly<Record<string, readonly [readonly Change[], readonly string[]]>> = {
  "a later version of the same thing is news": [
    [change({ version: 1 }), change({ version: 2 })],
    ["applied", "applied"],
  ],
  "an earlier version is stale, however late it was looked at": [
    [change({ version: 2, observedAt: 1 }), change({ version: 1, observedAt: 2 })],
    ["applied", "stale"],
  ],
  "the same version is no news, whichever event announces it": [
    [
      change({ version: 1, observedAt: 2 }),
      change({ version: 1, observedAt: 3 }),
      change({ version: 1, observedAt: 1 }),
    ],
    ["applied", "duplicate", "stale"],
  ],
  "what was seen again later wasn't gone in between": [
    [change({ version: 1, observedAt: 1 }), change({ version: 1, observedAt: 3 }), gone(2)],
    ["applied", "duplicate", "stale"],
  ],
  "what is seen after a deletion that didn't say whose it was is there": [
    [change({ observedAt: 1 }), gone(2), change({ observedAt: 3 })],
    ["applied", "applied", "applied"],
  ],
  "what only its event told of is stale once it was described, and the description is still known": [
    [change({ observedAt: 1 }), change({ version: undefined, observedAt: 2 }), change({ observedAt: 1 })],
    ["applied", "stale", "stale"],
  ],
  "another thing of the name is news if it was seen later": [
    [change({ subjectId: "id-1", version: 9, observedAt: 1 }), change({ subjectId: "id-2", observedAt: 2 })],
    ["applied", "applied"],
  ],
  "another thing of the name is stale if it was seen earlier": [
    [change({ subjectId: "id-2", observedAt: 2 }), change({ subjectId: "id-1", version: 9, observedAt: 1 })],
    ["applied", "stale"],
  ],
  "a deletion is news if nothing was seen later": [
    [change({ observedAt: 1 }), gone(2)],
    ["applied", "applied"],
  ],
  "a deletion is stale if the thing was seen later": [
    [change({ observedAt: 2 }), gone(1)],
    ["applied", "stale"],
  ],
  "a deletion of what was never heard of is news": [[gone(1)], ["applied"]],
  "a creation behind the deletion of what was never heard of is stale": [
    [gone(2), change({ observedAt: 1 })],
    ["applied", "stale"],
  ],
  "a creation after the deletion of what was never heard of is news": [
    [gone(2), change({ observedAt: 3 })],
    ["applied", "applied"],
  ],
  "a thing that is gone by its id doesn't come back, whenever it was seen": [
    [change({ observedAt: 1 }), gone(2, { subjectId: "id-1" }), change({ version: 9, observedAt: 3 })],
    ["applied", "applied", "stale"],
  ],
  "another thing comes after one that is gone": [
    [change({ observedAt: 1 }), gone(2), change({ subjectId: "id-2", observedAt: 3 })],
    ["applied", "applied", "applied"],
  ],
  "what has no version is ordered by the look at it": [
    [
      change({ version: undefined, observedAt: 2 }),
      change({ version: undefined, observedAt: 1 }),
      change({ version: undefined, observedAt: 3, snapshot: "{}" }),
    ],
    ["applied", "stale", "applied"],
  ],
  "what is known is no news from another event, but is known from later on": [
    [
      change({ version: undefined, observedAt: 1, eventId: "a" }),
      change({ version: undefined, observedAt: 3, eventId: "b" }),
      change({ version: undefined, observedAt: 2, snapshot: "{}" }),
    ],
    ["applied", "duplicate", "stale"],
  ],
  "a deletion is no news from another event, but nothing from before it comes back": [
    [
      change({ observedAt: 1 }),
      gone(2, { eventId: "a" }),
      gone(4, { eventId: "b" }),
      change({ subjectId: "id-2", observedAt: 3 }),
    ],
    ["applied", "applied", "duplicate", "stale"],
  ],
  "a deletion that was called for after something was known to be gone is another one": [
    [
      gone(2000, { calledAt: 1000 }),
      gone(5000, { calledAt: 2000 }),
      gone(9000, { calledAt: 6000 }),
      gone(9500, { calledAt: 0 }),
    ],
    ["applied", "duplicate", "applied", "duplicate"],
  ],
  "a membership's end that another call brings is another one, and both triggers' of one call are one": [
    [1000, 1200, 1300, 5000].map((at) => gone(at, { lastOfTie: true, calledAt: at })),
    ["applied", "duplicate", "applied", "applied"],
  ],
  "a deletion that says whose it is is news of that life, whatever the clocks said": [
    [change({ observedAt: 2 }), gone(1, { subjectId: "id-1" })],
    ["applied", "applied"],
  ],
  "a deletion that says whose it is leaves a later life alone": [
    [change({ subjectId: "id-2", observedAt: 2 }), gone(1, { subjectId: "id-1" })],
    ["applied", "stale"],
  ],
  "a deletion of a life that was never heard of ends that life too": [
    [gone(1, { subjectId: "id-1" }), change({ observedAt: 2 })],
    ["applied", "stale"],
  ],
  "a deletion of another life is news": [
    [gone(1, { subjectId: "id-1" }), gone(2, { subjectId: "id-2" })],
    ["applied", "applied"],
  ],
  "what says neither id nor version is ordered by its time": [
    [
      change({ observedAt: 2 }),
      change({ subjectId: undefined, version: undefined, observedAt: 1 }),
      change({ subjectId: undefined, version: undefined, observedAt: 3 }),
    ],
    ["applied", "stale", "applied"],
  ],
  "what doesn't say its id is ordered by its time, whatever version it says": [
    [
      change({ subjectId: undefined, version: 2, observedAt: 1 }),
      change({ subjectId: undefined, version: 1, observedAt: 2 }),
      change({ subjectId: undefined, version: 3, observedAt: 1 }),
    ],
    ["applied", "applied", "stale"],
  ],
  "a described thing is news after one that only its event told of": [
    [change({ version: undefined, observedAt: 1 }), change({ version: 1, observedAt: 2 })],
    ["applied", "applied"],
  ],
  "of two memberships within a second the one that arrives last is taken": [
    [member(1000), gone(1000, { lastOfTie: true })],
    ["applied", "applied"],
  ],
  "a membership that another call makes is news: its thing or its group may have been made anew since": [
    [member(1000), member(1000), member(61_000), member(61_200), member(61_300)],
    ["applied", "applied", "applied", "duplicate", "applied"],
  ],
  "a membership is told of once where both CloudTrail and AWS IoT tell of its call": [
    [member(1000), member(2999), member(1000), member(3000)],
    ["applied", "duplicate", "stale", "applied"],
  ],
  "what AWS IoT tells of a membership's call is known when it is delivered again, behind CloudTrail's as well": [
    [member(1000), member(1200, { eventId: "own" }), member(1200, { eventId: "own" }), member(1201)],
    ["applied", "duplicate", "duplicate", "applied"],
  ],
  "and so is that of a membership's end": [
    [1000, 1200, 1200].map((at) => gone(at, { lastOfTie: true, calledAt: at, eventId: `at ${at}` })),
    ["applied", "duplicate", "duplicate"],
  ],
  "a membership that AWS IoT tells of two seconds after the second of another's call is another call's": [
    [member(1000), member(3001)],
    ["applied", "applied"],
  ],
  "a membership without an event is told of once for each message": [
    [member(1234, { eventId: undefined }), member(1234, { eventId: undefined }), member(1235, { eventId: undefined })],
    ["applied", "duplicate", "applied"],
  ],
  "of two looks within a millisecond the one that arrives first is taken": [
    [change({ observedAt: 1000 }), gone(1000)],
    ["applied", "stale"],
  ],
};

describe("order of changes in the device registry", () => {
  const scene = new RegistryScene();
  beforeEach(() => scene.empty());

  for (const [claim, [changes, outcomes]] of Object.entries(ORDERS)) {
    it(claim, async () => {
      expect(await scene.all(...changes)).to.deep.equal(outcomes);
      expect(await scene.items()).to.have.length(1);
    });
  }
});
