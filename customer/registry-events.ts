import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { regionalArn, topicRuleNameOf } from "../shared/contract/names.ts";
import type { Operation } from "../shared/contract/operations.ts";
import {
  REGISTRY_EVENTS,
  REGISTRY_EVENTS_SQL_VERSION,
  type RegistryEventKind,
  kindsOf,
  registryEventSql,
} from "../shared/contract/registry-events.ts";
import type { DeadLetterQueue } from "../shared/dead-letter-queue.ts";
import { errorActionOf } from "../shared/error-action.ts";
import type { VersionedFunction } from "../shared/versioned-function.ts";
import type { CustomerSettings } from "./settings.ts";

export interface RegistryEventsArgs {
  readonly settings: CustomerSettings;
  /** Known, as they decide which rules there are. */
  readonly operations: readonly Operation[];
  readonly keepOnDestroy: boolean;
  readonly target: VersionedFunction;
}

/** Turns on AWS IoT's own events of the registry, and hands those that are announced to a function. */
export class RegistryEvents extends pulumi.ComponentResource {
  readonly rules: Readonly<Partial<Record<RegistryEventKind, aws.iot.TopicRule>>>;
  /** What couldn't be handed over. */
  readonly deadLetters: DeadLetterQueue;

  constructor(name: string, args: RegistryEventsArgs, opts: pulumi.ComponentResourceOptions) {
    super("iot-hooks:customer:RegistryEvents", name, {}, opts);
    const parent = { parent: this };
    const { settings, operations, target, keepOnDestroy } = args;
    const { accountId, region, partnerAccountId, nameSuffix, permissionsBoundaryArn } = settings;
    const account = { accountId, region };
    const kinds = kindsOf(operations);
    const nameOf = (kind: RegistryEventKind) =>
      pulumi
        .all([partnerAccountId, nameSuffix])
        .apply(([partner, suffix]) => topicRuleNameOf(name, partner, kind, suffix));
    const { deadLetters, errorAction, dependsOn } = errorActionOf(
      `${name}-rules`,
      { account, ruleNames: kinds.map(nameOf), permissionsBoundaryArn, keepOnDestroy },
      this,
    );
    this.deadLetters = deadLetters;

    const ruleOf = (kind: RegistryEventKind): aws.iot.TopicRule => {
      const rule = new aws.iot.TopicRule(
        `${name}-${kind}`,
        {
          name: nameOf(kind),
          description: "Events of AWS IoT's registry that are announced to the partner",
          enabled: true,
          sql: registryEventSql(kind, operations),
          sqlVersion: REGISTRY_EVENTS_SQL_VERSION,
          lambdas: [{ functionArn: target.alias.arn }],
          errorAction,
        },
        // Under another name the new one comes first: an event may be announced twice then, and is not lost.
        { ...parent, dependsOn: [...dependsOn, target], deleteBeforeReplace: false },
      );
      new aws.lambda.Permission(
        `${name}-${kind}`,
        {
          action: "lambda:InvokeFunction",
          principal: "iot.amazonaws.com",
          // Of names alone: a preview knows them.
          sourceArn: pulumi
            .all([account, rule.name])
            .apply(([of, ruleName]) => regionalArn("iot", of, `rule/${ruleName}`)),
          sourceAccount: accountId,
          function: target.function.name,
          qualifier: target.alias.name,
        },
        parent,
      );
      return rule;
    };
    this.rules = Object.fromEntries(kinds.map((kind) => [kind, ruleOf(kind)]));

    // One setting for the whole account and Region. The provider reads all of its keys and plans to take away those
    // that the program doesn't give, so that it is given all: what is on stays on, and ours is on too. It deletes
    // nothing (terraform-provider-aws, internal/service/iot/event_configurations.go): when the stack goes, ours stays
    // on. Looked at last, since what somebody else turns on between the look and the change would be turned off.
    const before = [...Object.values(this.rules), ...turnedOnBefore()];
    const now = aws.iot.EventConfigurations.get(`${name}-now`, region, undefined, { ...parent, dependsOn: before });
    const ours = Object.fromEntries(kinds.map((kind) => [REGISTRY_EVENTS[kind].eventType, true]));
    const turnedOn = new aws.iot.EventConfigurations(
      name,
      {
        eventConfigurations: now.eventConfigurations.apply((found) => ({ ...found, ...ours })),
      },
      { ...parent, dependsOn: Object.values(this.rules) },
    );
    turnedOnBefore().push(turnedOn);
    this.registerOutputs({ ruleNames: Object.values(this.rules).map(({ name: ruleName }) => ruleName) });
  }
}

const TURNED_ON = new WeakMap<pulumi.Resource, pulumi.Resource[]>();

/** By others in this program, whose looks and changes would cross otherwise. A plugin's component has no stack. */
function turnedOnBefore(): pulumi.Resource[] {
  const stack = pulumi.runtime.getStackResource();
  const found = (stack && TURNED_ON.get(stack)) ?? [];
  if (stack !== undefined) TURNED_ON.set(stack, found);
  return found;
}
