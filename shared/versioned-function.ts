// A Lambda function as both sides need it: role with one policy, log group, versions, and the alias that triggers call.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type PolicyDocument, lambdaTrust } from "./policies.ts";

/** Enough to find out what happened last month; a group without retention grows for ever. */
const LOG_RETENTION_DAYS = 30;

export interface VersionedFunctionArgs {
  readonly description: string;
  /** Its handler is `index.handler`. */
  readonly code: pulumi.asset.Archive;
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Physical name of the role. Default: made by Pulumi. */
  readonly roleName?: string;
  readonly policy: (logGroupArn: pulumi.Output<string>) => PolicyDocument;
}

export class VersionedFunction extends pulumi.ComponentResource {
  readonly role: aws.iam.Role;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly lambda: aws.lambda.Function;
  readonly alias: aws.lambda.Alias;

  constructor(type: string, name: string, args: VersionedFunctionArgs, opts: pulumi.ComponentResourceOptions) {
    super(type, name, {}, opts);
    const parent = { parent: this };

    this.role = new aws.iam.Role(
      name,
      {
        description: args.description,
        assumeRolePolicy: lambdaTrust(),
        ...(args.roleName === undefined ? {} : { name: args.roleName }),
      },
      parent,
    );
    this.logGroup = new aws.cloudwatch.LogGroup(name, { retentionInDays: LOG_RETENTION_DAYS }, parent);
    const policy = new aws.iam.RolePolicy(
      name,
      { role: this.role.name, policy: args.policy(this.logGroup.arn) },
      parent,
    );
    this.lambda = new aws.lambda.Function(
      name,
      {
        description: args.description,
        role: this.role.arn,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: args.code,
        environment: { variables: args.environment },
        // The function waits for the network, hardly ever for the processor: a seventh of one (256 of 1769 MB) is enough, start included.
        memorySize: 256,
        // A few calls with the SDK's three attempts each. Whatever takes longer is better tried again by Lambda.
        timeout: 30,
        // One group, by name, so that it exists with its retention before the first line is written. INFO: platform.report has the durations.
        loggingConfig: {
          logFormat: "JSON",
          applicationLogLevel: "INFO",
          systemLogLevel: "INFO",
          logGroup: this.logGroup.name,
        },
        publish: true,
      },
      // Without its permissions the function would lose the first events.
      { ...parent, dependsOn: [policy] },
    );
    this.alias = new aws.lambda.Alias(
      name,
      {
        name: "live",
        description: "What the triggers call",
        functionName: this.lambda.name,
        functionVersion: this.lambda.version,
      },
      parent,
    );
    this.registerOutputs({ functionArn: this.lambda.qualifiedArn });
  }

  /** The part of the stack's outputs that is about the function. */
  get outputs() {
    return {
      functionName: this.lambda.name,
      functionVersion: this.lambda.version,
      functionArn: this.lambda.qualifiedArn,
      functionAliasArn: this.alias.arn,
      logGroupName: this.logGroup.name,
    };
  }
}
