// One side as doctor looks at it: clients made when they are first asked for, and what several checks need.
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { IoTClient } from "@aws-sdk/client-iot";
import { type FunctionConfiguration, GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import type { AnnounceSettings } from "../../customer/lambda/settings.ts";
import type { ReceiveSettings } from "../../partner/lambda/settings.ts";
import { partitionOf } from "../../shared/contract/names.ts";
import type { Deployment } from "../deployment.ts";
import type { OutputsOf } from "../outputs.ts";
import type { Side } from "../sides.ts";
import { type Quota, quotaOf } from "../quotas.ts";
import { type DeployedFunction, functionsOf } from "./functions.ts";
import { lookFor } from "./look.ts";
import { everyPage } from "../pages.ts";

export interface SettingsOf {
  readonly customer: AnnounceSettings;
  readonly partner: ReceiveSettings;
}

export class Account<S extends Side = Side> {
  readonly side: S;
  readonly outputs: OutputsOf[S];
  readonly callerArn: string;
  readonly cloudtrail;
  readonly cloudwatch;
  readonly dynamodb;
  readonly events;
  readonly iam;
  readonly iot;
  readonly lambda;
  readonly logs;
  readonly sqs;
  readonly #client: Deployment<S>["client"];
  /** The side's own first. */
  readonly functions: ReturnType<typeof functionsOf>;
  readonly #configurations = new Map<DeployedFunction, Promise<FunctionConfiguration | undefined>>();

  constructor({ side, outputs, callerArn, client }: Deployment<S>) {
    this.side = side;
    this.outputs = outputs;
    this.functions = functionsOf(side, outputs);
    this.callerArn = callerArn;
    this.#client = client;
    this.cloudtrail = new CloudTrailClient(client);
    this.cloudwatch = new CloudWatchClient(client);
    this.dynamodb = new DynamoDBClient(client);
    this.events = new EventBridgeClient(client);
    this.iam = new IAMClient(client);
    this.iot = new IoTClient(client);
    this.lambda = new LambdaClient(client);
    this.logs = new CloudWatchLogsClient(client);
    this.sqs = new SQSClient(client);
  }

  get partition(): string {
    return partitionOf(this.outputs.region);
  }

  sts(region: string): STSClient {
    return new STSClient({ ...this.#client, region });
  }

  /** What the account has of it. @throws NotSeen */
  quota(quota: Quota): Promise<number> {
    return quotaOf(this.#client, quota);
  }

  /** Of the version that triggers run; undefined where there is none. @throws NotSeen */
  configuration(of: DeployedFunction = this.functions[0]): Promise<FunctionConfiguration | undefined> {
    const FunctionName = of.functionAliasArn;
    const asked =
      this.#configurations.get(of) ??
      lookFor("the function's configuration", "lambda:GetFunctionConfiguration", () =>
        this.lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
      );
    this.#configurations.set(of, asked);
    return asked;
  }

  /**
   * Of the side's own function; undefined where there is none.
   * @throws NotSeen; MisconfiguredFunction for what the program didn't set
   */
  async settings(): Promise<SettingsOf[S] | undefined> {
    const configuration = await this.configuration();
    if (configuration === undefined) return undefined;
    return this.functions[0].settings(configuration.Environment?.Variables ?? {}) as SettingsOf[S];
  }

  /**
   * What IAM's simulator says of an identity's own policies and boundary, by resource; empty for an identity that isn't
   * there. @throws NotSeen
   */
  async simulateAll(identityArn: string, action: string, resources: readonly string[]) {
    const asked = { PolicySourceArn: identityArn, ActionNames: [action], ResourceArns: [...resources] };
    const results = await lookFor(`whether ${identityArn} may ${action}`, "iam:SimulatePrincipalPolicy", () =>
      everyPage(async (Marker) => {
        const page = await this.iam.send(new SimulatePrincipalPolicyCommand({ ...asked, Marker }));
        return { items: page.EvaluationResults ?? [], next: page.IsTruncated === true ? page.Marker : undefined };
      }),
    );
    return new Map((results ?? []).map(({ EvalResourceName = "", EvalDecision }) => [EvalResourceName, EvalDecision]));
  }

  /** The same for one resource. @throws NotSeen */
  async simulate(identityArn: string, action: string, resource: string) {
    return (await this.simulateAll(identityArn, action, [resource])).get(resource);
  }
}
