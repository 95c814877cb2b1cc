// What a hop needs so that nothing is lost on it: a place for what it can't hand on.
import type { Resource, Rule, StackRule } from "./rule.ts";

const ALIAS = "aws:lambda/alias:Alias";
const EVENT_INVOKE_CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";

export const DELIVERY_RULES: readonly Rule[] = [
  {
    name: "topic-rule-error-action",
    description: "A topic rule has an error action: without one, what it can't hand on is gone.",
    check: ({ type, props }) =>
      // Its keys alone, as what they hold may not be known in a preview.
      type !== "aws:iot/topicRule:TopicRule" || Object.keys(props.errorAction ?? {}).length > 0
        ? []
        : ["errorAction is not set: name a queue for the messages that the rule's actions fail for."],
  },
  {
    name: "event-target-dead-letters",
    description: "A target of an EventBridge rule has a dead-letter queue: without one, what it never took is gone.",
    check: ({ type, props }) =>
      type !== "aws:cloudwatch/eventTarget:EventTarget" || isSet(member(props.deadLetterConfig, "arn"))
        ? []
        : ["deadLetterConfig.arn is not set: name a queue for the events that the target doesn't take."],
  },
];

export const DELIVERY_STACK_RULES: readonly StackRule[] = [
  {
    name: "alias-on-failure",
    description:
      "An alias has a destination for events that failed: it inherits neither its function's nor a version's.",
    check: (resources) => {
      const configured = resources.filter(({ type }) => type === EVENT_INVOKE_CONFIG);
      return resources
        .filter((resource) => resource.type === ALIAS && !configured.some((config) => catches(config, resource)))
        .map((resource) => ({
          resource,
          message:
            `no FunctionEventInvokeConfig with functionName ${shown(resource.props.functionName)} and qualifier ` +
            `${shown(resource.props.name)} has a destinationConfig.onFailure: add one with a queue, or events that ` +
            "fail three times are gone.",
        }));
    },
  },
];

const catches = ({ props }: Resource, alias: Resource): boolean =>
  props.functionName === alias.props.functionName &&
  props.qualifier === alias.props.name &&
  isSet(member(member(props.destinationConfig, "onFailure"), "destination"));

const member = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

const shown = (value: unknown): string => (value === undefined ? "not known yet" : JSON.stringify(value));
