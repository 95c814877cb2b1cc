// Time to live: expired items stay readable until they are removed in the background, which AWS does within a few
// days of their expiry («Using time to live (TTL) in DynamoDB», developer guide). Here it happens once a day.
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Place } from "../../core/arn.ts";
import type { Cloud } from "../../core/service.ts";
import { AwsError } from "../../core/errors.ts";
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
        const removed = await sweep(cloud, place, table, settings.key, attribute);
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
  cloud: Cloud,
  place: Place,
  TableName: string,
  key: readonly string[],
  attribute: string,
): Promise<number> {
  const now = cloud.clock.now();
  const seconds = (ms: number): AttributeValue => ({ N: String(Math.floor(ms / 1000)) });
  const names = { "#expiry": attribute };
  const values = { ":number": { S: "N" }, ":now": seconds(now), ":longAgo": seconds(now - FIVE_YEARS_MS) };
  const condition = { ExpressionAttributeNames: names, ExpressionAttributeValues: values };
  let removed = 0;
  let from: Record<string, AttributeValue> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await ask(cloud, place, (client) =>
      client.scan({ TableName, FilterExpression: EXPIRED, ExclusiveStartKey: from, ...condition }),
    );
    for (const item of Items) {
      const Key = Object.fromEntries(key.map((name) => [name, item[name] as AttributeValue]));
      try {
        await ask(cloud, place, (client) =>
          client.deleteItem({ TableName, Key, ConditionExpression: EXPIRED, ...condition }),
        );
        removed++;
      } catch (error) {
        // Written anew since it was found: it lives on.
        if (!(error instanceof AwsError) || error.code !== "ConditionalCheckFailedException") throw error;
      }
    }
    from = LastEvaluatedKey;
  } while (from);
  return removed;
}
