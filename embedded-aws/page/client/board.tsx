// README's picture, live: both accounts side by side, and how far the story came.
import { useEffect, useState } from "preact/hooks";
import { HOPS, type Hop } from "./hops.ts";
import { counted, lettersIn, lettersOf } from "./letters.ts";
import { duration, verdictOf, type Station, type Story } from "./story.ts";
import { pretty, Text } from "./text.tsx";
import { Things } from "./things.tsx";
import type { AccountView, Action, QueueView, StateView } from "./view.ts";

/** A warm flow takes milliseconds: stations light up one after another, slowly enough to be seen. */
const STEP_MS = 320;

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** How many of the stations are lit: one more after each step, all at once for whoever wants no motion. */
function useSteps(story: Story | undefined): number {
  const [steps, setSteps] = useState({ of: story?.traceId, lit: 0 });
  const reached = story?.stations.size ?? 0;
  const lit = steps.of === story?.traceId ? steps.lit : 0;
  useEffect(() => {
    if (lit >= reached) return;
    const timer = setTimeout(
      () => {
        setSteps({ of: story?.traceId, lit: still() ? reached : lit + 1 });
      },
      lit === 0 || still() ? 0 : STEP_MS,
    );
    return () => {
      clearTimeout(timer);
    };
  }, [story?.traceId, lit, reached]);
  return lit;
}

const WORDS: Record<Station["outcome"], string> = { ok: "passed", denied: "refused", failed: "failed" };
const SIGNS: Record<Station["outcome"], string> = { ok: "✓", denied: "✗", failed: "!" };

interface StationProps {
  readonly hop: Hop;
  readonly station: Station | undefined;
  readonly title: string;
  /** Those in which letters of this station lie. */
  readonly queues: readonly QueueView[];
}

function StationBox({ hop, station, title, queues }: StationProps) {
  return (
    <li class={`hop ${hop.id} ${station ? station.outcome : "idle"}`} data-hop={hop.id}>
      <span class="name">
        <Text>{title}</Text>
      </span>
      <span class="quiet below">
        <Text>{station?.on || hop.below}</Text>
      </span>
      {station && (
        <span class="sign">
          <span aria-hidden="true">{SIGNS[station.outcome]}</span>
          <span class="unseen">{WORDS[station.outcome]}</span> +{duration(Math.max(0, station.after))}
        </span>
      )}
      {queues.map((queue) => (
        <span key={queue.name} class="letters">
          {counted(lettersIn(queue))}
          <span class="unseen">
            {" "}
            in the queue <Text>{queue.name}</Text>
          </span>
        </span>
      ))}
    </li>
  );
}

export interface BoardProps {
  readonly story: Story | undefined;
  readonly state: StateView | undefined;
  /** The one whose side is shown. */
  readonly customer: AccountView | undefined;
  readonly now: number;
  readonly act: (action: Action) => Promise<boolean>;
}

export function Board({ story, state, customer, now, act }: BoardProps) {
  const steps = useSteps(story);
  const reached = HOPS.filter(({ id }) => story?.stations.has(id));
  const lit = new Set(reached.slice(0, steps).map(({ id }) => id));
  const stationOf = (hop: Hop) => (lit.has(hop.id) ? story?.stations.get(hop.id) : undefined);
  const side = (name: "customer" | "partner") => {
    const account = name === "customer" ? customer : state?.accounts.find((one) => one.name === name);
    return (
      <>
        <h2>
          {account?.name ?? name}’s account <span class="quiet">{account?.id}</span>
        </h2>
        <ol>
          {HOPS.filter((hop) => hop.side === name).map((hop) => (
            <StationBox
              key={hop.id}
              hop={hop}
              station={stationOf(hop)}
              title={hop.id === "call" && story ? story.title : hop.title}
              queues={lettersOf(account?.queues ?? [], hop.id)}
            />
          ))}
        </ol>
      </>
    );
  };
  return (
    <div class="board">
      <section class="side customer" aria-label="The customer’s account">
        {side("customer")}
        {customer && (
          <Things
            key={customer.name}
            account={customer.name}
            things={customer.things}
            count={customer.thingCount}
            act={act}
          />
        )}
      </section>
      <p class={`across ${lit.has("role") ? "lit" : ""}`} aria-hidden="true">
        <span>sts:AssumeRole,</span>
        <span>iot:Publish</span>
      </p>
      <section class="side partner" aria-label="The partner’s account">
        <Arrived story={steps >= reached.length ? story : undefined} now={now} />
        {side("partner")}
      </section>
    </div>
  );
}

/** What the partner has of it. */
function Arrived({ story, now }: { readonly story: Story | undefined; readonly now: number }) {
  const verdict = story && verdictOf(story, now);
  const message = story?.entries.findLast(({ hop, payload }) => hop === "debug" && payload !== undefined)?.payload;
  return (
    <section class="card arrived" aria-label="What arrived" tabIndex={0}>
      <p class="headline" role="status">
        {verdict?.headline ?? (story ? "" : "Nothing yet")}
      </p>
      {verdict?.why.map((sentence) => (
        <p key={sentence}>
          <Text>{sentence}</Text>
        </p>
      ))}
      {message !== undefined && <Message text={message} />}
    </section>
  );
}

function Message({ text }: { readonly text: string }) {
  return (
    <pre role="region" aria-label="The message as the partner sees it">
      {pretty(text)}
    </pre>
  );
}
