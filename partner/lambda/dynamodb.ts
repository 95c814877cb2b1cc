import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CLIENT } from "../../shared/lambda/clients.ts";

/** A read or a write of an item takes some milliseconds: what takes longer is better asked again. */
const REQUEST_MS = 3_000;

/** One client for both tables: what it costs is to load it, and its first connection. */
export const dynamodb = (): DynamoDBClient =>
  new DynamoDBClient({
    ...CLIENT,
    // A claim that isn't applied runs the partner's own code again: worth one attempt more than usual.
    maxAttempts: 6,
    requestHandler: { connectionTimeout: REQUEST_MS, requestTimeout: REQUEST_MS, throwOnRequestTimeout: true },
  });
