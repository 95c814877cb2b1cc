// What lies in the queues, for a person.
import Table from "cli-table3";
import { FORMS } from "../letters/letter.ts";
import type { Seen, SeenLetter } from "../letters/look.ts";
import type { Depth } from "../letters/queue.ts";
import { printable } from "../printable.ts";

export interface QueueView extends Depth, Seen {
  readonly queue: string;
}

export function queuesText(views: readonly QueueView[], now: number): string {
  const table = new Table({
    head: ["queue", "letters", "oldest", "reason", "written by", "of those read"],
    style: { head: [], border: [], compact: true },
    colWidths: [null, null, null, 40, null, null],
    wordWrap: true,
    colAligns: ["left", "right", "right", "left", "left", "right"],
  });
  for (const view of views) {
    const { queue, visible, hidden, letters } = view;
    const count = hidden === 0 ? `${visible}` : `${visible + hidden}, ${hidden} hidden`;
    const rows = byReason(letters);
    if (rows.length === 0) table.push([queue, count, "", "", "", ""]);
    for (const [index, { reason, form, of }] of rows.entries())
      table.push([
        index === 0 ? queue : "",
        index === 0 ? count : "",
        age(now - Math.min(...of.map(({ sentAt }) => sentAt))),
        reason,
        form === undefined ? "" : FORMS[form],
        of.length,
      ]);
  }
  return [table.toString(), ...views.flatMap(notes)].join("\n");
}

function notes({ queue, all, letters }: QueueView): string[] {
  if (all || letters.length === 0) return [];
  return [`${queue}: ${letters.length} letters were read, and there are more: an older one may be among them.`];
}

function byReason(letters: readonly SeenLetter[]) {
  const rows = new Map<string, SeenLetter[]>();
  for (const letter of letters) {
    const key = JSON.stringify([letter.reason, letter.letter?.form]);
    rows.set(key, [...(rows.get(key) ?? []), letter]);
  }
  return [...rows.values()]
    .map((of) => ({ reason: of[0]?.reason ?? "", form: of[0]?.letter?.form, of }))
    .sort((a, b) => b.of.length - a.of.length);
}

/** The largest unit that fits: `3 d`, `7 h`, `12 min`, `40 s`. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds >= 86_400) return `${Math.floor(seconds / 86_400)} d`;
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h`;
  return seconds >= 60 ? `${Math.floor(seconds / 60)} min` : `${seconds} s`;
}

export const lettersText = (views: readonly QueueView[], most: number): string =>
  views.flatMap(({ queue, letters }) => letters.slice(0, most).map((letter) => letterText(queue, letter))).join("\n");

function letterText(queue: string, { sentAt, received, senderId, letter, reason, problem, ...of }: SeenLetter): string {
  const lines = [
    ["what", [of.operation, of.about].filter((part) => part !== undefined).join(" ")],
    ["from", of.accountId],
    ["event", of.eventId],
    ["published by client", letter?.publisher],
    ["put there by", senderId],
    ["said", letter?.explanation ?? problem],
  ].flatMap(([name, value]) => (value === undefined || value === "" ? [] : [`  ${name}: ${printable(value)}`]));
  const time = new Date(sentAt).toISOString();
  return [`\n${queue}, since ${time}, received ${received} times: ${reason}`, ...lines].join("\n");
}
