// The partner's side as one component: one role per customer -> topic -> one rule -> function.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CONTRACT_VERSION } from "../shared/contract/message.ts";
import { partitionOf, publishRoleName, receiverName, roleArn } from "../shared/contract/names.ts";
import type { Hub, PartnerDeadLetterQueueUrls, PartnerOutputs } from "../shared/contract/outputs.ts";
import { Alarms } from "../shared/alarms.ts";
import { HooksDashboard } from "../shared/dashboard.ts";
import { argumentOf, checkedInputs, whenKnown } from "../shared/inputs.ts";
import type { Pending } from "../shared/outputs.ts";
import { partnerAlarms } from "./alarms.ts";
import { type Customer, checkDisabled, trustedCustomers } from "./customers.ts";
import { CustomersTable } from "./customers-table.ts";
import { partnerGraphs } from "./dashboard.ts";
import { type OnThingModule, ownCode } from "./own-code.ts";
import { PublishRole } from "./publish-role.ts";
import { ReceiveFunction } from "./receive-function.ts";
import { RegistryTable } from "./registry-table.ts";
import { DEFAULT_DEBUG, PARTNER_FIELDS, PARTNER_RULES } from "./settings.ts";
import { TopicRule } from "./topic-rule.ts";

export { CustomerAccess, type CustomerAccessArgs } from "./customer-access.ts";
export type { Hub } from "../shared/contract/outputs.ts";
export type { Operation } from "../shared/contract/operations.ts";
export type { Delivery, OnThing, ReceivedMessage } from "./lambda/unpack.ts";
export type { Customer, OnThingModule };
export type { PolicyStatement } from "./own-code.ts";

/** @example `{ customers: [{ accountId: "111111111111" }], onThing: { entry: "./on-thing.ts" } }` */
export interface PartnerHooksArgs {
  /**
   * The customers, one per AWS account. Others may have a `CustomerAccess` each, in stacks of their own.
   * @example [{ accountId: "111111111111" }]
   */
  readonly customers: Customer[];
  /**
   * The partner's own code, called for each thing. Default: a line in the log.
   * @example { entry: "./on-thing.ts", environment: { QUEUE_URL: queue.url } }
   */
  readonly onThing?: OnThingModule | undefined;
  /**
   * The AWS account that the provider works in. Default: asked of the provider.
   * @example "222222222222"
   */
  readonly accountId?: pulumi.Input<string> | undefined;
  /**
   * The Region that the provider works in. Default: asked of the provider.
   * @example "eu-west-1"
   */
  readonly region?: pulumi.Input<string> | undefined;
  /**
   * What customers may announce. Default: `["create_thing"]`.
   * @example ["create_thing", "update_thing", "delete_thing"]
   */
  readonly operations?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * 1 to 20 of `a-z`, `0-9` and `-`, at the end of the publish roles' names, for a second deployment in this account,
   * in another Region. Customers need it as `partnerNameSuffix`. Default: none.
   * @example "eu"
   */
  readonly nameSuffix?: pulumi.Input<string> | undefined;
  /**
   * Publishes each message that `onThing` ran for on `debug/<account>/<operation>`: to see it in AWS IoT's test client.
   * Default: false.
   * @example true
   */
  readonly debug?: pulumi.Input<boolean> | undefined;
  /**
   * Lets customers publish straight to the topic rule as well, by Basic Ingest, which AWS doesn't bill as a message:
   * those that set `partnerTopicRule` to the output `ruleName`. Default: false.
   * @example true
   */
  readonly basicIngest?: pulumi.Input<boolean> | undefined;
  /**
   * What becomes of a message that somebody else than the customer's publish role published, in this account:
   * `observe` logs, counts and takes it, `enforce` rejects it. Default: `observe`.
   * @example "enforce"
   */
  readonly senderCheck?: pulumi.Input<string> | undefined;
  /**
   * Topics that the receive function may publish on beside the debug topics, with `*` and `?` as wildcards. Default:
   * none.
   * @example ["fleet/*"]
   */
  readonly publishTopics?: pulumi.Input<pulumi.Input<string>[]> | undefined;
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
   * @example "arn:aws:iam::222222222222:policy/boundary"
   */
  readonly permissionsBoundaryArn?: pulumi.Input<string> | undefined;
  /**
   * Accounts of customers that may not publish for the time being, with sessions that they have already. What they
   * announce waits in their own queues. Default: none.
   * @example ["111111111111"]
   */
  readonly disabledCustomers?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * How many of the function's executions may run at once. Lambda keeps them for it, and must have 100 left for the
   * account's other functions. Default: none is kept, and as many run as the account has.
   * @example 50
   */
  readonly reservedConcurrency?: pulumi.Input<number> | undefined;
  /**
   * SNS topic of this Region that the alarms tell. Default: none is told, and CloudWatch shows them.
   * @example "arn:aws:sns:eu-west-1:222222222222:on-call"
   */
  readonly alarmTopicArn?: pulumi.Input<string> | undefined;
  /**
   * Keeps a device registry: each change of a thing is applied once, and in order. Without it `onThing` runs for every
   * delivery, duplicates and late ones included. Default: true.
   * @example false
   */
  readonly registry?: boolean | undefined;
  /**
   * Whether the queues of dead letters and the device registry stay, with what is in them, when the stack is
   * destroyed. Default: true.
   * @example false
   */
  readonly keepOnDestroy?: boolean | undefined;
}

