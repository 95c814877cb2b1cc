// One trace entry as a person reads it: what happened, where, as whom, by which permission, after how long.
import { styleText } from "node:util";
import type { TraceEntry } from "../core/trace.ts";
import { accountName, logLines, messageText, principalName, reasons, subject, took } from "./words.ts";
import { wrap } from "./wrap.ts";

/** What comes before the words of the first line: time, account, mark. */
const INDENT = 25;
/** Narrower terminals have the words of the lines below the first at the left: names such as roles' are long. */
const NARROW = 80;
const NARROW_INDENT = 4;

export interface Style {
  readonly colour: boolean;
  /** Time that the first column counts from, milliseconds since 1970. */
  readonly zero: number;
  /** Columns of the terminal. */
  readonly width: number;
}

type Paint = Parameters<typeof styleText>[0];
const painter =
  ({ colour }: Style) =>
  (paint: Paint, text: string): string =>
    colour ? styleText(paint, text, { validateStream: false }) : text;

/** The lines of one entry. */
export function formatEntry(entry: TraceEntry, style: Style): string[] {
  const paint = painter(style);
  const time = `+${Math.max(0, entry.at - style.zero)} ms`.padStart(9);
  const account = accountName(entry.account).padEnd(INDENT - 12);
  const what = `${entry.service}:${entry.name}`;
  const duration = entry.kind === "call" ? ` (${took(entry.ms)})` : "";
  const mark = { ok: " ", denied: "✗", failed: "!" }[entry.outcome];
  const indent = style.width < NARROW ? NARROW_INDENT : INDENT;
  const [first = "", ...rest] = wrap(
    `${what} ${subject(entry)}${duration}`.trim(),
    style.width - indent,
    style.width - INDENT,
  );
  const colour: Paint = entry.outcome === "ok" ? (entry.kind === "call" ? "bold" : "cyan") : "red";
  const lines = [`${paint("dim", time)} ${paint("yellow", account)}${mark} ${paint(colour, first)}`];
  const below = (text: string, look: Paint) => {
    for (const line of wrap(text, style.width - indent - 2))
      lines.push(`${" ".repeat(indent + 2)}${paint(look, line)}`);
  };
  for (const line of rest) lines.push(`${" ".repeat(indent)}${paint(colour, line)}`);
  if (entry.principal) below(`as ${principalName(entry.principal)}`, "dim");
  for (const permission of entry.permissions ?? []) {
    for (const reason of reasons(permission)) below(reason, permission.decision.allowed ? "dim" : "red");
  }
  if (entry.outcome === "failed" && entry.error) below(`${entry.error.code}: ${entry.error.message}`, "red");
  for (const line of logLines(entry)) below(`logs ${line}`, "green");
  const message = messageText(entry);
  if (message !== undefined) below(`says ${message}`, "green");
  return lines;
}
