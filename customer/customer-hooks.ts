// The customer's side as one component: registry -> CloudTrail, or its own events -> rule -> function -> the partner's
// role and topic.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CONTRACT_VERSION } from "../shared/contract/message.ts";
import { customerRoleName, partitionOf, publishRoleName, roleArn } from "../shared/contract/names.ts";
import { DEFAULT_OPERATIONS, type Operation } from "../shared/contract/operations.ts";
import { type Trigger, byCloudTrail, byRegistryEvents } from "../shared/contract/registry-events.ts";
import type {
  CustomerDeadLetterQueueUrls,
  CustomerOutputs,
  ReconciliationOutputs,
} from "../shared/contract/outputs.ts";
import { Alarms } from "../shared/alarms.ts";
import { HooksDashboard } from "../shared/dashboard.ts";
import { argumentOf, checkedInputs, isKnown } from "../shared/inputs.ts";
import { refusal } from "../shared/settings.ts";
import type { Pending } from "../shared/outputs.ts";
import { customerAlarms } from "./alarms.ts";
import { AnnounceFunction } from "./announce-function.ts";
import { customerGraphs } from "./dashboard.ts";
import { Reconciliation } from "./reconciliation.ts";
import { RegistryEvents } from "./registry-events.ts";
import { RegistryRule } from "./registry-rule.ts";
import { CUSTOMER_FIELDS, CUSTOMER_RULES, DEFAULT_TRIGGER } from "./settings.ts";
import { WriteTrail } from "./write-trail.ts";

/** @example `{ partnerAccountId: "222222222222", createTrail: true }` */
export interface CustomerHooksArgs {
  /**
   * The partner's AWS account, 12 digits.
   * @example "222222222222"
   */
  readonly partnerAccountId: pulumi.Input<string>;
  /**
   * The AWS account that the provider works in. Default: asked of the provider.
   * @example "111111111111"
   */
  readonly accountId?: pulumi.Input<string> | undefined;
  /**
   * The Region that the provider works in. Default: asked of the provider.
   * @example "eu-west-1"
   */
  readonly region?: pulumi.Input<string> | undefined;
  /**
   * Region of the partner's deployment. Default: `region`.
   * @example "us-east-1"
   */
  readonly partnerRegion?: pulumi.Input<string> | undefined;
  /**
   * Region whose STS endpoint gives out the partner's role: both accounts must have it switched on. Default:
   * `partnerRegion` where every account has it, else `us-east-1`, `cn-north-1` or `us-gov-west-1`.
   * @example "eu-central-1"
   */
  readonly stsRegion?: pulumi.Input<string> | undefined;
  /**
   * Host name of the partner's IoT data endpoint, its output `dataEndpoint`. Default: the SDK's endpoint of the
   * partner's Region, which finds the account by the signature (getmoto/moto's tests of iot-data were run on AWS so).
   * @example "a1b2c3d4e5f6g7-ats.iot.us-east-1.amazonaws.com"
   */
  readonly partnerDataEndpoint?: pulumi.Input<string> | undefined;
  /**
   * Name of the partner's topic rule, its output `ruleName`: messages then go straight to that rule, by Basic Ingest,
   * which AWS doesn't bill as a message, and nobody in the partner's account can subscribe to them. The partner has to
   * allow it, by its argument `basicIngest`. Default: published on the topic, through the message broker.
   * @example "iot_hooks_receive"
   */
  readonly partnerTopicRule?: pulumi.Input<string> | undefined;
  /**
   * Which calls to the registry are announced. The partner has to allow the same ones. Default: `["create_thing"]`.
   * @example ["create_thing", "update_thing", "delete_thing"]
   */
  readonly operations?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * What brings changes here: `cloudtrail`; `registry-events`, AWS IoT's own events, which need no trail; or `both`.
   * Default: `cloudtrail`.
   * @example "registry-events"
   */
  readonly trigger?: string | undefined;
  /**
   * External id that the partner gave out for this account. Not a secret. Default: none.
   * @example "customer-17"
   */
  readonly externalId?: pulumi.Input<string> | undefined;
  /**
   * 1 to 20 of `a-z`, `0-9` and `-`, at the end of the role's name, for a second deployment in this account. Default:
   * none.
   * @example "line-2"
   */
  readonly nameSuffix?: pulumi.Input<string> | undefined;
  /**
   * The partner's `nameSuffix`, if it has one. Default: none.
   * @example "eu"
   */
  readonly partnerNameSuffix?: pulumi.Input<string> | undefined;
  /**
   * What the function runs on: `arm64`, or `x86_64` in a Region where Lambda has no other. Default: `arm64`.
   * @example "x86_64"
   */
  readonly architecture?: pulumi.Input<string> | undefined;
  /**
   * Least level of what Lambda itself logs of the function: `INFO` has `platform.start` and `platform.report`, with
   * their durations, of invocations that end well too, half a kilobyte each time. Default: `WARN`.
   * @example "INFO"
   */
  readonly systemLogLevel?: pulumi.Input<string> | undefined;
  /**
   * ARN of a managed policy that bounds what each role made here may do. Default: none.
   * @example "arn:aws:iam::111111111111:policy/boundary"
   */
  readonly permissionsBoundaryArn?: pulumi.Input<string> | undefined;
  /**
   * Makes a CloudTrail trail of write calls, with its bucket. Events need a trail that logs in this account and
   * Region: leave it off where there is one. Default: false.
   * @example true
   */
  readonly createTrail?: boolean | undefined;
  /**
   * When all things are announced as they are, beside their events, so that the partner learns what CloudTrail or a
   * hop lost: `rate(…)` of an hour or more, or `cron(…)`. Default: never.
   * @example "rate(1 day)"
   */
  readonly reconcile?: string | undefined;
  /**
   * How many of the function's executions may run at once. Lambda keeps them for it, and must have 100 left for the
   * account's other functions. Default: none is kept, and as many run as the account has.
   * @example 50
   */
  readonly reservedConcurrency?: pulumi.Input<number> | undefined;
  /**
   * SNS topic of this Region that the alarms tell. Default: none is told, and CloudWatch shows them.
   * @example "arn:aws:sns:eu-west-1:111111111111:on-call"
   */
  readonly alarmTopicArn?: pulumi.Input<string> | undefined;
  /**
   * Whether the queues of dead letters stay, with what is in them, when the stack is destroyed; those of `reconcile`,
   * in which there is nothing to send again, don't. Default: true.
   * @example false
   */
  readonly keepOnDestroy?: boolean | undefined;
}

