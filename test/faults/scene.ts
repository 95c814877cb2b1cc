// Both sides deployed, what is done in a customer's registry, and everything that can be asked of them afterwards: what
// was done at the partner, what lies in which queue, what the device registry holds, what rang.
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { type AttributeValue, DynamoDB } from "@aws-sdk/client-dynamodb";
import { IoT } from "@aws-sdk/client-iot";
import { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import { deployStack } from "embedded-aws/pulumi";
import { CustomerHooks } from "../../customer/customer-hooks.ts";
import { Pace } from "../../customer/lambda/pace.ts";
import { sendThings } from "../../customer/lambda/sync-sender.ts";
import { PartnerHooks } from "../../partner/partner-hooks.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  DEFAULT_REGION,
  PARTNER,
  type RunningCloud,
  environmentOf,
  lastEntry,
  startCloud,
} from "../flow/deployment.ts";
import { redriveSide } from "../flow/redriving.ts";

const OPERATIONS = ["create_thing", "update_thing", "delete_thing"];

/** A thing as somebody knows it. */
export type State = { readonly thingId: string; readonly version: number } | "gone";

/** One run of the partner's own code. */
export interface Told {
  readonly thingArn: string;
  readonly eventId: string;
  readonly state: State;
}

/** The queues by the hop that could not go on. */
export type QueueName = "registryRule" | "announce" | "topicRule" | "receive";

const accountProvider = (account: string) =>
  new aws.Provider("account", { allowedAccountIds: [account], region: DEFAULT_REGION, profile: account });

/** Functions with so many seconds, whatever the component says. */
const withTimeout =
  (timeout: number): pulumi.ResourceTransformation =>
  ({ type, props, opts }) =>
    type === "aws:lambda/function:Function" ? { props: { ...props, timeout }, opts } : undefined;

async function deploy(running: RunningCloud, customers: readonly string[], timeout: number) {
  const transformations = [withTimeout(timeout)];
  const sides = [];
  for (const account of customers) {
    const side = await deployStack(environmentOf(running), {
      project: "factory",
      config: {},
      program: () => {
        const args = { partnerAccountId: PARTNER, operations: OPERATIONS, createTrail: true };
        const options = { provider: accountProvider(account), transformations };
        return Promise.resolve(new CustomerHooks("iot-hooks", args, options).outputs);
      },
    });
    sides.push({ account, outputs: side.outputs });
  }
  const partner = await deployStack(environmentOf(running), {
    project: "saas",
    config: {},
    program: () => {
      const provider = accountProvider(PARTNER);
      const key = { hashKey: "run", attributes: [{ name: "run", type: "S" }] };
      const effects = new aws.dynamodb.Table("effects", { billingMode: "PAY_PER_REQUEST", ...key }, { provider });
      const hooks = new PartnerHooks(
        "hooks",
        {
          customers: [{ accountId: CUSTOMER }, { accountId: CUSTOMER2 }],
          operations: OPERATIONS,
          senderCheck: "enforce",
          debug: true,
          onThing: {
            entry: join(import.meta.dirname, "effect.ts"),
            environment: { EFFECTS_TABLE: effects.name },
            policyStatements: [{ Action: ["dynamodb:PutItem"], Resource: [effects.arn] }],
          },
        },
        { provider, transformations },
      );
      return Promise.resolve({ ...hooks.outputs, effectsTable: effects.name });
    },
  });
  const role = partner.resources.find(({ type, name }) => type === "aws:iam/role:Role" && name === "hooks-receive");
  return { sides, partner: partner.outputs, receiveRole: role?.state.name as string };
}

/** Seconds in which functions do their work on a busy machine. */
const TIMEOUT_S = 20;

export interface SceneOptions {
  readonly customers?: readonly string[];
  /** Seconds that functions have. */
  readonly timeout?: number;
}

export class Scene {
  readonly running: RunningCloud;
  readonly receiveRole: string;
  readonly #deployed: Awaited<ReturnType<typeof deploy>>;
  readonly #timeout: number;

  private constructor(running: RunningCloud, deployed: Awaited<ReturnType<typeof deploy>>, timeout: number) {
    this.running = running;
    this.#deployed = deployed;
    this.#timeout = timeout;
    this.receiveRole = deployed.receiveRole;
  }

  /** One after the other: Pulumi's runtime deploys one program at a time in a process. */
  static make(options: SceneOptions = {}): Promise<Scene> {
    const made = Scene.#made.then(() => Scene.#make(options));
    Scene.#made = made.catch(() => undefined);
    return made;
  }
  static #made: Promise<unknown> = Promise.resolve();

  static async #make({ customers = [CUSTOMER], timeout = TIMEOUT_S }: SceneOptions): Promise<Scene> {
    const running = await startCloud();
    return new Scene(running, await deploy(running, customers, timeout), timeout);
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

  get lastEntry(): number {
    return lastEntry(this.running);
  }

  arnOf(thingName: string, account = CUSTOMER): string {
    return `arn:aws:iot:${DEFAULT_REGION}:${account}:thing/${thingName}`;
  }

  async create(thingName: string, account = CUSTOMER): Promise<void> {
    await this.#iot(account).createThing({ thingName });
  }

  async update(thingName: string, account = CUSTOMER): Promise<void> {
    const attributePayload = { attributes: { changed: String(this.lastEntry) }, merge: true };
    await this.#iot(account).updateThing({ thingName, attributePayload });
  }

  async delete(thingName: string, account = CUSTOMER): Promise<void> {
    await this.#iot(account).deleteThing({ thingName });
  }

