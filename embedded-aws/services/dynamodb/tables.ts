// Tables: made, described, changed and deleted, by inputs that dynalite checks. One may be used as soon as CreateTable
// has answered, and made anew as soon as DeleteTable has: AWS takes seconds for either, and has waiters.
import type {
  CreateTableInput,
  DynamoDB,
  ListTablesInput,
  TableDescription,
  TableStatus,
} from "@aws-sdk/client-dynamodb";
import { AwsError } from "../../core/errors.ts";
import { uuid } from "../../core/ids.ts";
import { operations, type Call } from "../../core/service.ts";
import { creating, mergedTags } from "../../core/tags.ts";
import { checked } from "./engine.ts";
import { ItemsInOrder } from "./items-in-order.ts";
import { TABLES, invalid, nameOf, onTable, settingsOf, tableArn, type TableSettings } from "./state.ts";

const OWN_AT_CREATION = ["Tags", "DeletionProtectionEnabled", "StreamSpecification", "SSESpecification", "TableClass"];

/** On demand it has no throughput of its own, which is shown as zero. */
function describing(input: CreateTableInput, call: Call): TableDescription {
  const { TableName = "", AttributeDefinitions, KeySchema, BillingMode } = input;
  const { ReadCapacityUnits = 0, WriteCapacityUnits = 0 } = input.ProvisionedThroughput ?? {};
  const onDemand = {
    BillingModeSummary: { BillingMode: "PAY_PER_REQUEST", LastUpdateToPayPerRequestDateTime: call.time },
    TableThroughputModeSummary: { TableThroughputMode: "PAY_PER_REQUEST" },
  } as const;
  return {
    TableName,
    AttributeDefinitions,
    KeySchema,
    TableArn: tableArn(call, TableName),
    TableId: uuid(),
    CreationDateTime: call.time,
    ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits, NumberOfDecreasesToday: 0 },
    // AWS counts every six hours or so («DescribeTable»).
    ItemCount: 0,
    TableSizeBytes: 0,
    ...(BillingMode === "PAY_PER_REQUEST" ? onDemand : {}),
  };
}

const described = ({ description, deletionProtection }: TableSettings, TableStatus: TableStatus) => ({
  ...description,
  TableStatus,
  DeletionProtectionEnabled: deletionProtection,
});

function create(input: CreateTableInput, call: Call) {
  const TableName = nameOf(input.TableName, call);
  checked("createTable", { ...input, TableName }, OWN_AT_CREATION);
  const tags = mergedTags(new Map(), input.Tags, invalid);
  const tables = call.cloud.state(TABLES, call);
  // AWS's words were recorded by another project's tests (LocalStack, 2025-10-08).
  if (tables.has(TableName)) throw new AwsError("ResourceInUseException", `Table already exists: ${TableName}`);
  const settings: TableSettings = {
    description: describing({ ...input, TableName }, call),
    items: new ItemsInOrder(),
    tags,
    key: (input.KeySchema ?? []).map(({ AttributeName = "" }) => AttributeName),
    deletionProtection: input.DeletionProtectionEnabled ?? false,
    timeToLive: undefined,
    pointInTimeRecovery: undefined,
    sweep: undefined,
  };
  tables.set(TableName, settings);
  return { TableDescription: described(settings, "CREATING") };
}

/** «ListTables»: by default, and at most. */
const MOST_NAMES = 100;

function list(input: ListTablesInput, call: Call) {
  checked("listTables", input);
  const { ExclusiveStartTableName: after = "", Limit = MOST_NAMES } = input;
  const names = [...call.cloud.state(TABLES, call).keys()].sort().filter((name) => name > after);
  const TableNames = names.slice(0, Limit);
  return { TableNames, LastEvaluatedTableName: names.length > Limit ? TableNames.at(-1) : undefined };
}

export const tables = operations<DynamoDB>({
  CreateTable: {
    // «Tagging resources in DynamoDB»: tags at creation need both permissions.
    authorize: (input, call) =>
      creating(onTable(call, "CreateTable", input.TableName), "dynamodb:TagResource", input.Tags),
    run: create,
  },
  DescribeTable: {
    authorize: (input, call) => onTable(call, "DescribeTable", input.TableName),
    run: (input, call) => ({ Table: described(settingsOf(input.TableName, call), "ACTIVE") }),
  },
  ListTables: {
    authorize: () => ({ action: "dynamodb:ListTables", resource: "*" }),
    run: list,
  },
  UpdateTable: {
    authorize: (input, call) => onTable(call, "UpdateTable", input.TableName),
    run: (input, call) => {
      const settings = settingsOf(input.TableName, call);
      if (input.DeletionProtectionEnabled === undefined)
        throw invalid(`UpdateTable of ${settings.description.TableName} says nothing that is to be changed.`);
      settings.deletionProtection = input.DeletionProtectionEnabled;
      return { TableDescription: described(settings, "ACTIVE") };
    },
  },
  DeleteTable: {
    authorize: (input, call) => onTable(call, "DeleteTable", input.TableName),
    run: (input, call) => {
      const settings = settingsOf(input.TableName, call);
      if (settings.deletionProtection)
        throw invalid(
          "Resource cannot be deleted as it is currently protected against deletion. Disable deletion " +
            "protection first.",
        );
      settings.sweep?.cancel();
      call.cloud.state(TABLES, call).delete(nameOf(input.TableName, call));
      return { TableDescription: described(settings, "DELETING") };
    },
  },
});
