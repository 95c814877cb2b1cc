// Follows one real thing from the customer's registry to the partner's, by what the functions' logs say of it.
import { DeleteThingCommand, type IoTClient, ListThingsCommand } from "@aws-sdk/client-iot";
import { type LogLine, textIn } from "../logs/line.ts";
import { type LogGroup, linesOf, patternsOf } from "../logs/read.ts";
import { inWords } from "../printable.ts";
import { type Answer, type Heard, type History, type Triggers, answerOf } from "./answer.ts";
import { type Hop, type HopName, type Sender, type SmokeReport, Timeline } from "./hops.ts";
import { CREATE_THING, type Made, type Path } from "./paths.ts";
import { senderOf } from "./sender.ts";

/** Beginning of the names of the things. The partner's own code may pass over them. */
export const SMOKE_PREFIX = "iot-hooks-smoke-";
/** Attributes of the things: one by which those that were left behind are found, and when it was made. */
const MARK = { attributeName: "iot-hooks-smoke", attributeValue: "true" };
const MADE_AT = "iot-hooks-smoke-at";
/** What another run may still be at work on is left alone. */
const LEFT_BEHIND_MS = 60 * 60_000;
/** FilterLogEvents has a quota of a few a second for the account. */
const POLL_MS = 5_000;
/** Clocks of the operator's machine and of AWS differ. */
const SKEW_MS = 60_000;

export interface CustomerSide {
  readonly iot: IoTClient;
  readonly log: LogGroup;
  readonly triggers: Triggers;
  /** Asked only where the thing is made in another way than by CreateThing. */
  readonly history: History;
}

export interface SmokeParts {
  readonly customer: CustomerSide | undefined;
  readonly partner: LogGroup | undefined;
  /** Whether the partner's registry knows of the event; undefined where there is none, or no partner. */
  readonly registry: ((thingName: string, eventId: string) => Promise<Hop>) | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ends early, without an error, when the signal aborts. */
  readonly wait: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** What is looked for is shown as it goes. */
  readonly progress: (text: string) => void;
}

/** What is known beforehand: of the customer's half nothing, of the partner's alone what that half said. */
export interface Looked {
  readonly thingName: string;
  readonly eventId?: string | undefined;
  /** How the thing is made; default: by CreateThing. */
  readonly path?: Path | undefined;
}

/** The SDK puts $metadata on what AWS, or the way to it, answered. */
const isAnswer = (error: unknown): error is Error => error instanceof Error && "$metadata" in error;

type Where = Pick<LogLine, "at" | "requestId"> & { readonly line: LogLine };

const DONE = {
  customer: ["announced"],
  partner: ["applied", "received", "duplicate", "stale"],
} as const;

/** Makes a thing where the customer's side is at hand, follows it as far as can be seen, and removes it. */
export async function smoke(parts: SmokeParts, looked: Looked): Promise<SmokeReport> {
  const { customer, partner } = parts;
  const run = new Run(parts, looked);
  const removed: string[] = [];
  const left: string[] = [];
  const remove = async (name: string, how: () => Promise<unknown> = () => deleteThing(customer, name)) => {
    const problem = await problemOf(how);
    (problem === undefined ? removed : left).push(problem === undefined ? name : `${name}: ${problem}`);
  };
  if (customer) {
    await run.make(customer);
    try {
      for (const name of await leftBehind(parts, customer)) await remove(name);
    } catch (error) {
      if (!isAnswer(error)) throw error;
      left.push(`things of earlier runs, if there are any: ${inWords(error)}`);
    }
  }
  let answer: Answer | undefined;
  try {
    if (customer) await run.announced(customer);
    if (partner) await run.taken(partner);
    if (customer) answer = await run.answer(customer);
  } finally {
    if (customer) await remove(looked.thingName);
    if (run.made.extra) await remove(run.made.extra.name, run.made.extra.remove);
  }
  return {
    thingName: looked.thingName === "" ? undefined : looked.thingName,
    eventId: run.eventId,
    hops: run.timeline.hops,
    sender: run.sender,
    answer,
    interrupted: parts.signal.aborted,
    removed,
    left,
    next: partner || run.eventId === undefined ? undefined : nextOf(looked.thingName, run.eventId),
  };
}

