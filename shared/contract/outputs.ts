// What the two stacks tell the world. A partner reads CustomerOutputs through a StackReference: a change here is a
// change of CONTRACT_VERSION.
interface FunctionOutputs {
  /** Of the function. */
  readonly functionName: string;
  /** Number of the version that triggers run now. */
  readonly functionVersion: string;
  /** ARN of that version. */
  readonly functionArn: string;
  /** ARN of the alias that triggers call. It stays the same from version to version. */
  readonly functionAliasArn: string;
  /** With its log. */
  readonly logGroupName: string;
}

/** URLs of the queues with what was not announced. */
export interface CustomerDeadLetterQueueUrls {
  /** What EventBridge couldn't hand to the function. */
  readonly registryRule?: string;
  /** What AWS IoT couldn't hand to the function of its own events. */
  readonly registryEvents?: string;
  /** What the function couldn't announce. */
  readonly announce: string;
}

/** URLs of the queues with runs that did not take place. Nobody sends them again: the next run makes up for them. */
export interface ReconciliationDeadLetterQueueUrls {
  /** Runs that EventBridge couldn't begin. */
  readonly reconcileRule: string;
  /** Runs that failed thrice. */
  readonly reconcile: string;
}

/** What `reconcile` makes. */
export interface ReconciliationOutputs extends FunctionOutputs {
  /** The rule of its schedule. */
  readonly ruleName: string;
  /** URLs of the queues with runs that did not take place. */
  readonly deadLetterQueueUrls: ReconciliationDeadLetterQueueUrls;
}

/** URLs of the queues with what was not taken. */
export interface PartnerDeadLetterQueueUrls {
  /** What the topic rule couldn't hand to the function. */
  readonly topicRule: string;
  /** What the function couldn't take. */
  readonly receive: string;
}

export interface CustomerOutputs extends FunctionOutputs {
  /** `CONTRACT_VERSION` of who deployed it. */
  readonly contractVersion: number;
  /** The role that the partner has to trust: what a partner without access to this stack puts into its `customers`. */
  readonly roleArn: string;
  readonly accountId: string;
  readonly region: string;
  /** The EventBridge rule. Not where `trigger` is `registry-events`. */
  readonly ruleName?: string;
  /** The topic rules by `RegistryEventKind`, where `trigger` is `registry-events` or `both`. */
  readonly registryEventRuleNames?: Readonly<Record<string, string>>;
  /** The partner's role that the function assumes. The partner's program makes it, before or after this one. */
  readonly publishRoleArn: string;
  readonly deadLetterQueueUrls: CustomerDeadLetterQueueUrls;
  /** Only with `createTrail`. */
  readonly trailArn?: string;
  /** Only with `reconcile`. */
  readonly reconciliation?: ReconciliationOutputs;
}

/** What a customer's own stack has to know of the partner's. */
export interface Hub {
  /** `CONTRACT_VERSION` of who deployed it. */
  readonly contractVersion: number;
  /** The partner's account. */
  readonly accountId: string;
  /** Region of the rule, the function and the tables. */
  readonly region: string;
  /** What customers may announce. */
  readonly operations: string[];
  /** The table that tells the receive function who is a customer. */
  readonly customersTableName: string;
  /** At the end of the publish roles' names. */
  readonly nameSuffix?: string | undefined;
  /** What bounds the publish roles. */
  readonly permissionsBoundaryArn?: string | undefined;
  /** The rule that customers may also publish to by Basic Ingest. */
  readonly basicIngestRule?: string | undefined;
}

export interface PartnerOutputs extends FunctionOutputs {
  /** `CONTRACT_VERSION` of who deployed it. */
  readonly contractVersion: number;
  readonly accountId: string;
  readonly region: string;
  /** By account of the customers that this very stack lists: the role that this customer assumes. */
  readonly publishRoleArns: Readonly<Record<string, string>>;
  /** What the stacks of other customers have to know. */
  readonly hub: Hub;
  /** Host name for the customers' `partnerDataEndpoint`. */
  readonly dataEndpoint: string;
  /** The topic rule. */
  readonly ruleName: string;
  readonly deadLetterQueueUrls: PartnerDeadLetterQueueUrls;
  /** The device registry's table. Not with `registry: false`. */
  readonly registryTableName?: string;
}

/** Of a customer that has a stack of its own at the partner's. */
export interface CustomerAccessOutputs {
  readonly customerAccountId: string;
  /** The role that this customer assumes. */
  readonly publishRoleArn: string;
}
