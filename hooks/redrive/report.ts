// What a run of redrive did, for a person.
import Table from "cli-table3";
import { FORMS } from "../letters/letter.ts";
import type { QueueReport, Row } from "./redrive.ts";

const lettersIn = (rows: readonly Row[]): number => rows.reduce((sum, { letters }) => sum + letters, 0);
const count = (letters: number): string => `${letters} letter${letters === 1 ? "" : "s"}`;

const NOT_VOUCHED = "left: nobody vouches";

/** What to look at, and what to type then. */
const HOW_TO_VOUCH =
  "Letters that nobody vouches for may be forged: by a device of this account that may publish on the hooks' topics, or " +
  "by whoever may send to the queue. Look at them with `hooks queues partner --letters 20`: were these things changed " +
  "at that time (ask the customer, or `hooks trace`), and did the rule fail then? Does the client publish nothing else? " +
  "`hooks doctor partner` lists who could have written them. If they are the customer's, send them with " +
  "`--vouch <account>`.";

/** Whether a letter that should have been sent again was not. */
export const hasFailed = ({ rows, end }: QueueReport): boolean =>
  end.because === "error" ||
  rows.some(({ outcome }) => ["sent, not removed", "left: unreadable", "left: refused", NOT_VOUCHED].includes(outcome));

export function reportText(reports: readonly QueueReport[]): string {
  const table = new Table({
    head: ["queue", "reason", "written by", "letters", "what became of them"],
    style: { head: [], border: [], compact: true },
    colWidths: [null, 30, null, null, 50],
    wordWrap: true,
    colAligns: ["left", "left", "left", "right", "left"],
  });
  for (const { queue, rows } of reports)
    for (const { reason, form, letters, outcome, explanation } of rows)
      table.push([
        queue,
        reason,
        form === undefined ? "" : FORMS[form],
        letters,
        explanation === undefined ? outcome : `${outcome} (${explanation})`,
      ]);
  const asks = reports.some(({ rows }) => rows.some(({ outcome }) => outcome === NOT_VOUCHED));
  return [...(table.length > 0 ? [table.toString()] : []), ...summaries(reports), ...(asks ? [HOW_TO_VOUCH] : [])].join(
    "\n",
  );
}

/** A line for each queue: what was sent, what is left, and why it ended early. */
export const summaries = (reports: readonly QueueReport[]): string[] =>
  reports.map(({ queue, rows, end, inQueue }) => {
    const sent = rows.filter(({ outcome }) => outcome.startsWith("sent"));
    const wouldBe = rows.filter(({ outcome }) => outcome === "would be sent");
    const done = wouldBe.length > 0 ? `${count(lettersIn(wouldBe))} would be sent` : `${count(lettersIn(sent))} sent`;
    const ended =
      end.because === "the queue is empty"
        ? ""
        : ` Not all was read: ${end.because === "error" ? end.error : end.because}.`;
    const left =
      inQueue === null ? "how many are in the queue now, it doesn't say" : `about ${inQueue} in the queue now`;
    return `${queue}: ${done}; ${left}.${ended}`;
  });
