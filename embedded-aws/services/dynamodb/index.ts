// DynamoDB: tables and items are kept here; dynalite reads the expressions and does what they say.
import { AWS_JSON } from "../../core/common-errors.ts";
import type { Service } from "../../core/service.ts";
import { items } from "./items.ts";
import { settings } from "./settings.ts";
import { tables } from "./tables.ts";
import { tags } from "./tags.ts";

export const dynamodb: Service = {
  name: "dynamodb",
  signingNames: ["dynamodb"],
  eventSource: "dynamodb.amazonaws.com",
  model: () => import("@aws-sdk/client-dynamodb"),
  inputModel: new URL("../constraints/dynamodb.json", import.meta.url),
  errors: AWS_JSON,
  operations: { ...tables, ...items, ...settings, ...tags },
};
