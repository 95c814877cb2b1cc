// Items: read and written by dynalite. Here stand who may, what it counts, and how a failed condition shows the item.
import type { AttributeValue, ConsumedCapacity, DynamoDB } from "@aws-sdk/client-dynamodb";
import { AwsError } from "../../core/errors.ts";
import { emitMetric } from "../../core/metrics.ts";
import { operations, type AnyOperation, type Call } from "../../core/service.ts";
import { stateOf } from "../../core/state.ts";
import { ask, checkParameters } from "./engine.ts";
import { TABLES, nameOf, onTable, settingsOf } from "./state.ts";

type Unit = "reads" | "writes";
type Item = Record<string, AttributeValue>;
interface Measured {
  readonly ReturnConsumedCapacity?: "INDEXES" | "NONE" | "TOTAL" | undefined;
}

const METRICS: Readonly<Record<Unit, string>> = {
  reads: "ConsumedReadCapacityUnits",
  writes: "ConsumedWriteCapacityUnits",
};

function count(call: Call, unit: Unit, table: string, units: number): void {
  // AWS prices request units, which are capacity units of one request («Amazon DynamoDB pricing», on-demand).
  call.cloud.trace.count(call.account, `dynamodb:${unit}`, units);
  emitMetric(call.cloud, call, "AWS/DynamoDB", METRICS[unit], { TableName: table }, units);
}

/** Asks with the consumed capacity switched on, counts it, and gives it on only where the caller wants it. */
async function measured<
  Input extends Measured,
  Output extends { ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] | undefined },
>(call: Call, unit: Unit, input: Input, question: (client: DynamoDB, input: Input) => Promise<Output>) {
  const wanted = input.ReturnConsumedCapacity !== undefined && input.ReturnConsumedCapacity !== "NONE";
  const output = await ask(call.cloud, call, (client) =>
    question(client, wanted ? input : { ...input, ReturnConsumedCapacity: "TOTAL" }),
  );
  for (const { TableName = "", CapacityUnits = 0 } of [(output as Output).ConsumedCapacity ?? []].flat())
    count(call, unit, TableName, CapacityUnits);
  return wanted ? output : { ...output, ConsumedCapacity: undefined };
}

interface ConditionalWrite extends Measured {
  readonly TableName: string | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: "ALL_OLD" | "NONE" | undefined;
}

/** By table and key: the last write of each item that isn't done yet. */
const WRITES = stateOf("dynamodb writes", () => new Map<string, Promise<unknown>>());

/** After the item's other writes, so that a failed condition shows the item that it met. */
async function inTurn<T>(call: Call, table: string, itemOrKey: Item | undefined, run: () => Promise<T>): Promise<T> {
  const names = call.cloud.state(TABLES, call).get(table)?.key ?? [];
  const item = JSON.stringify([table, ...names.map((name) => itemOrKey?.[name])]);
  const writes = call.cloud.state(WRITES, call);
  const mine = (writes.get(item) ?? Promise.resolve()).then(run, run);
  writes.set(item, mine);
  try {
    return await mine;
  } finally {
    if (writes.get(item) === mine) writes.delete(item);
  }
}

async function write<
  Input extends ConditionalWrite,
  Output extends { ConsumedCapacity?: ConsumedCapacity | undefined },
>(
  operation: string,
  call: Call,
  input: Input,
  itemOrKey: Item | undefined,
  question: (client: DynamoDB, input: Input) => Promise<Output>,
) {
  await checkParameters(operation, input, ["ReturnValuesOnConditionCheckFailure"]);
  const TableName = nameOf(input.TableName, call);
  return inTurn(call, TableName, itemOrKey, () => writeNow(TableName, call, input, itemOrKey, question));
}

async function writeNow<
  Input extends ConditionalWrite,
  Output extends { ConsumedCapacity?: ConsumedCapacity | undefined },
>(
  TableName: string,
  call: Call,
  input: Input,
  itemOrKey: Item | undefined,
  question: (client: DynamoDB, input: Input) => Promise<Output>,
) {
  try {
    return await measured(call, "writes", { ...input, TableName }, question);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "ConditionalCheckFailedException") throw error;
    // A failed condition costs a write too, by the size of the item («Condition expressions», developer guide): here
    // always one unit.
    count(call, "writes", TableName, 1);
    emitMetric(call.cloud, call, "AWS/DynamoDB", "ConditionalCheckFailedRequests", { TableName }, 1);
    if (input.ReturnValuesOnConditionCheckFailure !== "ALL_OLD") throw error;
    const { key } = settingsOf(input.TableName, call);
    const Key = Object.fromEntries(key.map((name) => [name, itemOrKey?.[name] as AttributeValue]));
    const { Item: found } = await ask(call.cloud, call, (client) =>
      client.getItem({ TableName, Key, ConsistentRead: true }),
    );
    throw new AwsError(error.code, error.message, found ? { fields: { Item: asJson(found) } } : {});
  }
}

/** Members of an error are written as they are: binary values have to be text already. */
const asJson = (value: unknown): unknown =>
  value instanceof Uint8Array
    ? Buffer.from(value).toString("base64")
    : Array.isArray(value)
      ? value.map(asJson)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asJson(member)]))
        : value;

interface OfTable {
  readonly TableName: string | undefined;
}
const byTable = (action: string) => (input: OfTable, call: Call) => onTable(call, action, input.TableName);

const table = operations<DynamoDB>({
  PutItem: {
    authorize: byTable("PutItem"),
    run: (input, call) => write("PutItem", call, input, input.Item, (client, known) => client.putItem(known)),
  },
  UpdateItem: {
    authorize: byTable("UpdateItem"),
    run: (input, call) => write("UpdateItem", call, input, input.Key, (client, known) => client.updateItem(known)),
  },
  DeleteItem: {
    authorize: byTable("DeleteItem"),
    run: (input, call) => write("DeleteItem", call, input, input.Key, (client, known) => client.deleteItem(known)),
  },
  GetItem: {
    authorize: byTable("GetItem"),
    run: async (input, call) => {
      await checkParameters("GetItem", input);
      const TableName = nameOf(input.TableName, call);
      return measured(call, "reads", { ...input, TableName }, (client, known) => client.getItem(known));
    },
  },
  Query: {
    authorize: byTable("Query"),
    run: async (input, call) => {
      await checkParameters("Query", input);
      const TableName = nameOf(input.TableName, call);
      return measured(call, "reads", { ...input, TableName }, (client, known) => client.query(known));
    },
  },
  Scan: {
    authorize: byTable("Scan"),
    run: async (input, call) => {
      // dynalite's scans are always consistent.
      await checkParameters("Scan", input, ["ConsistentRead"]);
      const TableName = nameOf(input.TableName, call);
      return measured(call, "reads", { ...input, TableName }, (client, known) => client.scan(known));
    },
  },
});

/** Data events, which management trails don't have («Logging DynamoDB operations by using AWS CloudTrail»). */
export const items: Readonly<Record<string, AnyOperation>> = Object.fromEntries(
  Object.entries(table).map(([name, operation]) => [name, { ...operation, record: { data: true } }]),
);