const nextOf = (thingName: string, eventId: string): string =>
  `npx hooks smoke partner --event-id ${eventId} --thing ${thingName}`;

class Run {
  readonly timeline = new Timeline();
  eventId: string | undefined;
  sender: Sender | undefined;
  readonly #parts: SmokeParts;
  readonly #thingName: string;
  readonly #path: Path;
  made: Made = {};
  /** By the announce function's line. */
  #heard: Heard | undefined;
  readonly #until: number;
  readonly #since: number;
  /** Whether an earlier hop failed for good: then nothing comes. */
  #over = false;

  constructor(parts: SmokeParts, { thingName, eventId, path = CREATE_THING }: Looked) {
    this.#parts = parts;
    this.#thingName = thingName;
    this.#path = path;
    this.eventId = eventId;
    const now = parts.now();
    this.#until = now + parts.timeoutMs;
    // Of a thing that somebody else made earlier: as long ago as it is waited for.
    this.#since = now - (parts.customer ? SKEW_MS : Math.max(parts.timeoutMs, LEFT_BEHIND_MS));
  }

  /** @throws what the SDK throws */
  async make({ iot }: CustomerSide): Promise<void> {
    const at = this.#parts.now();
    const attributes = { [MARK.attributeName]: MARK.attributeValue, [MADE_AT]: new Date(at).toISOString() };
    this.made = await this.#path.make(iot, { thingName: this.#thingName, attributes });
    this.timeline.passed("the thing is made", at, this.#path === CREATE_THING ? undefined : `by ${this.#path.call}`);
  }

  /** What became known of a way that nobody documents. */
  async answer({ triggers, history }: CustomerSide): Promise<Answer | undefined> {
    if (this.#path === CREATE_THING || this.#parts.signal.aborted) return undefined;
    const calls = [...new Set([this.#path.call, "RegisterThing", "CreateThing"])];
    const lookUp = () => history(this.#thingName, calls, this.#since);
    return answerOf(this.#path, this.made, this.#heard, triggers, lookUp);
  }

  async announced({ log, triggers }: CustomerSide): Promise<void> {
    const hop = "the announce function publishes in the partner's account";
    const first = triggers.registryEvents
      ? "the announce function is called"
      : "CloudTrail and EventBridge call the announce function";
    const found = await this.#outcome(
      log,
      hop,
      `${triggers.registryEvents ? "AWS" : "CloudTrail"} hands the call over`,
    );
    if (found === undefined) return;
    this.eventId = textIn(found.line, "eventId");
    this.#heard = { eventId: this.eventId, eventName: textIn(found.line, "eventName") };
    this.timeline.passed(first, await this.#startOf(log, found));
    this.#conclude(hop, found, DONE.customer);
  }

  async taken(log: LogGroup): Promise<void> {
    const hop = "the receive function takes it";
    if (this.#over || this.#parts.signal.aborted) {
      this.timeline.add(hop, "not looked at", "a hop before it failed");
      return;
    }
    const found = await this.#outcome(log, hop, "the partner's function takes it");
    if (found === undefined) return;
    this.eventId ??= textIn(found.line, "eventId");
    this.timeline.passed("AWS IoT's rule calls the receive function", await this.#startOf(log, found));
    this.sender = senderOf(found.line);
    if (this.#conclude(hop, found, DONE.partner)) await this.#after(found.line);
  }

  /** Whether the hop is done; otherwise nothing comes after it. */
  #conclude(hop: HopName, { at, line }: Where, done: readonly string[]): boolean {
    const outcome = textIn(line, "outcome") ?? "";
    if (done.includes(outcome)) {
      this.timeline.passed(hop, at, outcome);
      return true;
    }
    this.#over = true;
    const why = textIn(line, "error") ?? textIn(line, "reason");
    this.timeline.add(hop, "failed", [outcome, ...(why === undefined ? [] : [why])].join(": "));
    return false;
  }

  async #after(line: LogLine): Promise<void> {
    const { registry } = this.#parts;
    if (registry && this.eventId !== undefined) this.timeline.hops.push(await registry(this.#thingName, this.eventId));
    const debugFailure = textIn(line, "debugFailure");
    // Only its subscribers see a debug message: the function's own word has to do.
    if (debugFailure !== undefined) this.timeline.add("the debug message is published", "failed", debugFailure);
    else if (["applied", "received"].includes(textIn(line, "outcome") ?? ""))
      this.timeline.passed("the debug message is published", undefined, "if debug is on; by the function's own word");
  }

  /** The line in which the function says what became of it; failures before it are tried again by Lambda. */
  async #outcome(log: LogGroup, hop: HopName, what: string): Promise<Where | undefined> {
    const { now, wait, signal, progress, timeoutMs } = this.#parts;
    const began = now();
    let failure: string | undefined;
    for (;;) {
      progress(`${what}: ${Math.round((now() - began) / 1000)} s`);
      const lines = await this.#lines(log, hop);
      if (lines === undefined) return undefined;
      const ended = lines.find(({ line }) => textIn(line, "outcome") !== "failed");
      if (ended) return ended;
      failure = lines.map(({ line }) => textIn(line, "error")).at(-1) ?? failure;
      if (signal.aborted || now() >= this.#until) break;
      await wait(Math.min(POLL_MS, this.#until - now()));
    }
    this.#over = true;
    const waited = `nothing within ${Math.round(timeoutMs / 1000)} s`;
    this.timeline.add(
      hop,
      failure === undefined ? "not seen" : "failed",
      failure ?? (signal.aborted ? "interrupted" : waited),
    );
    return undefined;
  }

  /** Undefined where nobody lets us look. */
  async #lines(log: LogGroup, hop: HopName): Promise<readonly Where[] | undefined> {
    const about = `thing/${this.#thingName}`;
    const terms = [...(this.#thingName === "" ? [] : [about]), ...(this.eventId === undefined ? [] : [this.eventId])];
    try {
      const lines = await this.#search(log, terms);
      return lines.filter(
        ({ line }) =>
          line.kind === "outcome" &&
          (textIn(line, "about") === about || (this.eventId !== undefined && textIn(line, "eventId") === this.eventId)),
      );
    } catch (error) {
      if (this.#parts.signal.aborted) return [];
      if (!isAnswer(error)) throw error;
      this.timeline.add(hop, "not looked at", `needs logs:FilterLogEvents on ${log.logGroupName}: ${inWords(error)}`);
      return undefined;
    }
  }

  async #search(log: LogGroup, terms: readonly string[]): Promise<Where[]> {
    const lines: Where[] = [];
    for (const pattern of patternsOf(terms))
      for await (const page of linesOf(log, pattern, { startTime: this.#since }, new AbortController().signal))
        lines.push(...page.map(({ line }) => ({ at: line.at, requestId: line.requestId, line })));
    return lines.sort((a, b) => a.at - b.at);
  }

  /** When the invocation began: its first line, which the platform writes. */
  async #startOf(log: LogGroup, { at, requestId }: Where): Promise<number> {
    if (requestId === undefined) return at;
    const lines = await this.#search(log, [requestId]);
    return Math.min(at, ...lines.map((line) => line.at));
  }
}

/** One that is gone is removed. */
const deleteThing = async (customer: CustomerSide | undefined, thingName: string): Promise<unknown> =>
  customer?.iot.send(new DeleteThingCommand({ thingName }));

/** Why something could not be removed. */
async function problemOf(removal: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await removal();
    return undefined;
  } catch (error) {
    if (!isAnswer(error)) throw error;
    return inWords(error);
  }
}

/** Of runs that were killed. @throws what the SDK throws */
async function leftBehind({ now, timeoutMs }: SmokeParts, { iot }: CustomerSide): Promise<string[]> {
  const before = now() - Math.max(LEFT_BEHIND_MS, timeoutMs);
  // Things of such a run are few: one page has them.
  const { things = [] } = await iot.send(new ListThingsCommand(MARK));
  return things
    .filter(({ thingName = "", attributes }) => {
      return thingName.startsWith(SMOKE_PREFIX) && Date.parse(attributes?.[MADE_AT] ?? "") < before;
    })
    .map(({ thingName = "" }) => thingName);
}
