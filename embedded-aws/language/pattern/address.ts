// IP addresses as numbers, so that an address block is a range. Source: aws/event-ruler, CIDR.java.

export interface Address {
  bits: 32 | 128;
  value: bigint;
}

/** The address that a text spells, or undefined. Dotted quads inside IPv6 aren't read, as in the original. */
export function readAddress(text: string): Address | undefined {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(text)) return readParts(text.split("."), 10, 8, 255, 32);
  if (!/^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/.test(text)) return undefined;
  const [left = "", right, ...more] = text.split("::");
  if (more.length > 0) return undefined;
  const head = left === "" ? [] : left.split(":");
  if (right === undefined) return head.length === 8 ? readGroups(head) : undefined;
  const tail = right === "" ? [] : right.split(":");
  const missing = 8 - head.length - tail.length;
  return missing < 1 ? undefined : readGroups([...head, ...Array<string>(missing).fill("0"), ...tail]);
}

const readGroups = (groups: string[]): Address | undefined => readParts(groups, 16, 16, 0xffff, 128);

function readParts(parts: string[], base: 10 | 16, width: number, top: number, bits: 32 | 128): Address | undefined {
  let value = 0n;
  for (const part of parts) {
    const number = parseInt(part, base);
    if (!(number <= top)) return undefined;
    value = (value << BigInt(width)) | BigInt(number);
  }
  return { bits, value };
}

/**
 * A test whether an address lies in a block such as 10.0.0.0/24.
 * @returns the test, or the sentence in which EventBridge says what is wrong with the block
 */
export function readBlock(text: string): ((address: Address) => boolean) | string {
  const [host, mask, ...more] = text.split("/");
  if (host === undefined || mask === undefined || more.length > 0) return "Malformed CIDR, one '/' required";
  if (!/^[+-]?\d+$/.test(mask)) return "Malformed CIDR, mask bits must be an integer";
  const maskBits = Number(mask);
  if (maskBits < 0) return "Malformed CIDR, mask bits must not be negative";
  const base = readAddress(host);
  if (base === undefined) return `Nonstandard IP address: ${host}`;
  if (maskBits >= base.bits) return `IPv${base.bits === 32 ? 4 : 6} mask bits must be < ${base.bits}`;
  const free = BigInt(base.bits - maskBits);
  return (address) => address.bits === base.bits && address.value >> free === base.value >> free;
}
