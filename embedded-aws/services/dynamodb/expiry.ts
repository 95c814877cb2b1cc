// Time to live: expired items stay readable until they are removed in the background, which AWS does within a few
// days of their expiry («Using time to live (TTL) in DynamoDB», developer guide). Here it happens once a day.
import { setImmediate as turn } from "node:timers/promises";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Place } from "../../core/arn.ts";
import type { Cloud } from "../../core/service.ts";
import { childSpan } from "../../core/trace.ts";
import { ask } from "./engine.ts";
import { TABLES, type TableSettings } from "./state.ts";

const DAY_MS = 86_400_000;
/** Items that expired earlier are left alone, as on the page named above. */
const FIVE_YEARS_MS = 5 * 365 * DAY_MS;

const EXPIRED = "attribute_type(#expiry, :number) AND #expiry < :now AND #expiry > :longAgo";

/** Removes the table's expired items a day from now, and each day after that, while its time to live is switched on. */
export function scheduleSweep(cloud: Cloud, place: Place, table: string, settings: TableSettings): void {
  settings.sweep?.cancel();
  settings.sweep = cloud.clock.after(DAY_MS, () => {
    const attribute = settings.timeToLive;
    if (attribute === undefined || cloud.state(TABLES, place).get(table) !== settings) return;
    const span = childSpan(undefined);
    cloud.background(
      async () => {
        const removed = await sweep(cloud.state(TABLES, place), cloud.clock.now(), table, attribute);
        if (removed > 0)
          cloud.effect({ span, ...at(place), service: "dynamodb", name: "ItemsExpired", detail: { table, removed } });
      },
      { span, ...at(place), service: "dynamodb", name: "ItemsExpired", detail: { table } },
    );
    scheduleSweep(cloud, place, table, settings);
  });
}

const at = ({ account, region }: Place) => ({ account, region });

async function sweep(
  tables: ReadonlyMap<string, TableSettings>,
  now: number,
  TableName: string,
  attribute: string,
): Promise<number> {
  const seconds = (ms: number): AttributeValue => ({ N: String(Math.floor(ms / 1000)) });
  const names = { "#expiry": attribute };
  const values = { ":number": { S: "N" }, ":now": seconds(now), ":longAgo": seconds(now - FIVE_YEARS_MS) };
  const condition = { ExpressionAttributeNames: names, ExpressionAttributeValues: values };
  let removed = 0;
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = { TableName, FilterExpression: EXPIRED, ExclusiveStartKey: from, ...condition };
    const { Items = [], LastEvaluatedKey } = ask(tables, "scan", page);
    for (const item of Items) ask(tables, "deleteItem", { TableName, Key: keyOf(tables, TableName, item) });
    removed += Items.length;
    from = LastEvaluatedKey;
    // Others have their turn between two pages.
    await turn();
    // The table may be gone by then.
  } while (from && tables.has(TableName));
  return removed;
}

function keyOf(tables: ReadonlyMap<string, TableSettings>, table: string, item: Record<string, AttributeValue>) {
  const names = tables.get(table)?.key ?? [];
  return Object.fromEntries(names.map((name) => [name, item[name] as AttributeValue]));
}
