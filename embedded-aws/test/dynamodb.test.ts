import { DynamoDB, type AttributeValue, type ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { assumeWith } from "./roles.ts";
import { CUSTOMER, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";
import { codeOf } from "./trails.ts";

const TableName = "devices";
const ARN = `arn:aws:dynamodb:us-east-1:${PARTNER}:table/${TableName}`;
const TABLE = {
  TableName,
  BillingMode: "PAY_PER_REQUEST" as const,
  KeySchema: [{ AttributeName: "thingArn", KeyType: "HASH" as const }],
  AttributeDefinitions: [{ AttributeName: "thingArn", AttributeType: "S" as const }],
};
const DAY_MS = 86_400_000;

const lamp = { thingArn: { S: "lamp" } };

describe("DynamoDB", () => {
  let running: RunningCloud;
  let db: DynamoDB;
  before(async () => {
    running = await startCloud();
    db = new DynamoDB(running.config(PARTNER));
  });
  beforeEach(() => running.cloud.reset());
  after(() => running.endpoint.close());

  it("gives tables the ARNs of their account and Region", async () => {
    const { TableDescription } = await db.createTable(TABLE);
    expect(TableDescription?.TableArn).to.equal(ARN);
    const { Table } = await db.describeTable({ TableName });
    expect(Table).to.include({ TableArn: ARN, TableStatus: "ACTIVE", DeletionProtectionEnabled: false });
    expect((await db.listTables({})).TableNames).to.deep.equal([TableName]);
  });

  it("keeps the tables of accounts and Regions apart", async () => {
    await db.createTable(TABLE);
    for (const config of [running.config(CUSTOMER), running.config(PARTNER, "eu-west-1")])
      expect((await new DynamoDB(config).listTables({})).TableNames).to.deep.equal([]);
    expect(await failure(new DynamoDB(running.config(CUSTOMER)).describeTable({ TableName: ARN }))).to.match(
      /^AccessDeniedException: .*no resource-based policy allows the dynamodb:DescribeTable action/,
    );
  });

  it("says that a table exists, or doesn't", async () => {
    await db.createTable(TABLE);
    expect(await failure(db.createTable(TABLE))).to.equal("ResourceInUseException: Table already exists: devices");
    expect(await codeOf(db.describeTable({ TableName: "other" }))).to.equal("ResourceNotFoundException");
    expect(await codeOf(db.getItem({ TableName: "other", Key: lamp }))).to.equal("ResourceNotFoundException");
  });

  it("has a table to use once CreateTable has answered, and none once DeleteTable has", async () => {
    for (let time = 0; time < 3; time++) {
      const { TableDescription } = await db.createTable(TABLE);
      expect(TableDescription?.TableStatus).to.equal("CREATING");
      await db.putItem({ TableName, Item: lamp });
      await db.deleteTable({ TableName });
      expect((await db.listTables({})).TableNames).to.deep.equal([]);
    }
  });

  it("keeps, updates, queries and deletes items", async () => {
    await db.createTable(TABLE);
    await db.putItem({ TableName, Item: { ...lamp, account: { S: CUSTOMER }, raw: { B: Uint8Array.of(1, 2) } } });
    const { Attributes } = await db.updateItem({
      TableName: ARN,
      Key: lamp,
      UpdateExpression: "ADD version :one",
      ExpressionAttributeValues: { ":one": { N: "1" } },
      ReturnValues: "ALL_NEW",
    });
    expect(Attributes?.["version"]).to.deep.equal({ N: "1" });
    expect([...((await db.getItem({ TableName, Key: lamp })).Item?.["raw"]?.B ?? [])]).to.deep.equal([1, 2]);
    const { Items } = await db.query({
      TableName,
      KeyConditionExpression: "thingArn = :lamp",
      FilterExpression: "account = :account",
      ExpressionAttributeValues: { ":lamp": lamp.thingArn, ":account": { S: CUSTOMER } },
    });
    expect(Items?.map(({ thingArn }) => thingArn)).to.deep.equal([{ S: "lamp" }]);
    await db.putItem({ TableName, Item: { thingArn: { S: "fan" } } });
    await db.deleteItem({ TableName, Key: lamp });
    expect((await db.scan({ TableName, ConsistentRead: true })).Count).to.equal(1);
  });

  it("keeps bytes, wherever they stand, and text under the names of their types", async () => {
    await db.createTable({ ...TABLE, AttributeDefinitions: [{ AttributeName: "thingArn", AttributeType: "B" }] });
    const bytes = (...of: number[]) => Uint8Array.from(of);
    const Item = {
      thingArn: { B: bytes(1, 255) },
      B: { S: "AQI=" },
      BS: { L: [{ S: "AQI=" }, { BS: [bytes(1), bytes(2, 3)] }, { M: { B: { B: bytes(4) }, BS: { SS: ["AQI="] } } }] },
    };
    await db.putItem({ TableName, Item });
    const plain = (value: unknown): unknown =>
      value instanceof Uint8Array
        ? [...value]
        : Array.isArray(value)
          ? value.map(plain)
          : typeof value === "object" && value !== null
            ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
            : value;
    const { thingArn } = Item;
    expect(plain((await db.getItem({ TableName, Key: { thingArn } })).Item)).to.deep.equal(plain(Item));
    expect(plain((await db.scan({ TableName })).Items)).to.deep.equal([plain(Item)]);
  });

  it("reads a table in pages, onwards and backwards", async () => {
    await db.createTable({
      ...TABLE,
      KeySchema: [...TABLE.KeySchema, { AttributeName: "step", KeyType: "RANGE" }],
      AttributeDefinitions: [...TABLE.AttributeDefinitions, { AttributeName: "step", AttributeType: "N" }],
    });
    for (const step of [3, 1, -2, 10, 2, 0])
      for (const thing of ["lamp", "fan"])
        await db.putItem({ TableName, Item: { thingArn: { S: thing }, step: { N: String(step) } } });
    const values = { ExpressionAttributeValues: { ":lamp": { S: "lamp" }, ":low": { N: "0" }, ":high": { N: "3" } } };
    const query = { TableName, KeyConditionExpression: "thingArn = :lamp AND step BETWEEN :low AND :high", ...values };
    const readAll = async (ScanIndexForward: boolean) => {
      const read: (string | undefined)[] = [];
      let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
      do {
        const page = await db.query({ ...query, ScanIndexForward, Limit: 2, ExclusiveStartKey });
        read.push(...(page.Items ?? []).map(({ step }) => step?.N));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey);
      return read;
    };
    expect(await readAll(true)).to.deep.equal(["0", "1", "2", "3"]);
    expect(await readAll(false)).to.deep.equal(["3", "2", "1", "0"]);
    const { LastEvaluatedKey } = await db.scan({ TableName, Limit: 5 });
    expect((await db.scan({ TableName, ExclusiveStartKey: LastEvaluatedKey })).Count).to.equal(7);
  });

  it("refuses a write whose condition doesn't hold, and shows the item when asked", async () => {
    await db.createTable(TABLE);
    await db.putItem({ TableName, Item: { ...lamp, raw: { B: Uint8Array.of(7) } } });
    const again = { TableName, Item: lamp, ConditionExpression: "attribute_not_exists(thingArn)" };
    const caught = async (call: Promise<unknown>): Promise<ConditionalCheckFailedException> =>
      call.then(
        () => expect.fail("the write succeeded"),
        (error: unknown) => error as ConditionalCheckFailedException,
      );
    const silent = await caught(db.putItem(again));
    expect(silent.message).to.equal("The conditional request failed");
    expect(silent.Item).to.equal(undefined);
    const telling = await caught(db.putItem({ ...again, ReturnValuesOnConditionCheckFailure: "ALL_OLD" }));
    expect(telling.name).to.equal("ConditionalCheckFailedException");
    expect(telling.Item?.["thingArn"]).to.deep.equal({ S: "lamp" });
    expect([...(telling.Item?.["raw"]?.B ?? [])]).to.deep.equal([7]);
  });

  it("shows the item that a failed condition met, whatever else writes it at the time", async () => {
    await db.createTable(TABLE);
    const Key = lamp;
    const lock = () =>
      db.updateItem({
        TableName,
        Key,
        UpdateExpression: "SET account = :one",
        ConditionExpression: "attribute_not_exists(account)",
        ExpressionAttributeValues: { ":one": { S: "1" } },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
    await lock();
    const unlock = () => db.updateItem({ TableName, Key, UpdateExpression: "REMOVE account" });
    const answers = await Promise.allSettled(Array.from({ length: 60 }, (_, at) => (at % 3 === 0 ? unlock() : lock())));
    const met = answers.flatMap((answer) =>
      answer.status === "rejected" ? [(answer.reason as ConditionalCheckFailedException).Item?.["account"]?.S] : [],
    );
    expect(met).to.have.length.above(0);
    expect(new Set(met)).to.deep.equal(new Set(["1"]));
  });

  it("lets a role do only what its policy allows", async () => {
    await db.createTable(TABLE);
    const credential = await assumeWith(running, PARTNER, [
      { Effect: "Allow", Action: ["dynamodb:PutItem", "dynamodb:Query"], Resource: ARN },
    ]);
    const limited = new DynamoDB(running.config(credential));
    await limited.putItem({ TableName, Item: lamp });
    const values = { ExpressionAttributeValues: { ":v": { S: "lamp" } } };
    await limited.query({ TableName, KeyConditionExpression: "thingArn = :v", ...values });
    expect(await codeOf(limited.getItem({ TableName, Key: lamp }))).to.equal("AccessDeniedException");
  });

  it("refuses what it has no model of", async () => {
    const stream = { StreamEnabled: true, StreamViewType: "KEYS_ONLY" as const };
    expect(await codeOf(db.createTable({ ...TABLE, StreamSpecification: stream }))).to.equal("NotModelledHere");
    expect(await codeOf(db.transactWriteItems({ TransactItems: [] }))).to.equal("NotModelledHere");
    const IndexName = "byAccount";
    const index = { IndexName, KeySchema: TABLE.KeySchema, Projection: { ProjectionType: "ALL" as const } };
    expect(await codeOf(db.createTable({ ...TABLE, GlobalSecondaryIndexes: [index] }))).to.equal("NotModelledHere");
    expect(await codeOf(db.query({ TableName, IndexName }))).to.equal("NotModelledHere");
    expect(await failure(db.createTable({ ...TABLE, OnDemandThroughput: { MaxReadRequestUnits: 1 } }))).to.match(
      /NotModelledHere: The parameter OnDemandThroughput of dynamodb:CreateTable/,
    );
  });

  it("doesn't delete a protected table, and forgets a deleted one", async () => {
    await db.createTable({ ...TABLE, DeletionProtectionEnabled: true, Tags: [{ Key: "team", Value: "a" }] });
    expect(await codeOf(db.deleteTable({ TableName }))).to.equal("ValidationException");
    expect((await db.listTagsOfResource({ ResourceArn: ARN })).Tags).to.deep.equal([{ Key: "team", Value: "a" }]);
    await db.updateTable({ TableName, DeletionProtectionEnabled: false });
    await db.deleteTable({ TableName });
    expect(await codeOf(db.listTagsOfResource({ ResourceArn: ARN }))).to.equal("ResourceNotFoundException");
  });

  it("removes expired items within a day, and leaves the others", async () => {
    await db.createTable(TABLE);
    const expiresAt = (ms: number) => ({ N: String(Math.floor((running.cloud.clock.now() + ms) / 1000)) });
    await db.updateTimeToLive({ TableName, TimeToLiveSpecification: { Enabled: true, AttributeName: "expiresAt" } });
    expect((await db.describeTimeToLive({ TableName })).TimeToLiveDescription).to.deep.equal({
      TimeToLiveStatus: "ENABLED",
      AttributeName: "expiresAt",
    });
    for (const [name, item] of Object.entries({
      soon: { expiresAt: expiresAt(DAY_MS / 2) },
      later: { expiresAt: expiresAt(DAY_MS * 1.5) },
      text: { expiresAt: { S: "1" } },
      never: {},
    }))
      await db.putItem({ TableName, Item: { thingArn: { S: name }, ...item } });
    const left = async () => (await db.scan({ TableName })).Items?.map(({ thingArn }) => thingArn?.S).sort();
    await running.cloud.advance(DAY_MS);
    expect(await left()).to.deep.equal(["later", "never", "text"]);
    await running.cloud.advance(DAY_MS);
    expect(await left()).to.deep.equal(["never", "text"]);
  });

  it("counts what reads and writes would be charged", async () => {
    await db.createTable(TABLE);
    const before = running.cloud.trace.usage()[PARTNER] ?? {};
    const { ConsumedCapacity } = await db.putItem({ TableName, Item: lamp });
    expect(ConsumedCapacity).to.equal(undefined);
    await db.getItem({ TableName, Key: lamp, ConsistentRead: true, ReturnConsumedCapacity: "TOTAL" });
    const after = running.cloud.trace.usage()[PARTNER] ?? {};
    expect((after["dynamodb:writes"] ?? 0) - (before["dynamodb:writes"] ?? 0)).to.equal(1);
    expect((after["dynamodb:reads"] ?? 0) - (before["dynamodb:reads"] ?? 0)).to.equal(1);
  });
});