/** Tells a partner in another account of each thing that is registered in AWS IoT here. */
export class CustomerHooks extends pulumi.ComponentResource implements Pending<CustomerOutputs> {
  /** Version of the contract that this side speaks. */
  readonly contractVersion: pulumi.Output<number>;
  /** The role that the partner has to trust. Known before it is made. */
  readonly roleArn: pulumi.Output<string>;
  readonly accountId: pulumi.Output<string>;
  readonly region: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  /** Number of the version that the rule's events run now. */
  readonly functionVersion: pulumi.Output<string>;
  /** ARN of that version. */
  readonly functionArn: pulumi.Output<string>;
  /** ARN of the alias that the rule calls. It stays the same from version to version. */
  readonly functionAliasArn: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  /** The EventBridge rule. Not with `registry-events` alone. */
  readonly ruleName: pulumi.Output<string> | undefined;
  /** The topic rules, by what they are about. Only with `registry-events` or `both`. */
  readonly registryEventRuleNames: pulumi.Output<Readonly<Record<string, string>>> | undefined;
  /** The partner's role that the function assumes. Known before anybody makes it. */
  readonly publishRoleArn: pulumi.Output<string>;
  /** URLs of the queues with what was not announced. */
  readonly deadLetterQueueUrls: pulumi.Output<CustomerDeadLetterQueueUrls>;
  /** Only with `createTrail`. */
  readonly trailArn: pulumi.Output<string> | undefined;
  /** Only with `reconcile`: its rule, function and queues. */
  readonly reconciliation: pulumi.Output<ReconciliationOutputs> | undefined;

