// What CloudTrail or a hop lost, found on a schedule: all things announced as they are, as `hooks backfill` does it.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bundle, functionArchive, siblingModule, specifier } from "../shared/bundle.ts";
import type { ReconciliationOutputs } from "../shared/contract/outputs.ts";
import type { DeadLetterQueue } from "../shared/dead-letter-queue.ts";
import type { Pending } from "../shared/outputs.ts";
import { VersionedFunction } from "../shared/versioned-function.ts";
import { type AnnounceFunction, customerTags } from "./announce-function.ts";
import { RECONCILE_VARIABLES } from "./lambda/settings.ts";
import { reconcilePolicy } from "./policies.ts";
import { triggerBy } from "./rule-target.ts";
import type { CustomerSettings } from "./settings.ts";

/** As long as Lambda lets a function run. */
const TIMEOUT_SECONDS = 15 * 60;

/** What lies in its queues only says that a run didn't take place. */
const KEEP_ON_DESTROY = false;

export const reconcileBundle = () =>
  bundle(`export * from ${specifier(siblingModule(import.meta, "lambda/reconcile"))};`);

export interface ReconciliationArgs {
  readonly settings: CustomerSettings;
  /** `rate(…)` or `cron(…)`. */
  readonly schedule: pulumi.Input<string>;
  readonly announce: AnnounceFunction;
}

export class Reconciliation extends pulumi.ComponentResource {
  readonly function: VersionedFunction;
  readonly rule: aws.cloudwatch.EventRule;
  /** What couldn't be handed to the function. */
  readonly deadLetters: DeadLetterQueue;

  constructor(name: string, args: ReconciliationArgs, opts: pulumi.ComponentResourceOptions) {
    super("iot-hooks:customer:Reconciliation", name, {}, opts);
    const parent = { parent: this };
    const { settings, schedule, announce } = args;
    const { accountId, region, architecture, permissionsBoundaryArn } = settings;
    const account = { accountId, region };
    this.function = new VersionedFunction(
      "iot-hooks:customer:ReconcileFunction",
      name,
      {
        account,
        description: "Has all things of AWS IoT announced as they are",
        code: functionArchive(reconcileBundle()),
        environment: () => announce.alias.arn.apply((arn) => ({ [RECONCILE_VARIABLES.announceAliasArn]: arn })),
        policy: (of) =>
          pulumi.output({ customer: account, announceAliasArn: announce.alias.arn, ...of }).apply(reconcilePolicy),
        architecture,
        systemLogLevel: settings.systemLogLevel,
        permissionsBoundaryArn,
        timeout: TIMEOUT_SECONDS,
        reservedConcurrency: pulumi.output<number | undefined>(undefined),
        keepOnDestroy: KEEP_ON_DESTROY,
        tags: customerTags("reconcile", settings),
      },
      parent,
    );
    this.rule = new aws.cloudwatch.EventRule(
      name,
      {
        description: "When all things are announced to the partner as they are",
        scheduleExpression: schedule,
        state: "ENABLED",
      },
      parent,
    );
    this.deadLetters = triggerBy(
      `${name}-rule`,
      { rule: this.rule, account, target: this.function, keepOnDestroy: KEEP_ON_DESTROY },
      this,
    );
    this.registerOutputs({ ruleName: this.rule.name });
  }

  /** The part of the stack's outputs that is about it. */
  get outputs(): Pending<ReconciliationOutputs> {
    return {
      ...this.function.outputs,
      ruleName: this.rule.name,
      deadLetterQueueUrls: pulumi.output({
        reconcileRule: this.deadLetters.queue.url,
        reconcile: this.function.deadLetters.queue.url,
      }),
    };
  }
}
