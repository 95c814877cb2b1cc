// The partner's own code of the fault matrix: each run is an item in a table of its own, by a call
// that nothing else in the function makes, so that it can fail alone.
import { randomUUID } from "node:crypto";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Delivery } from "../../partner/lambda/unpack.ts";

const dynamodb = new DynamoDBClient();

export async function onThing({ message }: Delivery): Promise<void> {
  const Item = { run: { S: randomUUID() }, message: { S: JSON.stringify(message) } };
  await dynamodb.send(new PutItemCommand({ TableName: process.env["EFFECTS_TABLE"], Item }));
}
