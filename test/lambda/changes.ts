// Changes of one thing, as the device registry gets them, and the time that it has for each.
import { randomUUID } from "node:crypto";
import type { Change } from "../../partner/lambda/change.ts";
import type { Time } from "../../partner/lambda/registry.ts";

/** Long ago, so that no test depends on the time of the machine. */
export const NOW = Date.UTC(2026, 0, 2, 3, 4, 10);

export const change = (fields: Partial<Change> = {}): Change => ({
  subject: "arn:aws:iot:us-east-1:111111111111:thing/lamp",
  subjectId: "id-1",
  version: 1,
  observedAt: 1000,
  calledAt: 0,
  lastOfTie: false,
  deleted: false,
  eventId: randomUUID(),
  eventIdIsUnique: true,
  snapshot: '{"thingName":"lamp"}',
  ...fields,
});
/** As deletions are: without id and version, which nobody knows any more. */
export const gone = (observedAt: number, fields: Partial<Change> = {}): Change =>
  change({ observedAt, deleted: true, subjectId: undefined, version: undefined, snapshot: undefined, ...fields });

export const time = (remaining = 30_000): Time => ({
  remaining: () => remaining,
  signal: () => AbortSignal.timeout(20_000),
});
