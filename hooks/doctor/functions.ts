// The functions of a side, each with what calls it and where its letters lie: the side's own, and at the customer the
// schedule's.
import { announceSettings, reconcileSettings } from "../../customer/lambda/settings.ts";
import { receiveSettings } from "../../partner/lambda/settings.ts";
import type { Variables } from "../../shared/lambda/variables.ts";
import type { OutputsOf } from "../outputs.ts";
import type { Side } from "../sides.ts";

export interface DeployedFunction {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly functionAliasArn: string;
  /** Name of the alias that its trigger calls. */
  readonly alias: string;
  readonly logGroupName: string;
  /** Throws MisconfiguredFunction. */
  readonly settings: (variables: Variables) => unknown;
  /** A sentence: what doesn't happen without it. */
  readonly without: string;
  /** All that call it. */
  readonly rules: readonly CallingRule[];
  readonly queues: readonly LetterQueue[];
}

export interface CallingRule {
  readonly name: string;
  readonly service: "events" | "iot";
  /** A sentence: what it does. */
  readonly does: string;
  /** A sentence: what becomes of it while the rule is switched off. */
  readonly off: string;
}

export const eventRuleOf = ({ rules }: DeployedFunction): CallingRule | undefined =>
  rules.find(({ service }) => service === "events");

export interface LetterQueue {
  /** As the stack's outputs call it. */
  readonly name: string;
  readonly url: string;
  /** Whether an EventBridge rule sends there. */
  readonly ofEventRule: boolean;
  /** What a letter is, and what to do about it. */
  readonly letters: { readonly why: string; readonly mend: string };
}

const CHANGES = "Each is a change that didn't arrive; after 14 days SQS throws it away.";
const RUNS = "Each is a run that didn't take place: the next one makes up for it, and nothing has to be sent again.";

const EVENT_RULE_QUEUES = ["registryRule", "reconcileRule"];

const queuesOf = (urls: object, letters: (name: string, url: string) => LetterQueue["letters"]): LetterQueue[] =>
  Object.entries(urls as Readonly<Record<string, string>>).map(([name, url]) => ({
    ...{ name, url, ofEventRule: EVENT_RULE_QUEUES.includes(name) },
    letters: letters(name, url),
  }));

const redriven = (side: Side) => (name: string) => ({
  why: CHANGES,
  mend: `npx hooks redrive ${side} --queue ${name} --dry-run   (it says why they lie there)`,
});

const aliasIn = (functionAliasArn: string): string => functionAliasArn.split(":").at(-1) ?? "";

const OFF = "What happens in the meantime is announced to nobody, later neither.";

const announceFunction = (outputs: OutputsOf["customer"]): DeployedFunction => ({
  ...outputs,
  alias: aliasIn(outputs.functionAliasArn),
  settings: announceSettings,
  without: "Nothing is announced without it.",
  rules: [
    ...(outputs.ruleName === undefined ? [] : [outputs.ruleName]).map((name): CallingRule => ({
      ...{ name, service: "events", off: OFF },
      does: "It hands what CloudTrail records to the announce function.",
    })),
    ...Object.values(outputs.registryEventRuleNames ?? {}).map((name): CallingRule => ({
      ...{ name, service: "iot", off: OFF },
      does: "It hands AWS IoT's own events to the announce function.",
    })),
  ],
  queues: queuesOf(outputs.deadLetterQueueUrls, redriven("customer")),
});

const receiveFunction = (outputs: OutputsOf["partner"]): DeployedFunction => ({
  ...outputs,
  alias: aliasIn(outputs.functionAliasArn),
  settings: receiveSettings,
  without: "Nothing is taken without it.",
  rules: [
    {
      ...{ name: outputs.ruleName, service: "iot" },
      does: "It hands what customers publish to the receive function.",
      off: "What customers publish reaches nobody, and is lost.",
    },
  ],
  queues: queuesOf(outputs.deadLetterQueueUrls, redriven("partner")),
});

function reconcileFunctions({ reconciliation, region }: OutputsOf["customer"]): DeployedFunction[] {
  if (reconciliation === undefined) return [];
  const lost = "What CloudTrail or a hop loses stays lost.";
  return [
    {
      ...reconciliation,
      alias: aliasIn(reconciliation.functionAliasArn),
      settings: reconcileSettings,
      without: lost,
      rules: [{ name: reconciliation.ruleName, service: "events", does: "It begins each run.", off: lost }],
      queues: queuesOf(reconciliation.deadLetterQueueUrls, (_, url) => ({
        why: RUNS,
        mend: `aws sqs purge-queue --queue-url ${url} --region ${region}   (the function's log says why)`,
      })),
    },
  ];
}

/** The side's own function first. */
export const functionsOf = (
  side: Side,
  outputs: OutputsOf[Side],
): readonly [DeployedFunction, ...DeployedFunction[]] => {
  if (side === "partner") return [receiveFunction(outputs as OutputsOf["partner"])];
  const customer = outputs as OutputsOf["customer"];
  return [announceFunction(customer), ...reconcileFunctions(customer)];
};
