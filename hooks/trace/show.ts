// A story as a person reads it: a line for each step, in the words of the embedded AWS's trace, and below it who, and
// what was said. All of it was written by others.
import { styleText } from "node:util";
import { type LogLine, textIn } from "../logs/line.ts";
import { printable } from "../printable.ts";
import type { Side } from "../sides.ts";
import type { Call } from "./calls.ts";
import type { Known } from "./registry.ts";
import type { Story, WaitingLetter } from "./story.ts";

export interface Step {
  readonly at: number;
  readonly side: Side;
  readonly what: string;
  readonly outcome: "ok" | "failed";
  /** As who; what was logged or said. */
  readonly below: readonly string[];
}

export const stepsOf = ({ calls, lines, letters }: Story): Step[] =>
  [...calls.map(callStep), ...lines.map(lineStep), ...letters.map(letterStep)].sort((a, b) => a.at - b.at);

function callStep({ at, eventName, eventId, principal, errorCode, requestParameters }: Call): Step {
  return {
    at,
    side: "customer",
    what: `iot:${eventName} event ${eventId}`,
    outcome: errorCode === undefined ? "ok" : "failed",
    below: [
      ...(principal === undefined ? [] : [`as ${principal}`]),
      ...(errorCode === undefined ? [] : [errorCode]),
      `says ${spaced(requestParameters)}`,
    ],
  };
}

const FAILED = ["failed", "rejected"];

/** Whether a line is about something that went wrong. */
export const wentWrong = (line: LogLine): boolean =>
  line.kind === "failed run" || FAILED.includes(textIn(line, "outcome") ?? "");

export function lineStep(line: LogLine): Step {
  const { at, side, function: name, kind, said } = line;
  const outcome = textIn(line, "outcome") ?? (kind === "failed run" ? (textIn(line, "status") ?? "failed") : "");
  const about = textIn(line, "about") ?? "";
  return {
    at,
    side,
    what: ["lambda:FunctionRan", name, outcome, about].filter((part) => part !== "").join(" "),
    outcome: wentWrong(line) ? "failed" : "ok",
    below: [`logs ${spaced(said)}`],
  };
}

const letterStep = ({ sentAt, side, queue, reason, letter, problem, received }: WaitingLetter): Step => ({
  at: sentAt,
  side,
  what: `sqs:SendMessage queue ${queue}: ${reason}`,
  outcome: "failed",
  below: [
    ...[letter?.explanation ?? problem].flatMap((said) => (said === undefined ? [] : [`says ${said}`])),
    `waits there, received ${received} times by now`,
  ],
});

/** JSON on one line, with the spaces at which it can be broken. */
const spaced = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value, undefined, 1).replaceAll(/\n */g, " ");

const LONGEST = 1000;

export function stepText({ at, side, what, outcome, below }: Step, colour: boolean): string {
  const paint = (look: Parameters<typeof styleText>[0], text: string) =>
    colour ? styleText(look, text, { validateStream: false }) : text;
  const time = new Date(at).toISOString();
  const mark = outcome === "ok" ? " " : "!";
  const first = paint(outcome === "ok" ? "bold" : "red", printable(what, LONGEST));
  const head = `${paint("dim", time)} ${paint("yellow", side.padEnd(8))} ${mark} ${first}`;
  return [head, ...below.map((line) => `${" ".repeat(28)}${paint("green", printable(line, LONGEST))}`)].join("\n");
}

function knownText({ subject, observedAt, version, deleted, eventIds, snapshot, claim }: Known): string[] {
  const state = deleted ? "is gone" : version === undefined ? "is there" : `has version ${version}`;
  const known =
    observedAt === undefined
      ? `${subject}: nothing was applied yet`
      : `${subject} ${state}, as of ${new Date(observedAt).toISOString()}; ${eventIds.length} of its events are known`;
  return [
    known,
    ...(snapshot === undefined ? [] : [`  says ${snapshot}`]),
    ...(claim === undefined
      ? []
      : [`  claimed for event ${claim.eventId ?? "without an id"} until ${new Date(claim.until).toISOString()}`]),
  ];
}

/** @param registry whether there is one to look into */
export function storyText(story: Story, { colour, registry }: { colour: boolean; registry: boolean }): string {
  const steps = stepsOf(story).map((step) => stepText(step, colour));
  const known = story.known.length === 0 ? ["nothing of it"] : story.known.flatMap(knownText);
  return [
    ...(steps.length === 0 ? ["No log and no queue says anything of it in this time."] : steps),
    ...(registry ? ["", "The partner's registry knows now:", ...known.map((line) => printable(line, LONGEST))] : []),
    ...(story.gaps.length === 0 ? [] : ["", "Not looked at:", ...story.gaps.map((gap) => `- ${printable(gap, 400)}`)]),
  ].join("\n");
}
