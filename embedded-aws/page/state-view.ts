// What there is in the accounts, for the page: things, queues with their letters, tables with their items. Read from
// the services' own state, so that looking changes nothing: no receive is counted, nothing stands in trail and trace.
import { textsOf } from "./items.ts";
import { ACCOUNTS, DEFAULT_REGION } from "../core/accounts.ts";
import type { Cloud } from "../core/service.ts";
import { ask } from "../services/dynamodb/engine.ts";
import { TABLES, type TableSettings } from "../services/dynamodb/state.ts";
import { REGISTRY } from "../services/iot/state.ts";
import { depth, expire, QUEUES, type Message, type Queue } from "../services/sqs/state.ts";
import { writersOf } from "./letter-writers.ts";
import type { AccountView, LetterView, QueueView, TableView } from "./client/view.ts";

/** How many of each are shown. */
const MOST_THINGS = 50;
const MOST_LETTERS = 20;
const MOST_ITEMS = 50;
/** Characters of a letter's body or an item's attribute. */
const MOST_TEXT = 4_000;

const cut = (text: string): string =>
  text.length <= MOST_TEXT ? text : `${text.slice(0, MOST_TEXT)}… (${text.length} characters)`;

function letterView({ id, body, attributes, sentAt, receives }: Message): LetterView {
  const named = Object.entries(attributes).map(
    ([name, { StringValue, DataType = "" }]) => [name, cut(StringValue ?? DataType)] as const,
  );
  return { id, sentAt, receives, attributes: named, body: cut(body) };
}

function queueView(cloud: Cloud, queue: Queue): QueueView {
  const now = cloud.clock.now();
  expire(queue, now);
  const letters = [...queue.messages.values()].slice(0, MOST_LETTERS).map(letterView);
  return { name: queue.name, writers: writersOf(cloud, queue), ...depth(queue, now), letters };
}

function tableView(
  name: string,
  { key, items: all }: TableSettings,
  tables: ReadonlyMap<string, TableSettings>,
): TableView {
  const { Items = [] } = ask(tables, "scan", { TableName: name, Limit: MOST_ITEMS });
  const items = Items.map(textsOf);
  const others = new Set(items.flatMap((item) => Object.keys(item)));
  for (const attribute of key) others.delete(attribute);
  const columns = [...key, ...[...others].sort()];
  const rows = items.map((item) => columns.map((column) => cut(item[column] ?? "")));
  return { name, key, count: all.size, columns, rows };
}

/** The accounts, all of them, as they are now in the Region that the page is about. */
export function accountViews(cloud: Cloud): AccountView[] {
  return ACCOUNTS.map(({ profile, id }) => {
    const place = { account: id, region: DEFAULT_REGION };
    const things = [...cloud.state(REGISTRY, place).things.values()];
    const tables = cloud.state(TABLES, place);
    return {
      name: profile,
      id,
      thingCount: things.length,
      things: things
        .slice(-MOST_THINGS)
        .reverse()
        .map(({ name, version, attributes }) => ({ name, version, attributes })),
      queues: [...cloud.state(QUEUES, place).queues.values()].map((queue) => queueView(cloud, queue)),
      tables: [...tables].map(([name, table]) => tableView(name, table, tables)),
    };
  });
}
