// Who published the message, as AWS IoT told the receive function.
import { type LogLine, textIn } from "../logs/line.ts";
import type { Sender } from "./hops.ts";

/** By the partner function's line: senderCheck rejects what doesn't begin with the role's unique id and a colon. */
export function senderOf(line: LogLine): Sender {
  const principal = textIn(line, "principal");
  const redriven = textIn(line, "redrivenBy") !== undefined;
  const mismatch = textIn(line, "senderMismatch") !== undefined || textIn(line, "reason") === "not the customer's role";
  return { principal, form: formOf(principal), enforcePasses: redriven ? undefined : !mismatch };
}

export function formOf(principal: string | undefined): string {
  if (principal === undefined) return "none";
  if (/^AROA\w+:.+$/.test(principal)) return "<unique id of the role>:<session name>";
  if (/^AROA\w+$/.test(principal)) return "<unique id of the role>";
  return "another";
}
