import type {
  AttributeDefinition,
  AttributeValue,
  AttributeValueUpdate,
  DescribeContinuousBackupsOutput,
} from "@aws-sdk/client-dynamodb";
import type { Clients } from "../clients.ts";
import { type Properties, type ResourceType, defined, tagList, tagMap, tagsIn, unlessGone } from "../resource.ts";

const definitionsOf = (inputs: Properties): AttributeDefinition[] =>
  (inputs.attributes as { name: string; type: "B" | "N" | "S" }[]).map(({ name, type }) => ({
    AttributeName: name,
    AttributeType: type,
  }));

interface TimeToLive {
  readonly attributeName: string;
  readonly enabled?: boolean;
}
interface Recovery {
  readonly enabled: boolean;
  readonly recoveryPeriodInDays?: number;
}
const timeToLive = (inputs: Properties): string | undefined => {
  const ttl = inputs.ttl as TimeToLive | undefined;
  return ttl?.enabled === true ? ttl.attributeName : undefined;
};

/** Each is a call of its own, made where it differs. */
async function switches(aws: Clients, TableName: string, news: Properties, olds: Properties): Promise<void> {
  const dynamodb = await aws.dynamodb();
  const [attribute, before] = [timeToLive(news), timeToLive(olds)];
  if (attribute !== before) {
    const change = (AttributeName: string, Enabled: boolean) =>
      dynamodb.updateTimeToLive({ TableName, TimeToLiveSpecification: { AttributeName, Enabled } });
    if (before !== undefined) await change(before, false);
    if (attribute !== undefined) await change(attribute, true);
  }
  const recovery = (of: Properties) => (of.pointInTimeRecovery ?? { enabled: false }) as Recovery;
  const { enabled, recoveryPeriodInDays } = recovery(news);
  const last = recovery(olds);
  if (enabled !== last.enabled || (enabled && recoveryPeriodInDays !== last.recoveryPeriodInDays)) {
    await dynamodb.updateContinuousBackups({
      TableName,
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: enabled,
        ...(enabled ? { RecoveryPeriodInDays: recoveryPeriodInDays } : {}),
      },
    });
  }
}

/** AWS's own number of days is no difference to a program that gives none. */
function recoveryOf({ ContinuousBackupsDescription }: DescribeContinuousBackupsOutput, known: Properties): Properties {
  const it = ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  const given = (known.pointInTimeRecovery as Recovery | undefined)?.recoveryPeriodInDays !== undefined;
  return defined({
    enabled: it?.PointInTimeRecoveryStatus === "ENABLED",
    recoveryPeriodInDays: given ? it?.RecoveryPeriodInDays : undefined,
  });
}

