// Both sides deployed, and everything that can be asked of them afterwards: what was done at the partner, what lies in
// which queue, what the device registry holds.
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import { type AttributeValue, DynamoDB } from "@aws-sdk/client-dynamodb";
import { IoT } from "@aws-sdk/client-iot";
import { SQS } from "@aws-sdk/client-sqs";
import { deployStack } from "embedded-aws/pulumi";
import { PartnerHooks } from "../../partner/partner-hooks.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  DEFAULT_REGION,
  PARTNER,
  type RunningCloud,
  deployCustomer,
  environmentOf,
  startCloud,
} from "../flow/deployment.ts";
import { redriveSide } from "../flow/redriving.ts";

export const OPERATIONS = ["create_thing", "update_thing", "delete_thing"];
/** Seconds: the least in which the partner's function does its work on a busy machine. */
const RECEIVE_TIMEOUT = 10;

/** What the partner's own code got. */
export interface Effect {
  readonly operation: string;
  readonly accountId: string;
  readonly thingName?: string;
  readonly hook?: { readonly eventId: string };
}

/** The queues by the hop that could not go on. */
export type QueueName = "registryRule" | "announce" | "topicRule" | "receive";

async function deploy(running: RunningCloud) {
  const customer = await deployCustomer(running, { operations: JSON.stringify(OPERATIONS) });
  const partner = await deployStack(environmentOf(running), {
    project: "saas",
    config: {},
    program: () => {
      const account = { allowedAccountIds: [PARTNER], region: DEFAULT_REGION, profile: PARTNER };
      const provider = new aws.Provider("saas", account);
      const key = { hashKey: "run", attributes: [{ name: "run", type: "S" }] };
      const effects = new aws.dynamodb.Table("effects", { billingMode: "PAY_PER_REQUEST", ...key }, { provider });
      const hooks = new PartnerHooks(
        "hooks",
        {
          customers: [{ accountId: CUSTOMER }, { accountId: CUSTOMER2 }],
          operations: OPERATIONS,
          senderCheck: "enforce",
          onThing: {
            entry: join(import.meta.dirname, "effect.ts"),
            environment: { EFFECTS_TABLE: effects.name },
            policyStatements: [{ Action: ["dynamodb:PutItem"], Resource: [effects.arn] }],
            timeout: RECEIVE_TIMEOUT,
          },
        },
        { provider },
      );
      return Promise.resolve({ ...hooks.outputs, effectsTable: effects.name });
    },
  });
  return { customer: customer.outputs, partner: partner.outputs };
}

export class Scene {
  readonly running: RunningCloud;
  readonly outputs: Awaited<ReturnType<typeof deploy>>;
  readonly iot: IoT;

  private constructor(running: RunningCloud, outputs: Awaited<ReturnType<typeof deploy>>) {
    this.running = running;
    this.outputs = outputs;
    this.iot = new IoT(running.config(CUSTOMER));
  }

  static async make(): Promise<Scene> {
    const running = await startCloud();
    return new Scene(running, await deploy(running));
  }

  end(): Promise<void> {
    return this.running.endpoint.close();
  }

  /** Everything that follows has happened, what is due within this time too. */
  async pass(seconds: number): Promise<void> {
    const { cloud } = this.running;
    await cloud.settled();
    await cloud.advance(seconds * 1000);
  }

  /** How many letters lie in each queue, those with none left out. */
  async letters(): Promise<Partial<Record<QueueName, number>>> {
    const { customer, partner } = this.outputs;
    const depths: Partial<Record<QueueName, number>> = {};
    for (const [account, urls] of [
      [CUSTOMER, customer.deadLetterQueueUrls],
      [PARTNER, partner.deadLetterQueueUrls],
    ] as const)
      for (const [name, QueueUrl] of Object.entries(urls) as [QueueName, string][]) {
        const sqs = new SQS(this.running.config(account));
        const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["All"] });
        const depth = Number(Attributes?.ApproximateNumberOfMessages);
        if (depth > 0) depths[name] = depth;
      }
    return depths;
  }

  /** The customer's queues, then the partner's. Returns the reasons of what was sent, with the queue's name. */
  async redrive(): Promise<string[]> {
    const { running, outputs } = this;
    const reasons: string[] = [];
    for (const side of ["customer", "partner"] as const) {
      for (const { queue, rows } of await redriveSide(running, side, outputs[side]))
        reasons.push(...rows.map(({ reason }) => `${queue}: ${reason}`));
      await running.cloud.settled();
    }
    return reasons;
  }

  /** What the partner's own code did, each run of it until now. */
  async effects(): Promise<readonly Effect[]> {
    const items = await this.#scan(this.outputs.partner.effectsTable);
    return items.map(({ message }) => JSON.parse(message?.S ?? "") as Effect);
  }

  /** What the partner's registry holds: by thing, whether it is there, and its version. No lease may be left. */
  async known(): Promise<ReadonlyMap<string, { readonly deleted: boolean; readonly version: number; claim: boolean }>> {
    const items = await this.#scan(this.outputs.partner.registryTableName ?? "");
    return new Map(
      items.map(({ subject, deleted, version, claim }) => [
        (subject?.S ?? "").replace(/^.*:thing\//, ""),
        { deleted: deleted?.BOOL === true, version: Number(version?.N), claim: claim !== undefined },
      ]),
    );
  }

  async #scan(TableName: string) {
    const dynamodb = new DynamoDB(this.running.config(PARTNER));
    const items: Record<string, AttributeValue>[] = [];
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const page = await dynamodb.scan({ TableName, ExclusiveStartKey });
      items.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return items;
  }
}
