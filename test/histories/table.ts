// The registry's table without HTTP: dynalite's own checks, expressions and store, called one after the other.
import { createRequire } from "node:module";
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DeleteItemCommand,
  type DynamoDBClient,
  type UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { parseOnce } from "./parse-once.ts";

/** As the program makes it. */
const tableOf = (TableName: string) => ({
  TableName,
  BillingMode: "PAY_PER_REQUEST",
  KeySchema: [{ AttributeName: "subject", KeyType: "HASH" }],
  AttributeDefinitions: [{ AttributeName: "subject", AttributeType: "S" }],
});

type Item = Record<string, AttributeValue>;
type Write = UpdateItemCommand | DeleteItemCommand;
type Operation = "createTable" | "describeTable" | "deleteItem" | "getItem" | "putItem" | "scan" | "updateItem";
interface Validation {
  readonly types: object;
  readonly custom: unknown;
}
type Action = (store: object, data: object, done: (error: unknown, output: object) => void) => void;

const require = createRequire(import.meta.url);
const { create } = require("dynalite/db") as { create: (options: object) => object };
const { checkTypes, checkValidations } = require("dynalite/validations") as {
  checkTypes: (data: object, types: object) => object;
  checkValidations: (data: object, types: object, custom: unknown, store: object) => void;
};

for (const parser of ["conditionParser", "updateParser"])
  parseOnce(require(`dynalite/db/${parser}`) as Parameters<typeof parseOnce>[0]);

export class Table {
  readonly name = "registry";
  readonly #store = create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });

  static async make(): Promise<Table> {
    const table = new Table();
    await table.#ask("createTable", tableOf(table.name));
    for (;;) {
      const described = await table.#ask("describeTable", { TableName: table.name });
      if ((described as { Table: { TableStatus: string } }).Table.TableStatus === "ACTIVE") return table;
    }
  }

  /** As the client that the registry is given. */
  readonly send = (async (command: Write) => {
    const { ReturnValuesOnConditionCheckFailure: shown, ...input } = command.input;
    try {
      return await this.#ask("UpdateExpression" in input ? "updateItem" : "deleteItem", input);
    } catch (error) {
      const { body } = error as { body?: { __type?: string } };
      if (body?.__type?.endsWith("#ConditionalCheckFailedException") !== true) throw error;
      const Key = input.Key;
      const found = shown === "ALL_OLD" ? await this.#ask("getItem", { TableName: this.name, Key }) : {};
      const { Item } = found as { Item?: Item };
      throw new ConditionalCheckFailedException({
        message: "The conditional request failed",
        $metadata: {},
        ...(Item === undefined ? {} : { Item }),
      });
    }
  }) as unknown as DynamoDBClient["send"];

  async items(): Promise<Item[]> {
    return ((await this.#ask("scan", { TableName: this.name })) as { Items: Item[] }).Items;
  }

  async put(Item: Item): Promise<void> {
    await this.#ask("putItem", { TableName: this.name, Item });
  }

  async remove({ subject }: Item): Promise<void> {
    await this.#ask("deleteItem", { TableName: this.name, Key: { subject } });
  }

  async empty(): Promise<void> {
    for (const item of await this.items()) await this.remove(item);
  }

  #ask(operation: Operation, input: object): Promise<object> {
    const { types, custom } = require(`dynalite/validations/${operation}`) as Validation;
    const action = require(`dynalite/actions/${operation}`) as Action;
    const { promise, resolve, reject } = Promise.withResolvers<object>();
    const data = checkTypes(structuredClone(input), types);
    checkValidations(data, types, custom, this.#store);
    action(this.#store, data, (error, output) => {
      if (error === null || error === undefined) resolve(structuredClone(output));
      else reject(error);
    });
    return promise;
  }
}
