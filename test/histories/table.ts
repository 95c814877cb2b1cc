// The registry's table without a cloud around it: the embedded AWS's engine, asked directly.
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DeleteItemCommand,
  type DynamoDBClient,
  type UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { type Action, ask, type InputOf, ItemsInOrder, type OutputOf } from "embedded-aws/testing";

type Item = Record<string, AttributeValue>;
type Write = UpdateItemCommand | DeleteItemCommand;

export class Table {
  readonly name = "registry";
  readonly #items = new ItemsInOrder();
  readonly #tables = new Map([
    [
      this.name,
      {
        // As the program makes it.
        description: {
          KeySchema: [{ AttributeName: "subject", KeyType: "HASH" as const }],
          AttributeDefinitions: [{ AttributeName: "subject", AttributeType: "S" as const }],
        },
        items: this.#items,
      },
    ],
  ]);

  /** As the client that the registry is given. */
  readonly send = (async ({ input: { ReturnValuesOnConditionCheckFailure: shown, ...input } }: Write) => {
    try {
      return await this.#ask("UpdateExpression" in input ? "updateItem" : "deleteItem", input);
    } catch (error) {
      if ((error as { code?: string }).code !== "ConditionalCheckFailedException") throw error;
      const key = { TableName: this.name, Key: input.Key };
      const { Item } = shown === "ALL_OLD" ? await this.#ask("getItem", key) : {};
      throw new ConditionalCheckFailedException({
        message: "The conditional request failed",
        $metadata: {},
        ...(Item === undefined ? {} : { Item }),
      });
    }
  }) as unknown as DynamoDBClient["send"];

  async items(): Promise<Item[]> {
    return (await this.#ask("scan", { TableName: this.name })).Items ?? [];
  }

  async put(Item: Item): Promise<void> {
    await this.#ask("putItem", { TableName: this.name, Item });
  }

  async remove({ subject }: Item): Promise<void> {
    await this.#ask("deleteItem", { TableName: this.name, Key: { subject: subject as AttributeValue } });
  }

  async empty(): Promise<void> {
    for (const item of await this.items()) await this.remove(item);
  }

  /** A promise, as every answer of a client. */
  #ask<Name extends Action>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
    return new Promise((resolve) => {
      resolve(ask(this.#tables, name, input));
    });
  }
}