/** With a hash key, on demand. Its id is its name. */
export const table: ResourceType = {
  autoName: { property: "name", maxLength: 255 },
  required: ["attributes", "hashKey"],
  optional: ["deletionProtectionEnabled", "pointInTimeRecovery", "ttl"],
  replaceOn: ["attributes", "hashKey", "name"],
  computed: ["arn"],
  tagged: true,
  fixed: { billingMode: "PAY_PER_REQUEST" },
  async create(aws, inputs) {
    const dynamodb = await aws.dynamodb();
    const TableName = inputs.name as string;
    await dynamodb.createTable({
      TableName,
      AttributeDefinitions: definitionsOf(inputs),
      KeySchema: [{ AttributeName: inputs.hashKey as string, KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
      DeletionProtectionEnabled: (inputs.deletionProtectionEnabled ?? false) as boolean,
      Tags: tagList(tagsIn(inputs)),
    });
    const { waitUntilTableExists } = await import("@aws-sdk/client-dynamodb");
    await waitUntilTableExists({ client: dynamodb, maxWaitTime: 60, minDelay: 1 }, { TableName });
    await switches(aws, TableName, inputs, {});
    return TableName;
  },
  async read(aws, id, known) {
    const dynamodb = await aws.dynamodb();
    const it = (await unlessGone(dynamodb.describeTable({ TableName: id })))?.Table;
    if (!it) return undefined;
    const { TimeToLiveDescription: ttl } = await dynamodb.describeTimeToLive({ TableName: id });
    const { Tags } = await dynamodb.listTagsOfResource({ ResourceArn: it.TableArn });
    return defined({
      name: it.TableName,
      arn: it.TableArn,
      attributes: it.AttributeDefinitions?.map(({ AttributeName, AttributeType }) => ({
        name: AttributeName,
        type: AttributeType,
      })),
      hashKey: it.KeySchema?.[0]?.AttributeName,
      deletionProtectionEnabled: it.DeletionProtectionEnabled,
      pointInTimeRecovery: recoveryOf(await dynamodb.describeContinuousBackups({ TableName: id }), known),
      ttl: ttl?.TimeToLiveStatus === "ENABLED" ? { attributeName: ttl.AttributeName, enabled: true } : undefined,
      tagsAll: tagMap(Tags),
    });
  },
  async update(aws, id, news, olds) {
    const dynamodb = await aws.dynamodb();
    const protectedNow = (news.deletionProtectionEnabled ?? false) as boolean;
    if (protectedNow !== (olds.deletionProtectionEnabled ?? false)) {
      await dynamodb.updateTable({ TableName: id, DeletionProtectionEnabled: protectedNow });
    }
    await switches(aws, id, news, olds);
  },
  tagging: {
    tag: async (aws, { arn }, tags) =>
      (await aws.dynamodb()).tagResource({ ResourceArn: arn as string, Tags: tagList(tags) }),
    untag: async (aws, { arn }, TagKeys) =>
      (await aws.dynamodb()).untagResource({ ResourceArn: arn as string, TagKeys }),
  },
  async delete(aws, id) {
    await unlessGone((await aws.dynamodb()).deleteTable({ TableName: id }));
  },
};

type Item = Record<string, AttributeValue>;
const itemOf = ({ item }: Properties): Item => JSON.parse(item as string) as Item;
const keyOf = (state: Properties): Item => {
  const hashKey = state.hashKey as string;
  return { [hashKey]: itemOf(state)[hashKey] as AttributeValue };
};

/**
 * An item of a table with a hash key that is a text. As the provider does it (terraform-provider-aws,
 * internal/service/dynamodb/table_item.go): an item that is there already is no one's to overwrite, and attributes that
 * somebody else added are a difference.
 */
export const tableItem: ResourceType = {
  required: ["tableName", "hashKey", "item"],
  replaceOn: ["tableName", "hashKey"],
  computed: [],
  json: ["item"],
  async create(aws, inputs) {
    const { tableName: TableName, hashKey } = inputs as { tableName: string; hashKey: string };
    const Item = itemOf(inputs);
    await (
      await aws.dynamodb()
    ).putItem({
      TableName,
      Item,
      ConditionExpression: "attribute_not_exists(#key)",
      ExpressionAttributeNames: { "#key": hashKey },
    });
    return `${TableName}|${hashKey}||${Item[hashKey]?.S ?? ""}|`;
  },
  /** `table|key`. */
  async imported(aws, given) {
    const [tableName = "", key = ""] = given.split("|");
    const { Table } = await (await aws.dynamodb()).describeTable({ TableName: tableName });
    const hashKey = Table?.KeySchema?.[0]?.AttributeName ?? "";
    const item = JSON.stringify({ [hashKey]: { S: key } });
    return { id: `${tableName}|${hashKey}||${key}|`, state: { tableName, hashKey, item } };
  },
  async read(aws, _id, state) {
    const { tableName, hashKey } = state as { tableName: string; hashKey: string };
    const request = { TableName: tableName, Key: keyOf(state), ConsistentRead: true };
    const found = await unlessGone((await aws.dynamodb()).getItem(request));
    return found?.Item && { tableName, hashKey, item: JSON.stringify(found.Item) };
  },
  async update(aws, _id, news, olds) {
    const dynamodb = await aws.dynamodb();
    const TableName = news.tableName as string;
    const [item, before] = [itemOf(news), itemOf(olds)];
    const isKey = (name: string) => name === news.hashKey;
    const changes: Record<string, AttributeValueUpdate> = {};
    for (const name of Object.keys(before)) if (!isKey(name)) changes[name] = { Action: "DELETE" };
    for (const [name, Value] of Object.entries(item)) if (!isKey(name)) changes[name] = { Action: "PUT", Value };
    const [Key, old] = [keyOf(news), keyOf(olds)];
    await dynamodb.updateItem({ TableName, Key, AttributeUpdates: changes });
    // Under another key it is another item.
    if (JSON.stringify(old) !== JSON.stringify(Key)) await dynamodb.deleteItem({ TableName, Key: old });
  },
  async delete(aws, _id, state) {
    await unlessGone((await aws.dynamodb()).deleteItem({ TableName: state.tableName as string, Key: keyOf(state) }));
  },
};
