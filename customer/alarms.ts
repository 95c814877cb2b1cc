// What rings on the customer's side. Nothing can for an event that CloudTrail never sent, or a trail that was stopped.
import { type AlarmRow, functionAlarms, lettersAlarm, queueAlarms, topicRuleAlarms } from "../shared/alarms.ts";
import type { AnnounceFunction } from "./announce-function.ts";
import type { Reconciliation } from "./reconciliation.ts";
import type { RegistryEvents } from "./registry-events.ts";
import type { RegistryRule } from "./registry-rule.ts";

export const customerAlarms = (
  announce: AnnounceFunction,
  registry: RegistryRule | undefined,
  events: RegistryEvents | undefined,
  reconciliation: Reconciliation | undefined,
): readonly AlarmRow[] => [
  ...(registry === undefined
    ? []
    : queueAlarms("registry", registry.deadLetters, "events that EventBridge could not hand to the function")),
  ...(events === undefined
    ? []
    : queueAlarms("events", events.deadLetters, "events that AWS IoT could not hand to the function")),
  ...queueAlarms("announce", announce.deadLetters, "events that could not be announced to the partner"),
  ...functionAlarms("announce", announce),
  ...(registry === undefined ? [] : eventRuleAlarms(registry)),
  ...Object.entries(events?.rules ?? {}).flatMap(([kind, rule]) => topicRuleAlarms(`events-${kind}`, rule)),
  ...(reconciliation === undefined ? [] : reconciliationAlarms(reconciliation)),
];

/** Nobody sends a run again: its letters only say that it didn't take place, and may lie until they are gone. */
const EMPTY_IT = "empty the queue: the next run makes up for it";

const reconciliationAlarms = ({ function: reconcile, deadLetters }: Reconciliation): readonly AlarmRow[] => [
  lettersAlarm("reconcile-rule", deadLetters, "runs that EventBridge could not begin", EMPTY_IT),
  lettersAlarm("reconcile", reconcile.deadLetters, "runs that Lambda gave up", EMPTY_IT),
  ...functionAlarms("reconcile", reconcile),
];

/** EventBridge User Guide, "Monitoring Amazon EventBridge". */
function eventRuleAlarms({ rule }: RegistryRule): readonly AlarmRow[] {
  const count = (metricName: string, key: string, description: string): AlarmRow => ({
    key: `registry-${key}`,
    description,
    namespace: "AWS/Events",
    metricName,
    dimensions: { RuleName: rule.name },
    statistic: "Sum",
    threshold: 0,
  });
  return [
    count("FailedInvocations", "failed", "EventBridge gave up handing an event to the function. It is in the queue."),
    count("InvocationsSentToDlq", "to-queue", "EventBridge put an event into the queue of dead letters."),
    count(
      "InvocationsFailedToBeSentToDlq",
      "lost",
      "EventBridge could not put an event into the queue of dead letters: it is lost. See the queue's policy.",
    ),
  ];
}
