// What a person reads of a trace entry, in words: in the terminal and on the page alike.
import { ACCOUNTS } from "../core/accounts.ts";
import type { PermissionTrace, TraceEntry } from "../core/trace.ts";

export const accountName = (id: string): string => ACCOUNTS.find((account) => account.id === id)?.profile ?? id;

/** `role/x session y` for an assumed role, `user/x`, or a service's name: account and ARN stand elsewhere. */
export function principalName(arn: string): string {
  const session = /^arn:[^:]+:sts::(\d+):assumed-role\/([^/]+)\/(.+)$/.exec(arn);
  if (session) return `role ${session[2] ?? ""} of ${accountName(session[1] ?? "")} (session ${session[3] ?? ""})`;
  const role = /^arn:[^:]+:iam::(\d+):role\/(.+)$/.exec(arn);
  if (role) return `role ${role[2] ?? ""} of ${accountName(role[1] ?? "")}`;
  const user = /^arn:[^:]+:iam::(\d+):user\/(.+)$/.exec(arn);
  return user ? `user ${user[2] ?? ""} of ${accountName(user[1] ?? "")}` : arn;
}

/** The resource without the parts of its ARN that the line says already. */
const resourceName = (arn: string): string => /^arn:[^:]+:[^:]+:[^:]*:[^:]*:(.+)$/.exec(arn)?.[1] ?? arn;

export function reasons({ action, resource, decision }: PermissionTrace): string[] {
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

/** What a call was about, or an effect says of itself. */
export function subject(entry: TraceEntry): string {
  if (entry.kind === "effect") return details(entry);
  const on = entry.permissions?.[0] ? resourceName(entry.permissions[0].resource) : "";
  return on === "*" ? "" : on;
}

export const took = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;

/** What a function said to its log, for a person. */
export const logLines = (entry: TraceEntry): string[] =>
  saidIn(entry).map(({ level, said }) => (level === "INFO" ? spaced(said) : `${level} ${spaced(said)}`));

export interface Said {
  readonly level: string;
  /** Without Lambda's frame, which has what stands in the trace anyway: time and request. */
  readonly said: unknown;
}

/** What a function said to its log: metrics, which are in its lines too, are for CloudWatch. */
export const saidIn = ({ detail: { logged } = {} }: TraceEntry): Said[] =>
  Array.isArray(logged) ? logged.flatMap((line): Said[] => withoutFrame(parsed(String(line)))) : [];

function withoutFrame(record: unknown): Said[] {
  if (typeof record !== "object" || record === null) return [{ level: "INFO", said: record }];
  if ("_aws" in record) return withoutMetrics(record);
  if (!("message" in record)) return [{ level: "INFO", said: record }];
  return [{ level: "level" in record ? String(record.level) : "INFO", said: record.message }];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * CloudWatch User Guide, "Specification: Embedded metric format": metadata stands in the root's member `_aws`, and
 * metrics, their dimensions and whatever else is to be logged beside it.
 */
function withoutMetrics({ _aws, requestId: _, ...record }: Fields): Said[] {
  const { CloudWatchMetrics } = Object(_aws) as { CloudWatchMetrics?: unknown };
  const directives = Array.isArray(CloudWatchMetrics) ? (CloudWatchMetrics as unknown[]) : [];
  const metrics = new Set<unknown>();
  const dimensions = new Set<unknown>();
  for (const directive of directives) {
    const { Metrics, Dimensions } = Object(directive) as { Metrics?: { Name?: unknown }[]; Dimensions?: unknown[][] };
    for (const { Name } of Metrics ?? []) metrics.add(Name);
    for (const name of (Dimensions ?? []).flat()) dimensions.add(name);
  }
  const said = Object.entries(record).filter(([name]) => !metrics.has(name));
  return said.every(([name]) => dimensions.has(name)) ? [] : [{ level: "INFO", said: Object.fromEntries(said) }];
}

/** What a message says that no rule takes further. */
export const messageText = ({ detail: { payload } = {} }: TraceEntry): string | undefined =>
  typeof payload === "string" ? spaced(parsed(payload)) : undefined;

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

/** Entries in the order in which things began; the trace has them in the order in which they ended. */
export const inOrder = (entries: readonly TraceEntry[]): TraceEntry[] =>
  entries.toSorted((a, b) => a.at - b.at || a.id - b.id);

/**
 * What a viewer wants to see of everything: not the calls that write functions' logs, whose lines stand with the run,
 * nor that a new alarm found nothing to ring for, as dozens do a minute after a deployment.
 */
export const worthShowing = (entry: TraceEntry): boolean =>
  entry.outcome !== "ok" || (entry.service !== "logs" && !isFirstLook(entry));

const isFirstLook = ({ name, detail }: TraceEntry): boolean =>
  name === "AlarmStateChanged" && detail?.from === "INSUFFICIENT_DATA" && detail.to === "OK";
