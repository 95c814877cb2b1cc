// SDK clients of one provider instance: one account, one Region, one endpoint. Each is loaded when it is first
// needed, since all of them together take more than a second.

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
type ClientClass<Client> = new (settings: Settings & { forcePathStyle: boolean }) => Client;

export class Clients {
  readonly region: string;
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.region = settings.region;
  }

  /** One client, made at the first call. Buckets are in the path: their names in front of the host don't resolve. */
  #lazy<Client>(load: () => Promise<ClientClass<Client>>): () => Promise<Client> {
    let client: Promise<Client> | undefined;
    return () => (client ??= load().then((Class) => new Class({ ...this.#settings, forcePathStyle: true })));
  }

  readonly cloudtrail = this.#lazy(async () => (await import("@aws-sdk/client-cloudtrail")).CloudTrail);
  readonly cloudwatch = this.#lazy(async () => (await import("@aws-sdk/client-cloudwatch")).CloudWatch);
  readonly dynamodb = this.#lazy(async () => (await import("@aws-sdk/client-dynamodb")).DynamoDB);
  readonly events = this.#lazy(async () => (await import("@aws-sdk/client-eventbridge")).EventBridge);
  readonly iam = this.#lazy(async () => (await import("@aws-sdk/client-iam")).IAM);
  readonly iot = this.#lazy(async () => (await import("@aws-sdk/client-iot")).IoT);
  readonly lambda = this.#lazy(async () => (await import("@aws-sdk/client-lambda")).Lambda);
  readonly logs = this.#lazy(async () => (await import("@aws-sdk/client-cloudwatch-logs")).CloudWatchLogs);
  readonly s3 = this.#lazy(async () => (await import("@aws-sdk/client-s3")).S3);
  readonly sqs = this.#lazy(async () => (await import("@aws-sdk/client-sqs")).SQS);
  readonly sts = this.#lazy(async () => (await import("@aws-sdk/client-sts")).STS);

  /** The account that the credentials belong to. */
  async account(): Promise<string> {
    const { Account = "" } = await (await this.sts()).getCallerIdentity({});
    return Account;
  }
}
