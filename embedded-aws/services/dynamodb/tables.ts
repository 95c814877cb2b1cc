// Tables: made, described, changed and deleted by dynalite, which knows no accounts and no deletion protection.
import type { CreateTableInput, DynamoDB, TableDescription, TableStatus } from "@aws-sdk/client-dynamodb";
import type { Place } from "../../core/arn.ts";
import { AwsError } from "../../core/errors.ts";
import { uuid } from "../../core/ids.ts";
import { operations, type Call } from "../../core/service.ts";
import { creating, mergedTags } from "../../core/tags.ts";
import { ask, checkParameters } from "./engine.ts";
import { TABLES, invalid, nameOf, onTable, settingsOf, tableArn, type TableSettings } from "./state.ts";

const OWN_AT_CREATION = ["Tags", "DeletionProtectionEnabled", "StreamSpecification", "SSESpecification", "TableClass"];

/** dynalite's description, with the account and the Region in its ARNs, and with what is kept here. */
function described(table: TableDescription | undefined, place: Place, settings: TableSettings | undefined) {
  return {
    ...table,
    TableArn: tableArn(place, table?.TableName ?? ""),
    ...(settings ? { TableId: settings.id } : {}),
    DeletionProtectionEnabled: settings?.deletionProtection ?? false,
  };
}

/**
 * Waits for what dynalite does a turn after it answered. AWS takes seconds for it, and has waiters; here a test may use
 * a table as soon as CreateTable has answered, and make it anew as soon as DeleteTable has.
 */
async function untilStatus(wanted: TableStatus | undefined, TableName: string, call: Call): Promise<void> {
  for (;;) {
    const status = await ask(call.cloud, call, (client) => client.describeTable({ TableName })).then(
      ({ Table }) => Table?.TableStatus,
      (error: unknown) => {
        if (error instanceof AwsError && error.code === "ResourceNotFoundException") return undefined;
        throw error;
      },
    );
    if (status === wanted) return;
  }
}

async function create(input: CreateTableInput, call: Call) {
  await checkParameters("CreateTable", input, OWN_AT_CREATION);
  const tags = mergedTags(new Map(), input.Tags, invalid);
  const TableName = nameOf(input.TableName, call);
  const { TableDescription } = await ask(call.cloud, call, (client) =>
    client.createTable({ ...input, TableName }),
  ).catch((error: unknown) => {
    // dynalite has no words for this one; AWS's were recorded by another project's tests (LocalStack, 2025-10-08).
    const exists = error instanceof AwsError && error.code === "ResourceInUseException";
    throw exists ? new AwsError(error.code, `Table already exists: ${TableName}`) : error;
  });
  await untilStatus("ACTIVE", TableName, call);
  const settings: TableSettings = {
    id: uuid(),
    tags,
    key: (input.KeySchema ?? []).map(({ AttributeName = "" }) => AttributeName),
    deletionProtection: input.DeletionProtectionEnabled ?? false,
    timeToLive: undefined,
    pointInTimeRecovery: undefined,
    sweep: undefined,
  };
  call.cloud.state(TABLES, call).set(TableName, settings);
  return { TableDescription: described(TableDescription, call, settings) };
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
    run: async (input, call) => {
      const TableName = nameOf(input.TableName, call);
      const { Table } = await ask(call.cloud, call, (client) => client.describeTable({ TableName }));
      return { Table: described(Table, call, call.cloud.state(TABLES, call).get(TableName)) };
    },
  },
  ListTables: {
    authorize: () => ({ action: "dynamodb:ListTables", resource: "*" }),
    run: (input, call) => ask(call.cloud, call, (client) => client.listTables(input)),
  },
  UpdateTable: {
    authorize: (input, call) => onTable(call, "UpdateTable", input.TableName),
    run: async (input, call) => {
      const TableName = nameOf(input.TableName, call);
      const settings = settingsOf(input.TableName, call);
      if (input.DeletionProtectionEnabled === undefined)
        throw invalid(`UpdateTable of ${TableName} says nothing that is to be changed.`);
      const { Table } = await ask(call.cloud, call, (client) => client.describeTable({ TableName }));
      settings.deletionProtection = input.DeletionProtectionEnabled;
      return { TableDescription: described(Table, call, settings) };
    },
  },
  DeleteTable: {
    authorize: (input, call) => onTable(call, "DeleteTable", input.TableName),
    run: async (input, call) => {
      const TableName = nameOf(input.TableName, call);
      const settings = settingsOf(input.TableName, call);
      if (settings.deletionProtection)
        throw invalid(
          "Resource cannot be deleted as it is currently protected against deletion. Disable deletion " +
            "protection first.",
        );
      const { TableDescription } = await ask(call.cloud, call, (client) => client.deleteTable({ TableName }));
      await untilStatus(undefined, TableName, call);
      settings.sweep?.cancel();
      call.cloud.state(TABLES, call).delete(TableName);
      return { TableDescription: described(TableDescription, call, settings) };
    },
  },
});
