// A Lambda function as both sides need it: role with one policy, log group, versions, the alias that triggers call, and
// the queue for events that it couldn't do.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { regionalArn } from "./contract/names.ts";
import type { FunctionTags } from "./contract/tags.ts";
import { DeadLetterQueue } from "./dead-letter-queue.ts";
import { whereSet } from "./inputs.ts";
import { type PolicyDocument, lambdaTrust } from "./policy-document.ts";
import type { Architecture, SystemLogLevel } from "./settings.ts";

/** Enough to find out what happened last month; a group without retention grows for ever. */
const LOG_RETENTION_DAYS = 30;

/** A few calls, which the SDK tries again for some seconds. Whatever takes longer is better tried again by Lambda. */
export const DEFAULT_TIMEOUT_SECONDS = 30;

/**
 * The function waits for the network, hardly ever for the processor: a seventh of one (256 of 1769 MB) is enough,
 * start included.
 */
export const DEFAULT_MEMORY_MB = 256;

/**
 * What Lambda does of itself with an asynchronous event whose function failed (Lambda Developer Guide, "How Lambda
 * handles errors and retries with asynchronous invocation"), said so that it stays.
 */
const RETRIES = 2;
const MAX_EVENT_AGE_SECONDS = 6 * 60 * 60;

/**
 * Where Lambda's own log groups are, and where whoever knows the function's name looks first (Lambda Developer Guide,
 * "Configuring log groups").
 */
const LOG_GROUPS = "/aws/lambda/";

export interface VersionedFunctionArgs {
  readonly account: { readonly accountId: pulumi.Output<string>; readonly region: pulumi.Output<string> };
  readonly description: pulumi.Input<string>;
  /** Its handler is `index.handler`. */
  readonly code: pulumi.Input<pulumi.asset.Archive>;
  /** @param failureQueueUrl where the function puts what no retry mends */
  readonly environment: (failureQueueUrl: pulumi.Output<string>) => pulumi.Input<Readonly<Record<string, string>>>;
  /** Physical name of the role. Default: made by Pulumi. */
  readonly roleName?: pulumi.Input<string>;
  readonly policy: (of: FunctionResources) => pulumi.Output<PolicyDocument>;
  readonly architecture: pulumi.Input<Architecture>;
  readonly systemLogLevel: pulumi.Input<SystemLogLevel>;
  /** Bounds what the role may do. */
  readonly permissionsBoundaryArn: pulumi.Output<string | undefined>;
  /** By which the deployment is found. */
  readonly tags: pulumi.Input<FunctionTags>;
  /** What a preview shows of the component itself, beside its resources. */
  readonly shown?: pulumi.Inputs;
  /** Seconds. */
  readonly timeout?: pulumi.Input<number>;
  /** MB. */
  readonly memory?: pulumi.Input<number>;
  /** Executions at once; an output without a value: as many as the account has. */
  readonly reservedConcurrency: pulumi.Output<number | undefined>;
  /** Whether the queue of dead letters stays when the stack is destroyed. */
  readonly keepOnDestroy: boolean;
}

/** What is made before the function, and its role has to be allowed. */
export interface FunctionResources {
  readonly logGroupArn: pulumi.Output<string>;
  readonly deadLetterQueueArn: pulumi.Output<string>;
}

export class VersionedFunction extends pulumi.ComponentResource {
  readonly role: aws.iam.Role;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly deadLetters: DeadLetterQueue;
  readonly function: aws.lambda.Function;
  readonly alias: aws.lambda.Alias;

  constructor(type: string, name: string, args: VersionedFunctionArgs, opts: pulumi.ComponentResourceOptions) {
    super(type, name, args.shown ?? {}, opts);
    const parent = { parent: this };

    this.role = new aws.iam.Role(
      name,
      {
        description: args.description,
        assumeRolePolicy: lambdaTrust(),
        permissionsBoundary: whereSet(args.permissionsBoundaryArn),
        ...(args.roleName === undefined ? {} : { name: args.roleName }),
      },
      // Under another name the new one comes first: the function always has a role.
      { ...parent, deleteBeforeReplace: false },
    );
    // Pulumi names the group, and the function is named after it: who knows one knows the other. The group has to be
    // there first.
    this.logGroup = new aws.cloudwatch.LogGroup(
      `${LOG_GROUPS}${name}`,
      { retentionInDays: LOG_RETENTION_DAYS },
      parent,
    );
    // Of names alone, and not the group's own output: a preview knows them.
    const logGroupArn = pulumi
      .all([args.account, this.logGroup.name])
      .apply(([account, group]) => regionalArn("logs", account, `log-group:${group}`));
    this.deadLetters = new DeadLetterQueue(
      `${name}-dead-letters`,
      { account: args.account, keepOnDestroy: args.keepOnDestroy },
      parent,
    );
    const policy = new aws.iam.RolePolicy(
      name,
      { role: this.role.name, policy: args.policy({ logGroupArn, deadLetterQueueArn: this.deadLetters.arn }) },
      parent,
    );
    this.function = new aws.lambda.Function(
      name,
      {
        name: this.logGroup.name.apply((group) => group.slice(LOG_GROUPS.length)),
        description: args.description,
        role: this.role.arn,
        // In every Region: AWS's CDK 2.259.0 made it the default of all.
        runtime: "nodejs24.x",
        architectures: [args.architecture],
        handler: "index.handler",
        code: args.code,
        environment: { variables: args.environment(this.deadLetters.queue.url) },
        memorySize: args.memory ?? DEFAULT_MEMORY_MB,
        timeout: args.timeout ?? DEFAULT_TIMEOUT_SECONDS,
        // -1 is the provider's word for none: left out, one that was there would stay.
        reservedConcurrentExecutions: args.reservedConcurrency.apply((executions) => executions ?? -1),
        // One group, by name, so that it exists with its retention before the first line is written. JSON: what is JSON
        // already, as the lines with metrics are, Lambda doesn't encode again (Developer Guide, "Configuring JSON and
        // plain text log formats"), and takes for INFO where it has no `level` ("Log-level filtering").
        loggingConfig: {
          logFormat: "JSON",
          applicationLogLevel: "INFO",
          systemLogLevel: args.systemLogLevel,
          logGroup: this.logGroup.name,
        },
        publish: true,
        tags: pulumi.output(args.tags),
      },
      // Without its permissions the function would lose the first events.
      { ...parent, dependsOn: [policy] },
    );
    this.alias = new aws.lambda.Alias(
      name,
      {
        name: "live",
        description: "What the triggers call",
        functionName: this.function.name,
        functionVersion: this.function.version,
      },
      parent,
    );
    // Of the alias: it inherits neither the function's nor a version's. Lambda refuses a destination that the role may
    // not send to: the policy came before the function.
    new aws.lambda.FunctionEventInvokeConfig(
      name,
      {
        functionName: this.function.name,
        qualifier: this.alias.name,
        maximumRetryAttempts: RETRIES,
        maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
        destinationConfig: { onFailure: { destination: this.deadLetters.arn } },
      },
      parent,
    );
    this.registerOutputs({ functionArn: this.function.qualifiedArn });
  }

  /** The part of the stack's outputs that is about the function. */
  get outputs() {
    return {
      functionName: this.function.name,
      functionVersion: this.function.version,
      functionArn: this.function.qualifiedArn,
      functionAliasArn: this.alias.arn,
      logGroupName: this.logGroup.name,
    };
  }
}
