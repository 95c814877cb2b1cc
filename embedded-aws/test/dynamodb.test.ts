import { DynamoDB, type AttributeValue, type ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import fc from "fast-check";
import { assumeWith } from "./roles.ts";
import { CUSTOMER, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";
import { runs } from "./runs.ts";
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

// Requests that look right from afar: one part in a few is anything at all.
const junk = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant([]), fc.constant({}));
const value = fc.oneof(
  fc.record({ S: fc.string() }),
  fc.record({ N: fc.oneof(fc.constant("1"), fc.string()) }),
  fc.record({ B: fc.uint8Array() }),
  fc.record({ L: fc.array(fc.oneof(fc.record({ S: fc.string() }), junk), { maxLength: 3 }) }),
  fc.record({ M: fc.dictionary(fc.string(), fc.oneof(fc.record({ S: fc.string() }), junk), { maxKeys: 3 }) }),
  fc.record({ SS: fc.array(fc.string(), { maxLength: 3 }) }),
);
const WORDS =
  "SET ADD REMOVE DELETE thingArn account #a :v = + - ( ) , AND OR NOT attribute_exists size " +
  "begins_with if_not_exists list_append BETWEEN IN < m.x[0] [99999999999]";
const expression = fc.oneof(
  fc.constantFrom("account = :v", "thingArn = :v", "SET account = :v", "#a = :v", "attribute_not_exists(thingArn)"),
  fc.array(fc.constantFrom(...WORDS.split(" ")), { maxLength: 8 }).map((words) => words.join(" ")),
  fc.string(),
);
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
const item = fc.record({ thingArn: fc.record({ S: fc.constant("lamp") }), account: maybe(value), m: maybe(value) });
const known = { TableName: fc.constant(TableName) };
const expressed = {
  ...known,
  ExpressionAttributeNames: maybe(fc.record({ "#a": fc.constantFrom("account", "m", "") })),
  ExpressionAttributeValues: maybe(fc.record({ ":v": value })),
};
const EXPECTED = [
  "ConditionalCheckFailedException",
  "NotModelledHere",
  "ResourceInUseException",
  "ResourceNotFoundException",
  "SerializationException",
  "ValidationException",
];
const requests = fc.oneof(
  fc.tuple(fc.constant("PutItem"), fc.record({ ...expressed, Item: item, ConditionExpression: maybe(expression) })),
  fc.tuple(fc.constant("UpdateItem"), fc.record({ ...expressed, Key: item, UpdateExpression: expression })),
  fc.tuple(
    fc.constant("UpdateItem"),
    fc.record({ ...expressed, Key: fc.constant({ thingArn: { S: "lamp" } }), UpdateExpression: expression }),
  ),
  fc.tuple(fc.constant("GetItem"), fc.record({ ...known, Key: item, ProjectionExpression: maybe(expression) })),
  fc.tuple(
    fc.constant("Query"),
    fc.record({
      ...expressed,
      KeyConditionExpression: expression,
      Limit: maybe(junk),
    }),
  ),
  fc.tuple(
    fc.constant("Scan"),
    fc.record({ ...expressed, FilterExpression: maybe(expression), ExclusiveStartKey: maybe(item) }),
  ),
  fc.tuple(
    fc.constantFrom("PutItem", "GetItem", "DeleteItem", "Scan", "CreateTable", "UpdateTable"),
    fc.record(
      {
        TableName: fc.oneof(fc.constant(TableName), junk),
        Item: junk,
        Key: junk,
        RequestItems: junk,
        KeySchema: junk,
      },
      { requiredKeys: [] },
    ),
  ),
);
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

  it("ends over no request, however malformed", async () => {
    await db.createTable(TABLE);
    const credential = running.cloud.administrator(PARTNER);
    const caller = { ...credential.caller, credential };
    const call = (operation: string, input: unknown) =>
      running.cloud.call({ service: "dynamodb", operation, input, caller, account: PARTNER, region: "us-east-1" });
    await fc.assert(
      fc.asyncProperty(requests, async ([operation, input]) => {
        // What is thrown in dynalite's own callbacks reaches mocha as an uncaught exception, which fails this test.
        await call(operation, input).catch((error: unknown) => {
          expect(error).to.have.property("code").that.is.oneOf(EXPECTED);
        });
      }),
      { numRuns: runs(60) },
    );
  });

  it("takes an expression with each request's own names and values", async () => {
    await db.createTable(TABLE);
    const set = (thing: string, attribute: string, value: AttributeValue) =>
      db.updateItem({
        TableName,
        Key: { thingArn: { S: thing } },
        UpdateExpression: "SET #a = :v",
        ConditionExpression: "attribute_not_exists(#a) OR #a = :v",
        ExpressionAttributeNames: { "#a": attribute },
        ExpressionAttributeValues: { ":v": value },
      });
    await set("lamp", "colour", { S: "red" });
    await set("fan", "colour", { S: "blue" });
    await set("fan", "speed", { S: "1" });
    await set("lamp", "speed", { N: "2" });
    expect(await codeOf(set("lamp", "colour", { S: "blue" }))).to.equal("ConditionalCheckFailedException");
    const { Items = [] } = await db.scan({ TableName });
    expect(
      Items.sort((one, other) => ((one["thingArn"]?.S ?? "") < (other["thingArn"]?.S ?? "") ? -1 : 1)),
    ).to.deep.equal([
      { thingArn: { S: "fan" }, colour: { S: "blue" }, speed: { S: "1" } },
      { thingArn: { S: "lamp" }, colour: { S: "red" }, speed: { N: "2" } },
    ]);
    const find = (FilterExpression: string, ...values: string[]) => {
      const named = values.map((value, index) => [`:${index}`, { S: value }] as const);
      return db.scan({ TableName, FilterExpression, ExpressionAttributeValues: Object.fromEntries(named) });
    };
    expect((await find("colour BETWEEN :0 AND :1", "a", "c")).Count).to.equal(1);
    expect(await failure(find("colour BETWEEN :0 AND :1", "c", "a"))).to.match(/upper bound/);
    expect((await find("attribute_type(speed, :0)", "N")).Count).to.equal(1);
    expect(await failure(find("attribute_type(speed, :0)", "T"))).to.match(
      /Invalid attribute type name found; type: T/,
    );
    for (let time = 0; time < 2; time++)
      expect(await failure(find("colour = :0", "red", "blue"))).to.match(/unused in expressions: keys: \{:1\}$/);
  });

  it("takes no longer for brackets in each other than for others", async () => {
    await db.createTable(TABLE);
    const refusal = (ConditionExpression: string) =>
      failure(db.putItem({ TableName, Item: lamp, ConditionExpression }));
    expect(await refusal("(".repeat(400))).to.match(/^ValidationException: Invalid ConditionExpression: /);
    const nested = `${"(".repeat(400)}a = b${")".repeat(400)}`;
    expect(await refusal(nested)).to.match(/The expression has redundant parentheses;$/);
    expect(await refusal(`${"NOT (a = b AND ".repeat(100)}(`)).to.match(/^ValidationException: /);
    const UpdateExpression = `SET a = ${"if_not_exists(a, (".repeat(100)}`;
    expect(await codeOf(db.updateItem({ TableName, Key: lamp, UpdateExpression }))).to.equal("ValidationException");
  });

  it("refuses expressions and indices of lists that are longer than DynamoDB takes", async () => {
    await db.createTable(TABLE);
    const FilterExpression = `a = b${" ".repeat(4092)}`;
    expect(await failure(db.scan({ TableName, FilterExpression }))).to.equal(
      "ValidationException: Invalid FilterExpression: Expression size has exceeded the maximum allowed size; " +
        "expression size: 4097",
    );
    const put = (index: number) =>
      db.updateItem({
        TableName,
        Key: lamp,
        UpdateExpression: `SET l[${index}] = :v`,
        ExpressionAttributeValues: { ":v": { S: "" } },
      });
    expect(await failure(put(4_294_967_295))).to.equal(
      "ValidationException: Invalid UpdateExpression: List index is not within the allowable range; " +
        "index: [4294967295]",
    );
    expect(await codeOf(put(4_294_967_294))).to.equal("NotModelledHere");
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
