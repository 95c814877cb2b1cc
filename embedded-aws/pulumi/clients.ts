// SDK clients of one provider instance: one account, one Region, one endpoint. Each is loaded when it is first
// needed, since all of them together take more than a second.
import type { CloudTrail } from "@aws-sdk/client-cloudtrail";
import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { DynamoDB } from "@aws-sdk/client-dynamodb";
import type { EventBridge } from "@aws-sdk/client-eventbridge";
import type { IAM } from "@aws-sdk/client-iam";
import type { IoT } from "@aws-sdk/client-iot";
import type { Lambda } from "@aws-sdk/client-lambda";
import type { S3 } from "@aws-sdk/client-s3";
import type { SQS } from "@aws-sdk/client-sqs";
import type { STS } from "@aws-sdk/client-sts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}
export interface Settings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials | (() => Promise<Credentials>);
}

export class Clients {
  readonly region: string;
  readonly #settings: Settings;
  readonly #made = new Map<string, Promise<unknown>>();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.region = settings.region;
  }

  #client<C>(name: string, make: (settings: Settings) => Promise<C>): Promise<C> {
    let client = this.#made.get(name) as Promise<C> | undefined;
    if (!client) {
      client = make(this.#settings);
      this.#made.set(name, client);
    }
    return client;
  }

  readonly iam = (): Promise<IAM> =>
    this.#client("iam", async (settings) => new (await import("@aws-sdk/client-iam")).IAM(settings));
  readonly sts = (): Promise<STS> =>
    this.#client("sts", async (settings) => new (await import("@aws-sdk/client-sts")).STS(settings));
  readonly lambda = (): Promise<Lambda> =>
    this.#client("lambda", async (settings) => new (await import("@aws-sdk/client-lambda")).Lambda(settings));
  readonly events = (): Promise<EventBridge> =>
    this.#client("events", async (settings) => new (await import("@aws-sdk/client-eventbridge")).EventBridge(settings));
  readonly logs = (): Promise<CloudWatchLogs> =>
    this.#client(
      "logs",
      async (settings) => new (await import("@aws-sdk/client-cloudwatch-logs")).CloudWatchLogs(settings),
    );
  readonly iot = (): Promise<IoT> =>
    this.#client("iot", async (settings) => new (await import("@aws-sdk/client-iot")).IoT(settings));
  readonly cloudtrail = (): Promise<CloudTrail> =>
    this.#client(
      "cloudtrail",
      async (settings) => new (await import("@aws-sdk/client-cloudtrail")).CloudTrail(settings),
    );
  readonly dynamodb = (): Promise<DynamoDB> =>
    this.#client("dynamodb", async (settings) => new (await import("@aws-sdk/client-dynamodb")).DynamoDB(settings));
  readonly s3 = (): Promise<S3> =>
    this.#client(
      "s3",
      async (settings) => new (await import("@aws-sdk/client-s3")).S3({ ...settings, forcePathStyle: true }),
    );

  readonly cloudwatch = (): Promise<CloudWatch> =>
    this.#client(
      "cloudwatch",
      async (settings) => new (await import("@aws-sdk/client-cloudwatch")).CloudWatch(settings),
    );

  readonly sqs = (): Promise<SQS> =>
    this.#client("sqs", async (settings) => new (await import("@aws-sdk/client-sqs")).SQS(settings));

  /** The account that the credentials belong to. */
  async account(): Promise<string> {
    const { Account = "" } = await (await this.sts()).getCallerIdentity({});
    return Account;
  }
}