  /** Two changes, an end, and another thing of the same name. */
  async live(thingName: string): Promise<void> {
    await this.create(thingName);
    for (let change = 0; change < 2; change++) await this.update(thingName);
    await this.delete(thingName);
    await this.create(thingName);
  }

  /** What a customer's registry says of a thing. */
  async described(thingName: string, account = CUSTOMER): Promise<State> {
    try {
      const { thingId = "", version = 0 } = await this.#iot(account).describeThing({ thingName });
      return { thingId, version };
    } catch (error) {
      if (error instanceof Error && error.name === "ResourceNotFoundException") return "gone";
      throw error;
    }
  }

  /** How many letters lie in each queue, those with none left out. */
  async letters(): Promise<Partial<Record<QueueName, number>>> {
    const depths: Partial<Record<QueueName, number>> = {};
    for (const { account, outputs } of this.#sides) {
      const sqs = new SQS(this.running.config(account));
      for (const [name, QueueUrl] of Object.entries(outputs.deadLetterQueueUrls) as [QueueName, string][]) {
        const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["All"] });
        const depth = Number(Attributes?.ApproximateNumberOfMessages);
        if (depth > 0) depths[name] = (depths[name] ?? 0) + depth;
      }
    }
    return depths;
  }

  /**
   * The customers' queues, then the partner's. Returns the reason of each letter that was sent, with the queue's name.
   */
  async redrive(): Promise<string[]> {
    const reasons: string[] = [];
    for (const { account, outputs } of this.#sides) {
      const side = account === PARTNER ? "partner" : "customer";
      for (const { queue, rows } of await redriveSide(this.running, side, outputs, account))
        for (const { outcome, reason, letters } of rows)
          if (outcome === "sent") reasons.push(...Array<string>(letters).fill(`${queue}: ${reason}`));
      await this.running.cloud.settled();
    }
    return reasons;
  }

  /** `hooks backfill` of one thing, without its process: the announce function is asked to announce it as it is. */
  async backfill(thingName: string, account = CUSTOMER): Promise<void> {
    const side = this.#deployed.sides.find((one) => one.account === account);
    if (side === undefined) throw new Error(`there are no hooks in ${account}`);
    const { functionName: FunctionName, functionAliasArn } = side.outputs;
    const lambda = new Lambda(this.running.config(account));
    // With hardly any time a function begins no backfill: then what would be its next version is given more.
    const isHurried = this.#timeout < TIMEOUT_S;
    if (isHurried) await lambda.updateFunctionConfiguration({ FunctionName, Timeout: TIMEOUT_S });
    const to = { lambda, functionAliasArn: isHurried ? FunctionName : functionAliasArn };
    const pace = new Pace(1_000, { now: Date.now, wait });
    const { counts } = await sendThings({ ...to, run: "backfill", pace, wait }, [thingName]);
    if (counts.announced !== 1) throw new Error(`${thingName} was not announced: ${JSON.stringify(counts)}`);
  }

  /** What the partner's own code was told, in that order: of one thing, or of all. */
  async told(thingName?: string): Promise<readonly Told[]> {
    const items = await this.#scan(this.#deployed.partner.effectsTable);
    return items
      .sort((one, other) => Number(one.at?.N) - Number(other.at?.N))
      .map(({ message }) => {
        const told = JSON.parse(message?.S ?? "") as Record<string, unknown>;
        const { thingArn, thingId, version, operation, hook } = told;
        const state = operation === "delete_thing" ? "gone" : { thingId, version };
        return { thingArn, eventId: (hook as { eventId: string }).eventId, state } as Told;
      })
      .filter(({ thingArn }) => thingName === undefined || thingArn === this.arnOf(thingName));
  }

  /** What the partner's registry holds, by ARN. A lease that is left is no state. */
  async known(): Promise<ReadonlyMap<string, State | "claimed">> {
    const items = await this.#scan(this.#deployed.partner.registryTableName ?? "");
    return new Map(
      items.map(({ subject, deleted, subjectId, version, claim }) => [
        subject?.S ?? "",
        claim !== undefined
          ? "claimed"
          : deleted?.BOOL === true
            ? "gone"
            : { thingId: subjectId?.S ?? "", version: Number(version?.N) },
      ]),
    );
  }

  /** Alarms that began to ring behind an entry of the trace, by the keys of their names. */
  rang(since: number): readonly string[] {
    const rang = this.running.cloud.trace
      .since(since)
      .filter(({ name, detail }) => name === "AlarmStateChanged" && detail?.["to"] === "ALARM")
      .map(({ detail }) => keyOf(String(detail?.["alarm"])));
    return [...new Set(rang)].sort();
  }

  /** What went wrong behind an entry of the trace, in the trace's words. */
  failures(since: number): string[] {
    return this.running.cloud.trace
      .since(since)
      .flatMap(({ name, error }) => (error === undefined ? [] : [`${name}: ${error.code}: ${error.message}`]));
  }

  /** Those that ring now. */
  async ringing(): Promise<string[]> {
    const found: string[] = [];
    for (const { account } of this.#sides) {
      const cloudWatch = new CloudWatch(this.running.config(account));
      const { MetricAlarms = [] } = await cloudWatch.describeAlarms({ StateValue: "ALARM" });
      found.push(...MetricAlarms.map(({ AlarmName = "" }) => keyOf(AlarmName)));
    }
    return found;
  }

  get #sides() {
    const { sides, partner } = this.#deployed;
    return [...sides, { account: PARTNER, outputs: partner }];
  }

  #iot(account: string): IoT {
    return new IoT(this.running.config(account));
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

/** Without the component's name and Pulumi's digits. */
const keyOf = (alarmName: string): string => alarmName.replace(/^(?:iot-)?hooks-(.*)-[0-9a-f]{7}$/, "$1");
