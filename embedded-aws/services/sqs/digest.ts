// MD5 sums that clients check («Calculating the MD5 message digest for message attributes», developer guide).
import { createHash } from "node:crypto";
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";

export const md5 = (data: string | Uint8Array): string => createHash("md5").update(data).digest("hex");

const STRING = 1;
const BINARY = 2;

function withLength(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as Uint8Array);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

export function attributesDigest(attributes: Readonly<Record<string, MessageAttributeValue>>): string {
  const parts = Object.keys(attributes)
    .sort()
    .flatMap((name) => {
      const { DataType = "", StringValue = "", BinaryValue } = attributes[name] ?? { DataType: "" };
      const binary = DataType.startsWith("Binary");
      const value = binary ? (BinaryValue ?? new Uint8Array()) : StringValue;
      return [withLength(name), withLength(DataType), Buffer.from([binary ? BINARY : STRING]), withLength(value)];
    });
  return md5(Buffer.concat(parts));
}
