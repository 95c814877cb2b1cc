// Where a story is read: of each side that can be reached, its log and its queues; at the partner the registry too, at
// the customer CloudTrail's event history.
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { HookFunction } from "../../shared/contract/tags.ts";
import { listedCustomers } from "../customers.ts";
import { type Deployment, openDeployment } from "../deployment.ts";
import { type Seen, lookInto } from "../letters/look.ts";
import { chosenQueues } from "../letters/queue.ts";
import type { LogGroup } from "../logs/read.ts";
import { type BothOptions, optionsOf } from "../options.ts";
import { inWords } from "../printable.ts";
import type { Side } from "../sides.ts";
import { UserError } from "../user-error.ts";

export interface Sources {
  readonly groups: readonly LogGroup[];
  readonly queues: readonly { readonly side: Side; readonly name: string; readonly look: () => Promise<Seen> }[];
  /** Undefined without the partner's side, or where it keeps none. */
  readonly registry: { readonly client: DynamoDBClient; readonly tableName: string } | undefined;
  readonly cloudTrail: CloudTrailClient | undefined;
  /** Account of the customer whose side is there. */
  readonly customerId: string | undefined;
  /** Accounts whose things may be in the registry. @throws what the SDK throws */
  readonly customers: () => Promise<readonly string[]>;
  /** Where their things are, unless an ARN says it: the customer's Region, else the partner's. */
  readonly region: string;
  readonly gaps: readonly string[];
  readonly inWords: (error: unknown) => string;
}

export interface Sides {
  readonly customer?: Deployment<"customer">;
  readonly partner?: Deployment<"partner">;
  /** Why a side isn't there, in a sentence. */
  readonly missing: Partial<Record<Side, string>>;
}

/** @param only undefined: both, or the one that can be reached. @throws UserError where none can be */
export async function openSides(only: Side | undefined, options: BothOptions): Promise<Sides> {
  const missing: Partial<Record<Side, string>> = {};
  const open = async <S extends Side>(side: S): Promise<Deployment<S> | undefined> => {
    if (only !== undefined && only !== side) {
      missing[side] = `only the ${only}'s side was asked for.`;
      return undefined;
    }
    try {
      return await openDeployment(side, optionsOf(side, options));
    } catch (error) {
      if (!(error instanceof UserError) || only !== undefined) throw error;
      missing[side] = error.message;
      return undefined;
    }
  };
  const [customer, partner] = [await open("customer"), await open("partner")];
  if (customer === undefined && partner === undefined)
    throw new UserError(["Neither side can be looked at.", ...new Set(Object.values(missing))].join(" "));
  return { ...(customer && { customer }), ...(partner && { partner }), missing };
}

export const groupsOf = ({ customer, partner }: Sides): LogGroup[] => [
  ...groupsIn(customer, { announce: customer?.outputs, reconcile: customer?.outputs.reconciliation }),
  ...groupsIn(partner, { receive: partner?.outputs }),
];

function groupsIn(
  deployment: Deployment<Side> | undefined,
  functions: Readonly<Partial<Record<HookFunction, { readonly logGroupName: string } | undefined>>>,
): LogGroup[] {
  if (deployment === undefined) return [];
  const of = { side: deployment.side, logs: new CloudWatchLogsClient(deployment.client) };
  return Object.entries(functions).flatMap(([name, outputs]) =>
    outputs === undefined ? [] : { ...of, function: name as HookFunction, logGroupName: outputs.logGroupName },
  );
}

/** @param most letters that are read of each queue */
export function sourcesOf(sides: Sides, most: number, signal: AbortSignal): Sources {
  const { customer, partner, missing } = sides;
  const tableName = partner?.outputs.registryTableName;
  return {
    groups: groupsOf(sides),
    queues: [customer, partner].flatMap((of) => (of === undefined ? [] : queuesOf(of, most, signal))),
    registry:
      partner && tableName !== undefined ? { client: new DynamoDBClient(partner.client), tableName } : undefined,
    cloudTrail: customer && new CloudTrailClient(customer.client),
    customerId: customer?.outputs.accountId,
    customers: () => customersOf(sides),
    region: (customer ?? partner)?.outputs.region ?? "",
    gaps: Object.entries(missing).map(([side, why]) => `the ${side}'s half is missing: ${why}`),
    inWords,
  };
}

const queuesOf = ({ side, outputs, client }: Deployment<Side>, most: number, signal: AbortSignal) =>
  chosenQueues(outputs.deadLetterQueueUrls, undefined).map(({ name, url }) => ({
    side,
    name,
    look: () => lookInto(new SQSClient(client), { taker: side, url, most, signal }),
  }));

/** The one whose side is there; else all of the partner's. */
async function customersOf({ customer, partner }: Sides): Promise<readonly string[]> {
  if (customer !== undefined) return [customer.outputs.accountId];
  if (partner === undefined) return [];
  const { client, outputs } = partner;
  const listed = await listedCustomers(new DynamoDBClient(client), outputs.hub.customersTableName);
  return listed.map(({ accountId }) => accountId);
}
