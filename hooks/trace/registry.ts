// What the partner's device registry knows of a thing, a group or a type.
import { type AttributeValue, type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { regionalArn } from "../../shared/contract/names.ts";
import { SUBJECTS } from "../../shared/contract/operations.ts";
import { ATTRIBUTES } from "../../shared/contract/registry-attributes.ts";
import type { Wanted } from "./wanted.ts";

export interface Known {
  /** Its ARN. */
  readonly subject: string;
  /** Milliseconds since 1970: when the customer's registry was looked at. Undefined while only a claim is there. */
  readonly observedAt: number | undefined;
  readonly version: number | undefined;
  readonly deleted: boolean;
  /** Of the changes that were applied last, oldest first. */
  readonly eventIds: readonly string[];
  /** JSON. */
  readonly snapshot: string | undefined;
  /** Who is at work on it, or was when it ended without saying so. */
  readonly claim: { readonly eventId: string | undefined; readonly until: number } | undefined;
}

/** ARNs that what is wanted may have. @param customers whose it may be, where nobody said whose it is */
export function subjectsOf(
  { name, about, accountId, region }: Wanted,
  { customers, region: theirs }: { readonly customers: readonly string[]; readonly region: string },
): string[] {
  if (name === undefined) return [];
  const resources =
    about === undefined ? Object.values(SUBJECTS).map(({ arnResource }) => `${arnResource}/${name}`) : [about];
  const accounts = accountId === undefined ? customers : [accountId];
  return accounts.flatMap((account) =>
    resources.map((resource) => regionalArn("iot", { accountId: account, region: region ?? theirs }, resource)),
  );
}

const AT_ONCE = 10;

/** @throws what the SDK throws */
export async function readRegistry(
  client: DynamoDBClient,
  TableName: string,
  subjects: readonly string[],
): Promise<Known[]> {
  const known: Known[] = [];
  const rest = subjects.values();
  const worker = async () => {
    for (const subject of rest) {
      const Key = { [ATTRIBUTES.subject]: { S: subject } };
      const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      if (Item !== undefined) known.push(knownIn(subject, Item));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return known;
}

const number = (value: AttributeValue | undefined): number | undefined =>
  value?.N === undefined ? undefined : Number(value.N);
const texts = (value: AttributeValue | undefined): string[] => (value?.L ?? []).flatMap(({ S }) => S ?? []);

function knownIn(subject: string, item: Record<string, AttributeValue>): Known {
  const claim = item[ATTRIBUTES.claim]?.M;
  return {
    subject,
    observedAt: number(item[ATTRIBUTES.observedAt]),
    version: number(item[ATTRIBUTES.version]),
    deleted: item[ATTRIBUTES.deleted]?.BOOL === true,
    eventIds: texts(item[ATTRIBUTES.eventIds]),
    snapshot: item[ATTRIBUTES.snapshot]?.S,
    claim: claim && { eventId: claim["eventId"]?.S, until: number(claim["until"]) ?? 0 },
  };
}
