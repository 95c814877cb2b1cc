// What is decided when a kit is made, the same for all who deploy it: what changes which resources there are, or has no
// place among CloudFormation's parameters.
import type { CustomerHooksArgs } from "../customer/customer-hooks.ts";
import type { Operation } from "../shared/contract/operations.ts";
import { REGISTRY_EVENTS, type Trigger, byRegistryEvents, kindsOf } from "../shared/contract/registry-events.ts";

export interface Choices {
  /**
   * The partner's topic rule, for Basic Ingest. No parameter: in a template a version's description names all that a
   * function is made of, in 256 characters, and has no room for another 128.
   */
  readonly partnerTopicRule?: string | undefined;
  /** Where AWS IoT's own events bring changes: operations decide which topic rules there are. */
  readonly events?: EventChoice | undefined;
}

export interface EventChoice {
  readonly trigger: Trigger;
  readonly operations: readonly Operation[];
}

export const argumentsOf = ({ partnerTopicRule, events }: Choices): Partial<CustomerHooksArgs> => ({
  ...(partnerTopicRule === undefined ? {} : { partnerTopicRule }),
  ...(events === undefined ? {} : { trigger: events.trigger, operations: [...events.operations] }),
});

export const choicesOf = (
  trigger: Trigger,
  operations: readonly Operation[],
  partnerTopicRule: string | undefined,
): Choices => ({ partnerTopicRule, events: byRegistryEvents(trigger) ? { trigger, operations } : undefined });

/**
 * What turns AWS IoT's own events on, for this account and Region: one setting of it all. Types that aren't named stay
 * as they are, as a user says and AWS doesn't (hashicorp/terraform-provider-aws#35420): not confirmed.
 * @param types keys of the setting
 */
export const turnOn = (types: readonly string[]): string =>
  "aws iot update-event-configurations --event-configurations " +
  `'${JSON.stringify(Object.fromEntries(types.map((type) => [type, { Enabled: true }])))}'`;

export const typesOf = (operations: readonly Operation[]): readonly string[] =>
  kindsOf(operations).map((kind) => REGISTRY_EVENTS[kind].eventType);

/** The options of `hooks kit` that a kit was made with, for whoever makes the next one: a sentence, or nothing. */
export function madeWith({ partnerTopicRule, events }: Choices): string | undefined {
  const options = [
    ...(events === undefined ? [] : [`--trigger ${events.trigger} --operations ${events.operations.join(",")}`]),
    ...(partnerTopicRule === undefined ? [] : [`--partner-topic-rule ${partnerTopicRule}`]),
  ];
  return options.length === 0 ? undefined : `Made with ${options.join(" ")}.`;
}
