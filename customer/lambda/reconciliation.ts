// The schedule's function: lists all things and has the announce function announce each as it is, as an operator does
// with `hooks backfill`. Before its time is up it hands the rest on to a new invocation of itself.
import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import * as v from "valibot";
import type { Invocation } from "../../shared/lambda/letter.ts";
import { Pace, type Time } from "./pace.ts";
import { type SyncCounts, noCounts, sendThings } from "./sync-sender.ts";
import { PAGES_PER_SECOND, type ThingPages } from "./thing-pages.ts";

export interface ReconciliationParts {
  readonly pages: ThingPages;
  readonly lambda: LambdaClient;
  readonly announceAliasArn: string;
  readonly time: Time;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/** Less than a third of what AWS gives an account by default: live events come first, and the account's programs. */
const THINGS_PER_SECOND = 100;

/** A page takes three seconds, and as much as thirty where things fail and are asked for again. */
const LEAST_MS = 90_000;

/**
 * Lambda ends a chain of about sixteen invocations («Use Lambda recursive loop detection to prevent infinite loops»,
 * Lambda Developer Guide).
 */
const MOST_LINKS = 15;

const SOURCE = "iot-hooks.reconcile";

/** What one invocation hands on to the next. What the schedule sends has none of it. */
const handedOn = v.object({
  source: v.literal(SOURCE),
  link: v.pipe(v.number(), v.integer(), v.minValue(2)),
  token: v.string(),
});

/** A run has reached its last link, and not the last thing. */
class ReconciliationUnfinished extends Error {
  override readonly name = "ReconciliationUnfinished";
}

/** Throws ReconciliationUnfinished, and what `sendThings` and the SDK throw: Lambda then tries this link again. */
export const reconciler = (parts: ReconciliationParts) => async (event: unknown, invocation: Invocation) => {
  const handed = v.safeParse(handedOn, event);
  const { link, token: first } = handed.success ? handed.output : { link: 1, token: undefined };
  const { things, counts, token } = await reconcile(parts, first, invocation);
  parts.log({ outcome: token === undefined ? "reconciled" : "to be continued", link, things, counts });
  if (token === undefined) return;
  if (link >= MOST_LINKS)
    throw new ReconciliationUnfinished(
      `After ${MOST_LINKS} invocations there are still things that were not looked at: take the schedule out, and run ` +
        "hooks backfill from a machine.",
    );
  const Payload = Buffer.from(JSON.stringify({ source: SOURCE, link: link + 1, token }));
  const FunctionName = invocation.invokedFunctionArn;
  await parts.lambda.send(new InvokeCommand({ FunctionName, InvocationType: "Event", Payload }));
};

async function reconcile(
  { pages, lambda, announceAliasArn, time }: ReconciliationParts,
  first: string | undefined,
  invocation: Invocation,
) {
  const listPace = new Pace(PAGES_PER_SECOND / 2, time);
  const sender = {
    lambda,
    functionAliasArn: announceAliasArn,
    run: "reconcile" as const,
    pace: new Pace(THINGS_PER_SECOND, time),
    wait: time.wait,
  };
  const total = { things: 0, counts: noCounts() };
  let token = first;
  do {
    await listPace.take(1);
    const page = await pages(token);
    const { counts } = await sendThings(sender, page.things);
    for (const outcome of Object.keys(counts) as (keyof SyncCounts)[]) total.counts[outcome] += counts[outcome];
    total.things += page.things.length;
    token = page.next;
  } while (token !== undefined && invocation.getRemainingTimeInMillis() > LEAST_MS);
  return { ...total, token };
}
