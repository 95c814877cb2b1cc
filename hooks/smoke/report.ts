// What became of the thing, for a person.
import { printable } from "../printable.ts";
import { answerText } from "./answer.ts";
import type { Hop, HopName, Sender, SmokeReport } from "./hops.ts";

const MARKS = { passed: "✓", failed: "✗", "not seen": "✗", "not looked at": "?" } as const;

/** What a function says in the end. */
const ENDS: readonly HopName[] = [
  "the announce function publishes in the partner's account",
  "the receive function takes it",
];

/** Whether something did not arrive, or nobody could look whether it did, or something was left behind. */
export const needsAttention = ({ hops, left, sender }: SmokeReport): boolean =>
  left.length > 0 ||
  sender?.enforcePasses === false ||
  hops.some(({ state }) => state === "failed" || state === "not seen") ||
  hops.findLast(({ hop }) => ENDS.includes(hop))?.state === "not looked at";

const seconds = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

const hopText = ({ hop, state, ms, detail }: Hop): string =>
  [
    `${MARKS[state]} ${hop}`,
    ...(state === "passed" ? [] : [state]),
    ...(ms === undefined ? [] : [`after ${seconds(ms)}`]),
    ...(detail === undefined ? [] : [printable(detail, 300)]),
  ].join(", ");

function senderText({ principal, form, enforcePasses }: Sender): string {
  const passes =
    enforcePasses === undefined
      ? "It was sent again by somebody: it doesn't say whether senderCheck enforce would pass."
      : `senderCheck enforce ${enforcePasses ? "passes" : "would reject it"}.`;
  return `principal() was ${principal === undefined ? "nobody" : printable(principal)}, in the form ${form}. ${passes}`;
}

export function reportText(report: SmokeReport): string {
  const { thingName, eventId, hops, sender, answer, interrupted, removed, left, next } = report;
  return [
    `${thingName ?? "The thing"}, event ${eventId ?? "unknown as yet"}:`,
    ...hops.map(hopText),
    ...(sender ? [senderText(sender)] : []),
    ...(answer ? [printable(answerText(answer), 1000)] : []),
    ...(removed.length > 0 ? [`Removed: ${removed.join(", ")}.`] : []),
    ...left.map((one) => `Left behind: ${printable(one, 300)}`),
    ...(next === undefined ? [] : ["At the partner's, somebody should look for it:", `  ${next}`]),
    ...(interrupted ? ["It was interrupted."] : []),
  ].join("\n");
}