  /** Throws RunError for arguments that are malformed or contradict each other. */
  constructor(name: string, args: CustomerHooksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cross-account-iot-hooks:index:CustomerHooks", name, {}, opts);
    const parent = { parent: this };
    const region = args.region ?? aws.getRegionOutput({}, parent).region;
    const naming = argumentOf("CustomerHooks", name);
    const settings = checkedInputs(
      CUSTOMER_FIELDS,
      {
        ...args,
        region,
        accountId: args.accountId ?? aws.getCallerIdentityOutput({}, parent).accountId,
        partnerRegion: args.partnerRegion ?? region,
      },
      naming,
      CUSTOMER_RULES,
    );
    const { accountId, partnerAccountId, partnerRegion } = settings;
    const { keepOnDestroy = true } = args;
    // Checked by now, what is plain. Typed as texts, since Pulumi's analyzer, for other languages, takes no unions.
    const trigger = (args.trigger ?? DEFAULT_TRIGGER) as Trigger;
    const operations = (args.operations ?? DEFAULT_OPERATIONS) as readonly Operation[];
    if (byRegistryEvents(trigger) && !isKnown(operations))
      throw refusal(
        naming,
        "operations",
        undefined,
        `must be a plain list where {trigger} is ${trigger}: it decides which topic rules there are`,
      );

    this.contractVersion = pulumi.output(CONTRACT_VERSION);
    this.accountId = accountId;
    this.region = settings.region;
    this.roleArn = pulumi
      .all([this.region, accountId, partnerAccountId, settings.nameSuffix])
      .apply(([own, account, partner, suffix]) =>
        roleArn(partitionOf(own), account, customerRoleName(partner, suffix)),
      );
    this.publishRoleArn = pulumi
      .all([partnerRegion, partnerAccountId, accountId, settings.partnerNameSuffix])
      .apply(([theirs, partner, account, suffix]) =>
        roleArn(partitionOf(theirs), partner, publishRoleName(account, suffix)),
      );

    const announce = new AnnounceFunction(
      `${name}-announce`,
      {
        settings,
        roleArn: this.roleArn,
        publishRoleArn: this.publishRoleArn,
        describesThings: args.reconcile !== undefined,
        keepOnDestroy,
      },
      parent,
    );
    const registry = byCloudTrail(trigger)
      ? new RegistryRule(`${name}-registry`, { settings, target: announce, keepOnDestroy }, parent)
      : undefined;
    const events = byRegistryEvents(trigger)
      ? new RegistryEvents(`${name}-events`, { settings, operations, target: announce, keepOnDestroy }, parent)
      : undefined;
    const { alarmTopicArn } = settings;
    const reconciliation =
      args.reconcile === undefined
        ? undefined
        : new Reconciliation(`${name}-reconcile`, { settings, schedule: args.reconcile, announce }, parent);
    new Alarms(name, { rows: customerAlarms(announce, registry, events, reconciliation), alarmTopicArn }, parent);
    new HooksDashboard(
      `${name}-announce`,
      {
        functionName: announce.outputs.functionName,
        region: this.region,
        graphs: customerGraphs(announce, registry, events),
      },
      parent,
    );
    const trail = args.createTrail === true ? new WriteTrail(`${name}-trail`, { settings }, parent) : undefined;

    this.functionName = announce.outputs.functionName;
    this.functionVersion = announce.outputs.functionVersion;
    this.functionArn = announce.outputs.functionArn;
    this.functionAliasArn = announce.outputs.functionAliasArn;
    this.logGroupName = announce.outputs.logGroupName;
    this.ruleName = registry?.rule.name;
    this.registryEventRuleNames =
      events &&
      pulumi.output(Object.fromEntries(Object.entries(events.rules).map(([kind, rule]) => [kind, rule.name])));
    this.deadLetterQueueUrls = pulumi.output({
      ...(registry === undefined ? {} : { registryRule: registry.deadLetters.queue.url }),
      ...(events === undefined ? {} : { registryEvents: events.deadLetters.queue.url }),
      announce: announce.deadLetters.queue.url,
    });
    this.trailArn = trail?.trail.arn;
    this.reconciliation = reconciliation && pulumi.output(reconciliation.outputs);
    this.registerOutputs({ ...this.outputs });
  }

  /** What a stack puts out of it. */
  get outputs(): Pending<CustomerOutputs> {
    return {
      contractVersion: this.contractVersion,
      roleArn: this.roleArn,
      accountId: this.accountId,
      region: this.region,
      functionName: this.functionName,
      functionVersion: this.functionVersion,
      functionArn: this.functionArn,
      functionAliasArn: this.functionAliasArn,
      logGroupName: this.logGroupName,
      ...(this.ruleName === undefined ? {} : { ruleName: this.ruleName }),
      ...(this.registryEventRuleNames === undefined ? {} : { registryEventRuleNames: this.registryEventRuleNames }),
      publishRoleArn: this.publishRoleArn,
      deadLetterQueueUrls: this.deadLetterQueueUrls,
      ...(this.trailArn === undefined ? {} : { trailArn: this.trailArn }),
      ...(this.reconciliation === undefined ? {} : { reconciliation: this.reconciliation }),
    };
  }
}
