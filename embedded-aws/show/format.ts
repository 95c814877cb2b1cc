// One trace entry as a person reads it: what happened, where, as whom, by which permission, after how long.
import { styleText } from "node:util";
import { ACCOUNTS } from "../core/accounts.ts";
import type { PermissionTrace, TraceEntry } from "../core/trace.ts";
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

const accountName = (id: string): string => ACCOUNTS.find((account) => account.id === id)?.profile ?? id;

/** `role/x session y` for an assumed role, `user/x`, or a service's name: account and ARN stand elsewhere. */
function principalName(arn: string): string {
  const session = /^arn:[^:]+:sts::(\d+):assumed-role\/([^/]+)\/(.+)$/.exec(arn);
  if (session) return `role ${session[2] ?? ""} of ${accountName(session[1] ?? "")} (session ${session[3] ?? ""})`;
  const role = /^arn:[^:]+:iam::(\d+):role\/(.+)$/.exec(arn);
  if (role) return `role ${role[2] ?? ""} of ${accountName(role[1] ?? "")}`;
  const user = /^arn:[^:]+:iam::(\d+):user\/(.+)$/.exec(arn);
  return user ? `user ${user[2] ?? ""} of ${accountName(user[1] ?? "")}` : arn;
}

/** The resource without the parts of its ARN that the line says already. */
const resourceName = (arn: string): string => /^arn:[^:]+:[^:]+:[^:]*:[^:]*:(.+)$/.exec(arn)?.[1] ?? arn;

function reasons({ action, resource, decision }: PermissionTrace): string[] {
  if (decision.allowed) {
    const by = decision.by.map(({ policy, statement }) => `${policy}, statement ${statement}`);
    return by.length > 0 ? [`${action} allowed by ${by.join(" and ")}`] : [];
  }
  if (decision.effect === "explicitDeny") {
    const by = decision.by.map(({ policy, statement }) => `${policy}, statement ${statement}`).join(" and ");
    return [`${action} on ${resource} is denied explicitly by ${by}`];
  }
  return [
    `${action} on ${resource} is not allowed`,
    ...decision.missing.flatMap(({ side, account, sentence, nearest }) => [
      `missing in ${accountName(account)} ${account}, ${SIDES[side]}: ${sentence}`,
      ...(nearest ? [`nearest: ${nearest.policy}, statement ${nearest.statement}: ${nearest.because}`] : []),
    ]),
  ];
}
const SIDES = {
  identity: "identity policy",
  resource: "resource policy",
  trust: "trust policy",
  session: "session policy",
  boundary: "permissions boundary",
} as const;

/** These, and the rest of long values, are for `GET /_local/trace`; reasons are shown whole. */
const NOT_SHOWN = new Set(["eventId", "detailType", "sql", "output", "requestId", "logged", "payload"]);
const MAX_DETAIL = 60;

/** Details as `key value`, for effects: rule, topic, function. */
function details(entry: TraceEntry): string {
  return Object.entries(entry.detail ?? {})
    .filter(([key, value]) => value !== undefined && value !== "" && !NOT_SHOWN.has(key))
    .map(([key, value]) => {
      const text = typeof value === "string" ? resourceName(value) : JSON.stringify(value);
      const whole = key === "reason" || text.length <= MAX_DETAIL;
      return `${key} ${whole ? text : `${text.slice(0, MAX_DETAIL - 1)}…`}`;
    })
    .join(", ");
}

/** What a function said to its log, and what a message said in the end that no rule takes further. */
function texts({ detail: { logged, payload } = {} }: TraceEntry): string[] {
  const lines = Array.isArray(logged) ? logged.map((line) => `logs ${withoutFrame(String(line))}`) : [];
  return typeof payload === "string" ? [...lines, `says ${spaced(parsed(payload))}`] : lines;
}

/** A line in Lambda's JSON format without what stands in the trace anyway: time and request. */
function withoutFrame(line: string): string {
  const record = parsed(line);
  if (typeof record !== "object" || record === null || !("message" in record)) return spaced(record);
  const level = "level" in record && record.level !== "INFO" ? `${String(record.level)} ` : "";
  return `${level}${spaced(record.message)}`;
}

/** What is no JSON stays a text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** JSON on one line, with the spaces at which it can be broken. */
const spaced = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value, undefined, 1).replaceAll(/\n */g, " ");

/** The lines of one entry. */
export function formatEntry(entry: TraceEntry, style: Style): string[] {
  const paint = painter(style);
  const time = `+${Math.max(0, entry.at - style.zero)} ms`.padStart(9);
  const account = accountName(entry.account).padEnd(INDENT - 12);
  const what = `${entry.service}:${entry.name}`;
  const on = entry.permissions?.[0] ? resourceName(entry.permissions[0].resource) : "";
  const took = entry.kind === "call" ? ` (${entry.ms < 10 ? entry.ms.toFixed(1) : entry.ms.toFixed(0)} ms)` : "";
  const more = entry.kind === "effect" ? details(entry) : on === "*" ? "" : on;
  const mark = { ok: " ", denied: "✗", failed: "!" }[entry.outcome];
  const indent = style.width < NARROW ? NARROW_INDENT : INDENT;
  const [first = "", ...rest] = wrap(`${what} ${more}${took}`.trim(), style.width - indent, style.width - INDENT);
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
  for (const text of texts(entry)) below(text, "green");
  return lines;
}

/** Entries in the order in which things began; the trace has them in the order in which they ended. */
export const inOrder = (entries: readonly TraceEntry[]): TraceEntry[] =>
  entries.toSorted((a, b) => a.at - b.at || a.id - b.id);

/**
 * What a viewer wants to see of everything: not the calls that write functions' logs, whose lines stand with the run.
 */
export const worthShowing = (entry: TraceEntry): boolean => entry.outcome !== "ok" || entry.service !== "logs";
