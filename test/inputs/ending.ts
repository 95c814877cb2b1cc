// What came of one event: exactly one outcome, said in one bounded and printable line, and told to somebody. A
// synchronisation says one more line of each thing that failed.
import { expect } from "chai";
import { isPrintable } from "../../shared/contract/printable.ts";
import { LetterBox } from "../lambda/invocation.ts";

/** With what Lambda writes around it. */
const MAX_LINE = 4096;
const OUTCOMES = /^(announced|ignored: .*|synchronised|received|applied|duplicate|stale|rejected|failed)$/;

export type Line = Readonly<Record<string, unknown>>;

export interface Ending {
  readonly line: Line;
  /** Of a synchronisation: a line of each thing that failed. */
  readonly failed: readonly Line[];
  readonly answer: unknown;
  readonly letters: LetterBox["letters"];
}

/** @param errorName of what may be thrown */
export async function ending(
  errorName: string,
  run: (lines: Line[], box: LetterBox) => Promise<unknown>,
): Promise<Ending> {
  const lines: Line[] = [];
  const box = new LetterBox();
  let thrown: unknown;
  let answer: unknown;
  try {
    answer = await run(lines, box);
  } catch (error) {
    thrown = error;
  }
  const line = lines.pop();
  if (!line) throw new Error("nothing was said", { cause: thrown });
  for (const one of [...lines, line]) checkWords(one);
  const { outcome } = line;
  expect(outcome).to.match(OUTCOMES);
  if (outcome !== "synchronised") expect(lines, "further lines").to.deep.equal([]);
  for (const one of lines) expect(one["outcome"]).to.equal("not synchronised");
  expect(box.letters.length, "letters").to.equal(outcome === "rejected" ? 1 : 0);
  expect(thrown !== undefined, "thrown").to.equal(outcome === "failed");
  if (thrown !== undefined) checkError(thrown as Error, errorName);
  return { line, failed: lines, answer, letters: box.letters };
}

function checkWords(line: Line): void {
  expect(line["reason"], JSON.stringify(line)).to.not.equal("unexpected error");
  expect(Buffer.byteLength(JSON.stringify(line))).to.be.below(MAX_LINE);
  for (const value of Object.values(line)) if (typeof value === "string") expect(isPrintable(value)).to.equal(true);
}

function checkError({ name, message }: Error, errorName: string): void {
  expect(name).to.equal(errorName);
  expect(message.length).to.be.below(2000);
  expect(isPrintable(message)).to.equal(true);
}

/** How many inputs came to which outcome: a property that takes nothing would hold too. */
export type Outcomes = Map<string, number>;

export function count(outcomes: Outcomes, { line }: Ending): void {
  const outcome = [line["outcome"], line["reason"]].join(" ").trim();
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
}
