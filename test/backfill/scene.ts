// An account full of things that nobody was told of, and both sides deployed afterwards.
import { DynamoDB, paginateScan } from "@aws-sdk/client-dynamodb";
import { IoT, paginateListThings } from "@aws-sdk/client-iot";
import {
  CUSTOMER,
  type Customer,
  PARTNER,
  type Partner,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  startCloud,
} from "../flow/deployment.ts";

const OPERATIONS = JSON.stringify(["create_thing", "update_thing", "delete_thing"]);

export interface Scene {
  readonly running: RunningCloud;
  readonly customer: Customer;
  readonly partner: Partner;
  readonly iot: IoT;
}

export async function fleet(count: number, config: Readonly<Record<string, string>> = {}): Promise<Scene> {
  const running = await startCloud();
  const iot = new IoT(running.config(CUSTOMER));
  await createThings(iot, "thing", count);
  const customer = await deployCustomer(running, { operations: OPERATIONS, ...config });
  const partner = await deployPartner(running, undefined, { operations: OPERATIONS });
  return { running, customer, partner, iot };
}

export async function createThings(iot: IoT, prefix: string, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`).values();
  const worker = async () => {
    for (const thingName of names) await iot.createThing({ thingName });
  };
  await Promise.all(Array.from({ length: 20 }, worker));
}

/** By name: id and version of each thing, as the customer's account has it. */
export async function registered({ iot }: Pick<Scene, "iot">): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  for await (const { things = [] } of paginateListThings({ client: iot, pageSize: 250 }, {}))
    for (const { thingName = "", version = 0 } of things) found[thingName] = version;
  return found;
}

/** The same as the partner's registry has it: things that are there. */
export async function knownByPartner({ running, partner }: Scene): Promise<Readonly<Record<string, number>>> {
  const client = new DynamoDB(running.config(PARTNER));
  const found: Record<string, number> = {};
  for await (const { Items = [] } of paginateScan({ client }, { TableName: partner.outputs.registryTableName }))
    for (const { subject, version, deleted } of Items)
      if (deleted?.BOOL === false) found[subject?.S?.split("/")[1] ?? ""] = Number(version?.N);
  return found;
}
