// The device registry on the embedded AWS's DynamoDB: a table as the program makes it, and the client that may write.
import { type AttributeValue, DynamoDB, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { type RunningCloud, PARTNER, startCloud } from "embedded-aws/testing";
import { DeviceRegistry, type RegistryParts } from "../../partner/lambda/registry.ts";
import type { Change } from "../../partner/lambda/change.ts";
import { NOW, time } from "./changes.ts";

export const tableOf = (TableName: string) => ({
  TableName,
  BillingMode: "PAY_PER_REQUEST" as const,
  KeySchema: [{ AttributeName: "subject", KeyType: "HASH" as const }],
  AttributeDefinitions: [{ AttributeName: "subject", AttributeType: "S" as const }],
});

export class RegistryScene {
  readonly #cloud: RunningCloud;
  readonly db: DynamoDB;
  readonly tableName = "registry";
  readonly lines: Readonly<Record<string, unknown>>[] = [];
  readonly waits: number[] = [];
  clock = NOW;

  private constructor(cloud: RunningCloud) {
    this.#cloud = cloud;
    this.db = new DynamoDB(cloud.config(PARTNER));
  }

  static async start(): Promise<RegistryScene> {
    const scene = new RegistryScene(await startCloud());
    await scene.db.createTable(tableOf(scene.tableName));
    await waitUntilTableExists({ client: scene.db, maxWaitTime: 20, minDelay: 1 }, { TableName: scene.tableName });
    return scene;
  }

  async empty(): Promise<void> {
    for (const { subject } of await this.items()) {
      await this.db.deleteItem({ TableName: this.tableName, Key: { subject: subject as AttributeValue } });
    }
    this.lines.length = 0;
    this.waits.length = 0;
    this.clock = NOW;
  }

  registry(replaced: Partial<RegistryParts> = {}): DeviceRegistry {
    return new DeviceRegistry({
      client: this.db,
      tableName: this.tableName,
      now: () => this.clock,
      wait: (ms) => {
        this.waits.push(ms);
        this.clock += ms;
        return Promise.resolve();
      },
      random: () => 1,
      log: (line) => this.lines.push(line),
      ...replaced,
    });
  }

  /** Applies one after the other, and returns what came of each. */
  async all(...changes: readonly Change[]): Promise<string[]> {
    const outcomes: string[] = [];
    for (const one of changes) outcomes.push(await this.registry().apply(one, time(), () => Promise.resolve()));
    return outcomes;
  }

  async items() {
    return (await this.db.scan({ TableName: this.tableName, ConsistentRead: true })).Items ?? [];
  }

  async stop(): Promise<void> {
    await this.#cloud.endpoint.close();
  }
}
