// The last hop: whether the partner's device registry knows the event.
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { regionalArn } from "../../shared/contract/names.ts";
import { inWords } from "../printable.ts";
import { readRegistry } from "../trace/registry.ts";
import type { Hop } from "./hops.ts";

const hop = "the device registry knows it";

/** @param customer where the thing is; undefined where only the partner's side is at hand, which isn't told */
export const registryHop =
  (
    client: DynamoDBClient,
    tableName: string,
    customer: { readonly accountId: string; readonly region: string } | undefined,
  ) =>
  async (thingName: string, eventId: string): Promise<Hop> => {
    if (customer === undefined)
      return { hop, state: "not looked at", detail: "the thing's Region isn't known here: see the function's outcome" };
    try {
      const [known] = await readRegistry(client, tableName, [regionalArn("iot", customer, `thing/${thingName}`)]);
      return known?.eventIds.includes(eventId) === true ? { hop, state: "passed" } : { hop, state: "not seen" };
    } catch (error) {
      if (!(error instanceof Error && "$metadata" in error)) throw error;
      return { hop, state: "not looked at", detail: `needs dynamodb:GetItem on ${tableName}: ${inWords(error)}` };
    }
  };
