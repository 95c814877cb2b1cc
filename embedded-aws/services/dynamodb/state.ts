// What is kept of a table.
import { arn, parseArn, type Place } from "../../core/arn.ts";
import type { Timer } from "../../core/clock.ts";
import { AwsError } from "../../core/errors.ts";
import type { Call, Permission } from "../../core/service.ts";
import { stateOf } from "../../core/state.ts";
import { resourceTagKeys } from "../../core/tags.ts";
import type { Table } from "./engine.ts";

export interface TableSettings extends Table {
  readonly tags: Map<string, string>;
  /** Names of the attributes that make the primary key. */
  readonly key: readonly string[];
  /**
   * Since when it could be restored to any second, and for how many days back; undefined while that is switched off.
   */
  pointInTimeRecovery: { readonly since: Date; readonly days: number } | undefined;
  deletionProtection: boolean;
  /** Attribute that holds the second in which an item expires. */
  timeToLive: string | undefined;
  /** The next removal of expired items. */
  sweep: Timer | undefined;
}

export const TABLES = stateOf("dynamodb", () => new Map<string, TableSettings>());

export const tableArn = (place: Place, name: string): string => arn("dynamodb", place, `table/${name}`);

/** What a request names a table by. @throws AwsError SerializationException for anything but text */
function textOf(table: unknown): string {
  if (typeof table === "string") return table;
  throw new AwsError("SerializationException", `A table is named by text, not by ${JSON.stringify(table)}.`);
}

export const invalid = (message: string) => new AwsError("ValidationException", message);

/**
 * The name of a table that a request names or gives the ARN of.
 * @throws AwsError ResourceNotFoundException for the ARN of a table of another account or Region, which no policy of
 *   a table can open here
 */
export function nameOf(table = "", call: Call): string {
  const parsed = parseArn(textOf(table));
  if (!parsed) return table;
  const name = parsed.resource.split("/")[1] ?? "";
  if (tableArn(call, name) !== table) throw noTable(table);
  return name;
}

/** Words as dynalite's, which were taken from AWS. */
const noTable = (name: string) =>
  new AwsError("ResourceNotFoundException", `Requested resource not found: Table: ${name} not found`);

/** @throws AwsError ResourceNotFoundException */
export function settingsOf(table: string | undefined, call: Call): TableSettings {
  const settings = call.cloud.state(TABLES, call).get(nameOf(table, call));
  if (!settings) throw noTable(table ?? "");
  return settings;
}

/** Permission on a table («Actions, resources, and condition keys for Amazon DynamoDB»). */
export function onTable(call: Call, action: string, table = ""): Permission {
  const resource = textOf(table).startsWith("arn:") ? table : tableArn(call, table);
  const tags = call.cloud.state(TABLES, call).get(resource.split("/")[1] ?? "")?.tags;
  return {
    action: `dynamodb:${action}`,
    resource,
    context: resourceTagKeys(tags),
  };
}
