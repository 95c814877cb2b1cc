// The device registry: what the partner knows of each customer's things, and who is at work on which of them. Each
// change is claimed, then the partner's own code runs, then the change is applied.
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { inWords } from "../../shared/lambda/excerpt.ts";
import type { Change } from "./change.ts";
import {
  type Claim,
  type Item,
  applyRequest,
  claimOf,
  claimRequest,
  eventIdsOf,
  forgetRequest,
  hasState,
  isSettled,
  knows,
  releaseRequest,
  says,
  seenRequest,
} from "./registry-requests.ts";

/**
 * - applied: it was news, or what the partner's own code was told last had failed; it has run for it.
 * - duplicate: this event was applied before, or another that told of the same state; then it is known from later on.
 * - stale: something later is known.
 */
export type Outcome = "applied" | "duplicate" | "stale";

/** Another invocation is at work on the same subject, and took longer than this one could wait. A retry mends it. */
export class SubjectClaimed extends Error {
  override readonly name = "SubjectClaimed";
}

/** The lease ended while the partner's own code ran, and another invocation took over. A retry mends it. */
export class ClaimLost extends Error {
  override readonly name = "ClaimLost";
}

export interface RegistryParts {
  readonly client: Pick<DynamoDBClient, "send">;
  readonly tableName: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/** What a run may take, and when calls have to end. */
export interface Time {
  readonly remaining: () => number;
  readonly signal: () => AbortSignal;
}

/**
 * A lease lasts as long as the invocation may, and this much longer: clocks of two execution environments may differ,
 * and one that is being stopped may do a little more.
 */
export const LEASE_MARGIN_MS = 3_000;

/** An invocation that waits for another one's claim keeps this much for its own work. */
export const RESERVED_MS = 5_000;

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

export class DeviceRegistry {
  readonly #parts: RegistryParts;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  /**
   * Runs `run` if the change is news, with nobody else at work on the subject, and makes it the subject's state. It
   * also runs for what is known where it had been begun for something else since, and failed. What `run` throws is
   * thrown, and nothing is applied. Throws SubjectClaimed, ClaimLost and what the SDK throws: then it can be tried
   * again, and runs again if it wasn't applied.
   */
  async apply(change: Change, time: Time, run: () => Promise<void>): Promise<Outcome> {
    const claimed = await this.#claim(change, time);
    if (typeof claimed === "string") return claimed;
    const isKnown = knows(claimed.before, change);
    if (isKnown && claimed.isSettled) {
      await this.#see(change, claimed, time);
      return "duplicate";
    }
    try {
      await run();
    } catch (error) {
      await this.#release(change, claimed, time);
      throw error;
    }
    await (isKnown ? this.#see(change, claimed, time) : this.#apply(change, claimed, time));
    return "applied";
  }

  async #claim(change: Change, time: Time): Promise<Exclude<Outcome, "applied"> | Claimed> {
    const { client, tableName, now, wait, random } = this.#parts;
    const token = randomUUID();
    let ended: Claim | undefined;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      const at = now();
      const claim = { token, until: at + time.remaining() + LEASE_MARGIN_MS };
      try {
        const request = new UpdateItemCommand(claimRequest(change, claim, tableName, ended));
        const { Attributes } = await client.send(request, { abortSignal: time.signal() });
        return { claim, before: Attributes, isSettled: ended === undefined && isSettled(Attributes) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const other = claimOf(error.Item);
        const past = ended;
        ended = other !== undefined && other.until < at ? other : undefined;
        if (ended !== undefined && ended.token !== past?.token) continue;
        const isRepeated = eventIdsOf(error.Item).some((eventId) => eventId === change.eventId);
        // Nobody stood before it. The item is gone where somebody else's claim ended with nothing in the meantime.
        const isOld = error.Item !== undefined && other?.token === past?.token;
        if (isRepeated && (isOld || change.eventIdIsUnique)) return "duplicate";
        if (isOld) return "stale";
        if (error.Item !== undefined && other === undefined) continue;
        // At random, so that many who wait for one don't come back together.
        const ms = Math.ceil(pause * (0.5 + random() / 2));
        if (time.remaining() - ms < RESERVED_MS) {
          const end = other === undefined ? "a moment ago" : `until ${new Date(other.until).toISOString()} at most`;
          throw new SubjectClaimed(`Another invocation is at work on ${change.subject}, ${end}.`);
        }
        await wait(ms);
      }
    }
  }

  /** Makes the change the state. */
  #apply(change: Change, claimed: Claimed, time: Time): Promise<void> {
    const { tableName, now } = this.#parts;
    const { claim, before } = claimed;
    return this.#end(change, claimed, time, applyRequest(change, claim, before, { tableName, now: now() }));
  }

  /** Leaves what is known in the words that the partner's own code was told, and says that it was seen again. */
  #see(change: Change, claimed: Claimed, time: Time): Promise<void> {
    return this.#end(change, claimed, time, seenRequest(change, claimed.claim, claimed.before, this.#parts.tableName));
  }

  async #end(change: Change, { claim }: Claimed, time: Time, request: UpdateItemCommandInput): Promise<void> {
    try {
      await this.#parts.client.send(new UpdateItemCommand(request), { abortSignal: time.signal() });
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // The answer to an earlier attempt at this very request was lost.
      if (says(error.Item, change)) return;
      throw new ClaimLost(
        `The claim on ${change.subject} ended at ${new Date(claim.until).toISOString()}, before the change was ` +
          "applied, and another invocation has claimed it since.",
        { cause: error },
      );
    }
  }

  /** Lets others at it now, and not when the lease ends. Where that fails it does end, so the line is enough. */
  async #release({ subject }: Change, { claim, before }: Claimed, time: Time): Promise<void> {
    const { client, tableName, log } = this.#parts;
    const options = { abortSignal: time.signal() };
    try {
      await (hasState(before)
        ? client.send(new UpdateItemCommand(releaseRequest(subject, claim, tableName)), options)
        : client.send(new DeleteItemCommand(forgetRequest(subject, claim, tableName)), options));
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return;
      log({
        outcome: "claim not released",
        subject,
        until: new Date(claim.until).toISOString(),
        error: inWords(error),
      });
    }
  }
}

interface Claimed {
  readonly claim: Claim;
  /** The item as it was before; undefined where there was none. */
  readonly before: Item | undefined;
  /** Whether the partner's own code was told of that state last. */
  readonly isSettled: boolean;
}

/** As Lambda runs it. */
export const deviceRegistry = (
  client: RegistryParts["client"],
  tableName: string,
  log: RegistryParts["log"],
): DeviceRegistry =>
  new DeviceRegistry({ client, tableName, now: Date.now, wait: setTimeout, random: Math.random, log });
