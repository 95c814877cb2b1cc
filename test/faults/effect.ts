// The partner's own code of the fault matrix: each run is an item in a table of its own, by a call
// that nothing else in the function makes, so that it can fail alone.
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Delivery } from "../../partner/lambda/unpack.ts";

const dynamodb = new DynamoDBClient();

export async function onThing({ message }: Delivery): Promise<void> {
  const Item = {
    run: { S: randomUUID() },
    at: { N: String(Date.now()) },
    message: { S: JSON.stringify(message) },
  };
  try {
    await dynamodb.send(new PutItemCommand({ TableName: process.env["EFFECTS_TABLE"], Item }));
  } catch (error) {
    if (error instanceof Error && error.name === "AllocateWithoutEnd") await allocateWithoutEnd();
    throw error;
  }
}

async function allocateWithoutEnd(): Promise<void> {
  const kept: Buffer[] = [];
  // Written to, or the system would only promise it; with pauses, in which it is looked at.
  for (;;) {
    kept.push(Buffer.alloc(16 << 20, 1));
    await setTimeout(5);
  }
}