/** Hears of each thing that customers in other accounts register in AWS IoT. */
export class PartnerHooks extends pulumi.ComponentResource implements Pending<PartnerOutputs> {
  /** Version of the contract that this side speaks. */
  readonly contractVersion: pulumi.Output<number>;
  readonly accountId: pulumi.Output<string>;
  readonly region: pulumi.Output<string>;
  /** By account of the customers given here: the role that this customer assumes. Known before they are made. */
  readonly publishRoleArns: pulumi.Output<Record<string, string>>;
  /** Host name for the customers' `partnerDataEndpoint`. */
  readonly dataEndpoint: pulumi.Output<string>;
  /** The topic rule. */
  readonly ruleName: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  /** Number of the version that the rule's messages run now. */
  readonly functionVersion: pulumi.Output<string>;
  /** ARN of that version. */
  readonly functionArn: pulumi.Output<string>;
  /** ARN of the alias that the rule calls. It stays the same from version to version. */
  readonly functionAliasArn: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  /** URLs of the queues with what was not taken. */
  readonly deadLetterQueueUrls: pulumi.Output<PartnerDeadLetterQueueUrls>;
  /** The device registry's table. Undefined with `registry: false`. */
  readonly registryTableName: pulumi.Output<string> | undefined;
  /** What a `CustomerAccess` in another stack has to know. */
  readonly hub: pulumi.Output<Hub>;

