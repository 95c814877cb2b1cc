// Items: read and written by dynalite. Here stand who may, what it counts, and how a failed condition shows the item.
import type { AttributeValue, DynamoDB } from "@aws-sdk/client-dynamodb";
import { AwsError } from "../../core/errors.ts";
import { emitMetric } from "../../core/metrics.ts";
import { operations, type AnyOperation, type Call } from "../../core/service.ts";
import { ask, type Action, type InputOf } from "./engine.ts";
import { TABLES, nameOf, onTable, settingsOf } from "./state.ts";

type Unit = "reads" | "writes";
type Item = Record<string, AttributeValue>;

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
function measured<Name extends Action>(
  call: Call,
  unit: Unit,
  name: Name,
  input: InputOf<Name>,
  own: readonly string[],
) {
  const wanted = input.ReturnConsumedCapacity !== undefined && input.ReturnConsumedCapacity !== "NONE";
  const tables = call.cloud.state(TABLES, call);
  const output = ask(tables, name, wanted ? input : { ...input, ReturnConsumedCapacity: "TOTAL" }, own);
  const { TableName = "", CapacityUnits = 0 } = output.ConsumedCapacity ?? {};
  count(call, unit, TableName, CapacityUnits);
  return wanted ? output : { ...output, ConsumedCapacity: undefined };
}

function read<Name extends "getItem" | "query" | "scan">(
  name: Name,
  call: Call,
  input: InputOf<Name>,
  own: readonly string[] = [],
) {
  return measured(call, "reads", name, { ...input, TableName: nameOf(input.TableName, call) }, own);
}

const OWN_OF_WRITES = ["ReturnValuesOnConditionCheckFailure"];

function write<Name extends "putItem" | "updateItem" | "deleteItem">(
  name: Name,
  call: Call,
  input: InputOf<Name>,
  itemOrKey: Item | undefined,
) {
  const TableName = nameOf(input.TableName, call);
  try {
    return measured(call, "writes", name, { ...input, TableName }, OWN_OF_WRITES);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "ConditionalCheckFailedException") throw error;
    // A failed condition costs a write too, by the size of the item («Condition expressions», developer guide): here
    // always one unit.
    count(call, "writes", TableName, 1);
    emitMetric(call.cloud, call, "AWS/DynamoDB", "ConditionalCheckFailedRequests", { TableName }, 1);
    if (input.ReturnValuesOnConditionCheckFailure !== "ALL_OLD") throw error;
    const { key } = settingsOf(input.TableName, call);
    const Key = Object.fromEntries(key.map((part) => [part, itemOrKey?.[part] as AttributeValue]));
    const { Item: found } = ask(call.cloud.state(TABLES, call), "getItem", { TableName, Key, ConsistentRead: true });
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
    run: (input, call) => write("putItem", call, input, input.Item),
  },
  UpdateItem: {
    authorize: byTable("UpdateItem"),
    run: (input, call) => write("updateItem", call, input, input.Key),
  },
  DeleteItem: {
    authorize: byTable("DeleteItem"),
    run: (input, call) => write("deleteItem", call, input, input.Key),
  },
  GetItem: {
    authorize: byTable("GetItem"),
    run: (input, call) => read("getItem", call, input),
  },
  Query: {
    authorize: byTable("Query"),
    run: (input, call) => read("query", call, input),
  },
  Scan: {
    authorize: byTable("Scan"),
    // All scans are consistent here.
    run: (input, call) => read("scan", call, input, ["ConsistentRead"]),
  },
});

/** Data events, which management trails don't have («Logging DynamoDB operations by using AWS CloudTrail»). */
export const items: Readonly<Record<string, AnyOperation>> = Object.fromEntries(
  Object.entries(table).map(([name, operation]) => [name, { ...operation, record: { data: true } }]),
);
