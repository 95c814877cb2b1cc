// Settings that change what an event costs, each as the change of one default.
import type { Side } from "../sides.ts";
import type { Unit } from "./prices.ts";

/** Units that one event makes AWS count, or how many more. */
export type Counts = Readonly<Record<Side, Readonly<Partial<Record<Unit, number>>>>>;

type Configuration = Readonly<Partial<Record<Side, Readonly<Record<string, string>>>>>;

/** What each is set to, by side. What all of them change is the sum of what each one changes: a test counts it. */
export const CHANGES = {
  "trigger: registry-events": { customer: { trigger: "registry-events" } },
  "debug: true": { partner: { debug: "true" } },
  "registry: false": { partner: { registry: "false" } },
  "basicIngest: true": { partner: { basicIngest: "true" }, customer: { partnerTopicRule: "iot_hooks_receive" } },
  "systemLogLevel: INFO": { partner: { systemLogLevel: "INFO" }, customer: { systemLogLevel: "INFO" } },
} as const satisfies Readonly<Record<string, Configuration>>;

export type Change = keyof typeof CHANGES;
export const CHANGE_NAMES = Object.keys(CHANGES) as readonly Change[];

/** Those that save something in the order in which most would go, and what each gives up. */
export const SAVINGS: readonly (readonly [change: Change, givesUp: string])[] = [
  [
    "trigger: registry-events",
    "principals and billing groups, which have no such events, and which call it was; a trail isn't needed any more",
  ],
  [
    "basicIngest: true",
    "the topic: nothing else in the partner's account can subscribe, and each customer has to be told the rule's name",
  ],
  [
    "registry: false",
    "order and duplicates: the partner's own code runs for each delivery, late ones too, and has to know them itself",
  ],
];

/** What one side is set to under all of them. */
export const configurationOf = (side: Side, changes: readonly Change[]): Readonly<Record<string, string>> =>
  Object.assign({}, ...changes.map((change) => (CHANGES[change] as Configuration)[side])) as Record<string, string>;
