// What expressions may be, and requests that are none of DynamoDB's.
import { DynamoDB, type AttributeValue } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import fc from "fast-check";
import { PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";
import { runs } from "./runs.ts";
import { codeOf } from "./trails.ts";

const TableName = "devices";
const TABLE = {
  TableName,
  BillingMode: "PAY_PER_REQUEST" as const,
  KeySchema: [{ AttributeName: "thingArn", KeyType: "HASH" as const }],
  AttributeDefinitions: [{ AttributeName: "thingArn", AttributeType: "S" as const }],
};

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

describe("DynamoDB's expressions", () => {
  let running: RunningCloud;
  let db: DynamoDB;
  before(async () => {
    running = await startCloud();
    db = new DynamoDB(running.config(PARTNER));
  });
  beforeEach(() => running.cloud.reset());
  after(() => running.endpoint.close());

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
});