  /** Throws RunError for arguments that are malformed or contradict each other. */
  constructor(name: string, args: PartnerHooksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cross-account-iot-hooks:index:PartnerHooks", name, {}, opts);
    const parent = { parent: this };
    const naming = argumentOf("PartnerHooks", name);
    const receiver = receiverName(name);
    const partner = {
      accountId: args.accountId ?? aws.getCallerIdentityOutput({}, parent).accountId,
      region: args.region ?? aws.getRegionOutput({}, parent).region,
    };
    const settings = checkedInputs(PARTNER_FIELDS, { ...args, ...partner }, naming, PARTNER_RULES);
    const customers = trustedCustomers(args.customers, partner, naming);
    const code = ownCode(args.onThing, partner, args.debug ?? DEFAULT_DEBUG, naming);
    const { keepOnDestroy = true } = args;
    const disabled = whenKnown({ accounts: args.disabledCustomers ?? [] }, ({ accounts }) => {
      checkDisabled(accounts, customers, naming);
      return accounts;
    });

    const registry =
      args.registry === false ? undefined : new RegistryTable(`${name}-registry`, { settings, keepOnDestroy }, parent);
    const customersTable = new CustomersTable(`${name}-customers`, { settings }, parent);

    const receive = new ReceiveFunction(
      receiver,
      {
        settings,
        customersTable,
        ownCode: code,
        registry,
        keepOnDestroy,
      },
      parent,
    );
    const topicRule = new TopicRule(receiver, { settings, target: receive, keepOnDestroy }, parent);
    new Alarms(name, { rows: partnerAlarms(receive, topicRule), alarmTopicArn: settings.alarmTopicArn }, parent);
    new HooksDashboard(
      receiver,
      {
        functionName: receive.outputs.functionName,
        region: settings.region,
        graphs: partnerGraphs(receive, topicRule),
      },
      parent,
    );
    const customersTableName = customersTable.table.name;
    const basicIngestRule = pulumi
      .all([settings.basicIngest, topicRule.rule.name])
      .apply(([past, rule]) => (past ? rule : undefined));
    for (const customer of customers)
      new PublishRole(
        `${name}-publish-${customer.accountId}`,
        {
          hub: { ...settings, customersTableName, basicIngestRule },
          ...customer,
          disabled: disabled.apply((accounts) => accounts.includes(customer.accountId)),
          after: [topicRule],
        },
        parent,
      );

    this.contractVersion = pulumi.output(CONTRACT_VERSION);
    this.accountId = settings.accountId;
    this.region = settings.region;
    this.publishRoleArns = pulumi
      .all([settings.accountId, settings.region, settings.nameSuffix])
      .apply(([account, region, suffix]) =>
        Object.fromEntries(
          customers.map(({ accountId }) => [
            accountId,
            roleArn(partitionOf(region), account, publishRoleName(accountId, suffix)),
          ]),
        ),
      );
    this.dataEndpoint = aws.iot.getEndpointOutput({ endpointType: "iot:Data-ATS" }, parent).endpointAddress;
    this.ruleName = topicRule.rule.name;
    this.functionName = receive.outputs.functionName;
    this.functionVersion = receive.outputs.functionVersion;
    this.functionArn = receive.outputs.functionArn;
    this.functionAliasArn = receive.outputs.functionAliasArn;
    this.logGroupName = receive.outputs.logGroupName;
    this.deadLetterQueueUrls = pulumi.output({
      topicRule: topicRule.deadLetters.queue.url,
      receive: receive.deadLetters.queue.url,
    });
    this.registryTableName = registry?.table.name;
    const { accountId, region, operations, nameSuffix, permissionsBoundaryArn } = settings;
    this.hub = pulumi
      .output({
        accountId,
        region,
        operations,
        customersTableName,
        nameSuffix,
        permissionsBoundaryArn,
        basicIngestRule,
      })
      .apply(({ nameSuffix: suffix, permissionsBoundaryArn: boundary, basicIngestRule: rule, ...known }) => ({
        contractVersion: CONTRACT_VERSION,
        ...known,
        ...(suffix === undefined ? {} : { nameSuffix: suffix }),
        ...(boundary === undefined ? {} : { permissionsBoundaryArn: boundary }),
        ...(rule === undefined ? {} : { basicIngestRule: rule }),
      }));
    this.registerOutputs({ ...this.outputs });
  }

  /** What a stack puts out of it. */
  get outputs(): Pending<PartnerOutputs> {
    return {
      contractVersion: this.contractVersion,
      accountId: this.accountId,
      region: this.region,
      publishRoleArns: this.publishRoleArns,
      dataEndpoint: this.dataEndpoint,
      ruleName: this.ruleName,
      functionName: this.functionName,
      functionVersion: this.functionVersion,
      functionArn: this.functionArn,
      functionAliasArn: this.functionAliasArn,
      logGroupName: this.logGroupName,
      deadLetterQueueUrls: this.deadLetterQueueUrls,
      hub: this.hub,
      ...(this.registryTableName === undefined ? {} : { registryTableName: this.registryTableName }),
    };
  }
}
