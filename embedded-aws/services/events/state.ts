import type { Target } from "@aws-sdk/client-eventbridge";
import { arn, type Place } from "../../core/arn.ts";
import { AwsError, notModelled } from "../../core/errors.ts";
import type { Call, Permission } from "../../core/service.ts";
import { stateOf } from "../../core/state.ts";
import { resourceTagKeys } from "../../core/tags.ts";
import type { Timer } from "../../core/clock.ts";
import type { Pattern } from "../../language/pattern/index.ts";

export interface Schedule {
  readonly expression: string;
  readonly everyMs: number;
  timer: Timer;
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  /** Of a rule for events; a rule for a time has none. */
  readonly patternText: string | undefined;
  readonly pattern: Pattern | undefined;
  /** Of a rule for a time. */
  readonly schedule: Schedule | undefined;
  readonly description: string | undefined;
  readonly roleArn: string | undefined;
  state: "ENABLED" | "DISABLED";
  readonly tags: Map<string, string>;
  /** By their ids. */
  readonly targets: Map<string, Target>;
}

/** Rules of the default event bus, by name. There are no other buses here. */
export const RULES = stateOf("events", () => new Map<string, Rule>());

export const ruleArn = (place: Place, name: string): string => arn("events", place, `rule/${name}`);

/** @throws AwsError NotModelledHere for a bus of another account or Region */
export function busExists(place: Place, bus: string): boolean {
  if (bus.startsWith("arn:") && !bus.startsWith(arn("events", place, "")))
    throw notModelled(`The event bus ${bus}, in another account or Region,`);
  return bus === "default" || bus === arn("events", place, "event-bus/default");
}

/** @throws AwsError ResourceNotFoundException for a bus that isn't the default one */
export function checkBus(place: Place, bus = "default"): void {
  if (!busExists(place, bus)) throw new AwsError("ResourceNotFoundException", `Event bus ${bus} does not exist.`);
}

/** @throws AwsError ResourceNotFoundException */
export function ruleOf(call: Call, name = "", bus?: string): Rule {
  checkBus(call, bus);
  const rule = call.cloud.state(RULES, call).get(name);
  if (!rule)
    throw new AwsError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus ${bus ?? "default"}.`);
  return rule;
}

/** Permission to do something with one rule, with the condition keys of its tags. */
export function onRule(call: Call, action: string, name = ""): Permission {
  return {
    action: `events:${action}`,
    resource: ruleArn(call, name),
    context: resourceTagKeys(call.cloud.state(RULES, call).get(name)?.tags),
  };
}
