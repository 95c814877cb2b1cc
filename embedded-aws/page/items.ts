// Items of a table as text: whatever types an item has, a cell is read by a person.
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

type Item = Readonly<Record<string, AttributeValue>>;

function plain(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  // As text: a number of DynamoDB has more digits than one of JavaScript.
  if (value.N !== undefined) return value.N;
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL === true) return null;
  if (value.M) return Object.fromEntries(Object.entries(value.M).map(([key, member]) => [key, plain(member)]));
  if (value.L) return value.L.map(plain);
  if (value.SS ?? value.NS) return value.SS ?? value.NS;
  return "(bytes)";
}

export const textsOf = (item: Item): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => {
      const shown = plain(value);
      return [name, typeof shown === "string" ? shown : JSON.stringify(shown)];
    }),
  );
