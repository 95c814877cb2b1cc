// Which stations of the way write letters into a queue: as rules and functions are configured, whatever their names.
import type { Cloud } from "../core/service.ts";
import { RULES as EVENT_RULES } from "../services/events/state.ts";
import { RULES as TOPIC_RULES } from "../services/iot/rules.ts";
import { STATE as LAMBDA } from "../services/lambda/state.ts";
import type { Queue } from "../services/sqs/state.ts";
import type { HopId } from "./client/view.ts";
import { isPartner } from "./entry-view.ts";

/** A topic rule names its queue by URL, whatever host stands before account and name. */
const isUrlOf = (url: string | undefined, { account, name }: Queue): boolean =>
  url?.endsWith(`/${account}/${name}`) === true;

export function writersOf(cloud: Cloud, queue: Queue): HopId[] {
  const eventRules = [...cloud.state(EVENT_RULES, queue).values()];
  const topicRules = [...cloud.state(TOPIC_RULES, queue).rules.values()];
  const functions = [...cloud.state(LAMBDA, queue).functions.values()];
  const writers: HopId[] = [];
  // A rule for a time is beside the way of a thing.
  const hears = eventRules
    .filter(({ pattern }) => pattern !== undefined)
    .flatMap(({ targets }) => [...targets.values()]);
  if (hears.some(({ DeadLetterConfig }) => DeadLetterConfig?.Arn === queue.arn)) writers.push("rule");
  if (topicRules.some(({ given }) => isUrlOf(given.errorAction?.sqs?.queueUrl, queue))) writers.push("topic-rule");
  const destinations = functions.flatMap(({ eventInvokeConfigs }) => [...eventInvokeConfigs.values()]);
  if (destinations.some(({ onFailure }) => onFailure === queue.arn))
    writers.push(isPartner(queue) ? "receive" : "announce");
  return writers;
}
