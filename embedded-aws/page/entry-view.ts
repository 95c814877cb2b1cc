// An entry of the trace as the page shows it: in words, and at which station of the way it happened.
import { ACCOUNTS } from "../core/accounts.ts";
import type { PermissionTrace, TraceEntry } from "../core/trace.ts";
import { RULE_SESSION } from "../services/iot/actions.ts";
import { accountName, logLines, messageText, principalName, reasons, saidIn, subject, took } from "../show/words.ts";
import type { EntryView, HopId, PermissionView, SaidView, StatementView } from "./client/view.ts";

const PARTNER = ACCOUNTS.find(({ profile }) => profile === "partner")?.id;
export const isPartner = ({ account }: { readonly account: string }): boolean => account === PARTNER;

/** Whether it asks the registry of things to change. */
const changesThings = ({ kind, service, name }: TraceEntry): boolean =>
  kind === "call" && service === "iot" && name.includes("Thing") && !/^(Describe|Get|List|Search)/.test(name);

/** Whether it runs a function, or is part of its run: not what makes or changes one. */
const runsFunction = ({ kind, service, name, principal, parentId }: TraceEntry): boolean =>
  (service === "lambda" && (kind === "effect" || name === "Invoke")) ||
  (service === "sts" && principal === "lambda.amazonaws.com") ||
  (parentId !== undefined && ["iot", "iotdata", "logs", "sqs", "dynamodb", "sts"].includes(service));

/** Whether a rule keeps in a queue what it couldn't hand over: EventBridge does so itself, a topic rule by its role. */
const ruleKeeps = ({ service, principal = "" }: TraceEntry): boolean =>
  service === "sqs" && (principal === "events.amazonaws.com" || principal.includes(`/${RULE_SESSION}`));

/** The first row that fits is where an entry belongs; one that fits none isn't on the way. */
const STATIONS: readonly (readonly [HopId, (entry: TraceEntry) => boolean])[] = [
  ["call", (entry) => !isPartner(entry) && entry.parentId === undefined && changesThings(entry)],
  [
    "rule",
    (entry) =>
      !isPartner(entry) &&
      (ruleKeeps(entry) || (entry.kind === "effect" && ["events", "cloudtrail"].includes(entry.service))),
  ],
  [
    "role",
    (entry) => !isPartner(entry) && entry.service === "sts" && entry.permissions?.[0]?.resourceAccount === PARTNER,
  ],
  ["debug", (entry) => isPartner(entry) && entry.service === "iotdata" && topicOf(entry).startsWith("debug/")],
  ["topic", (entry) => isPartner(entry) && entry.service === "iotdata"],
  [
    "topic-rule",
    (entry) =>
      isPartner(entry) &&
      (ruleKeeps(entry) ||
        (entry.principal === "iot.amazonaws.com"
          ? entry.service === "sts"
          : entry.service === "iot" && entry.kind === "effect")),
  ],
  ["announce", (entry) => !isPartner(entry) && runsFunction(entry)],
  ["receive", (entry) => isPartner(entry) && runsFunction(entry)],
];
/** Refused before it was looked at, a publish has its topic in the permission only. */
const topicOf = ({ detail, permissions }: TraceEntry): string =>
  typeof detail?.topic === "string"
    ? detail.topic
    : (/:topic\/(.*)$/s.exec(permissions?.[0]?.resource ?? "")?.[1] ?? "");

const hopOf = (entry: TraceEntry): HopId | undefined => STATIONS.find(([, fits]) => fits(entry))?.[0];

function permissionView(entry: TraceEntry, permission: PermissionTrace): PermissionView {
  const { action, decision, resourceAccount } = permission;
  const by = decision.by.map(({ side, policy, statement }): StatementView => {
    const ofResource = side === "resource" || side === "trust";
    return { account: ofResource ? resourceAccount : entry.account, policy, statement };
  });
  return { action, allowed: decision.allowed, words: reasons(permission), by };
}

/** What the functions' own lines say that came of an event: JSON lines with an `outcome`. */
function outcomes(entry: TraceEntry): SaidView[] {
  return saidIn(entry).flatMap(({ said }): SaidView[] => {
    const { outcome, reason, error } = Object(said) as { outcome?: unknown; reason?: unknown; error?: unknown };
    if (typeof outcome !== "string") return [];
    const why = [reason, error].filter((part) => typeof part === "string").join(": ");
    return [{ outcome, ...(why === "" ? {} : { reason: why }) }];
  });
}

/** What the customer's message was, as a rule took it further: its SQL keeps it in base64. */
function taken({ name, detail }: TraceEntry): string | undefined {
  if (name !== "RuleMatched" || typeof detail?.output !== "string") return undefined;
  const encoded = /"data":"([A-Za-z0-9+/=]+)/.exec(detail.output)?.[1];
  if (encoded === undefined) return detail.output;
  const whole = detail.output.endsWith("}");
  return `${Buffer.from(encoded, "base64").toString()}${whole ? "" : "…"}`;
}

export function entryView(entry: TraceEntry): EntryView {
  const { id, traceId, kind, at, ms, account, service, name, outcome, principal, permissions = [], error } = entry;
  const hop = hopOf(entry);
  const payload = messageText(entry) ?? taken(entry);
  const reason = entry.detail?.reason;
  return {
    id,
    traceId,
    root: entry.parentId === undefined,
    kind,
    at,
    account: accountName(account),
    what: `${service}:${name}`,
    on: subject(entry),
    outcome,
    permissions: permissions.map((permission) => permissionView(entry, permission)),
    logs: logLines(entry),
    said: outcomes(entry),
    ...(kind === "call" ? { took: took(ms) } : {}),
    ...(hop === undefined ? {} : { hop }),
    ...(principal === undefined ? {} : { principal: principalName(principal) }),
    ...(outcome === "failed" && error ? { error: `${error.code}: ${error.message}` } : {}),
    ...(typeof reason === "string" ? { reason } : {}),
    ...(payload === undefined ? {} : { payload }),
  };
}
