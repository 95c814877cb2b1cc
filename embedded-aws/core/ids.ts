import { randomBytes, randomFillSync, randomUUID } from "node:crypto";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Text of `length` characters of base 32, as in AWS's unique ids (AROA…, AIDA…, ASIA…). */
export const base32 = (bytes: Uint8Array, length: number): string =>
  Array.from({ length }, (_, index) => BASE32[(bytes[index % bytes.length] ?? 0) & 31]).join("");

/** A unique id with one of IAM's prefixes («IAM identifiers», unique ID prefixes): `AROA` and 17 characters. */
export const uniqueId = (prefix: "AROA" | "AIDA" | "AKIA" | "ASIA" | "ANPA"): string =>
  prefix + base32(randomBytes(17), prefix === "ASIA" || prefix === "AKIA" ? 16 : 17);

export const uuid = (): string => randomUUID();

/**
 * Random bytes in stock: each call has several ids in the trace, and asking the system for eight costs as much as for
 * thousands.
 */
const stock = Buffer.alloc(4096);
let used = stock.length;

/** Random hexadecimal digits, two for each of up to 4,096 bytes. */
export function hex(bytes: number): string {
  if (used + bytes > stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  return stock.toString("hex", used, (used += bytes));
}
