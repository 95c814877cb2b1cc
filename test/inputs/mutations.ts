// Values that are nearly right: one that is, with up to three of its members replaced, removed or added.
import fc from "fast-check";
import { CUSTOMER, PARTNER, THING_ARN } from "../lambda/records.ts";

const nested = (levels: number): unknown => {
  let value: unknown = "end";
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? { in: value } : [value];
  return value;
};

/** What has broken readers of texts, names, numbers and trees before. */
const NASTY: readonly unknown[] = [
  ...[
    "",
    " ",
    "a\u0000b",
    "\u001b[2J\u001b]0;owned\u0007",
    "\u009b31m",
    "gpj.\u202egnp",
    "\u2066x\u2069",
    "\u2028",
    "\ud800",
  ],
  ...[
    "x".repeat(200),
    "x".repeat(5_000),
    "厨".repeat(2_000),
    "厨".repeat(1_024),
    "\u0007".repeat(2_000),
    '"\\'.repeat(2_000),
  ],
  ...["constructor", "__proto__", "toString", "../../etc/passwd", "a/b", "%00", "${jndi:x}", "<script>", "lamp\n"],
  ...[
    PARTNER,
    "333333333333",
    "1",
    "us-east-1",
    "eu-west-1",
    "xx-nowhere-1",
    "us-east-1\n",
    "cn-north-1",
    "UpdateThing",
  ],
  ...[
    THING_ARN.replace(CUSTOMER, PARTNER),
    THING_ARN.replace("us-east-1", "eu-west-1"),
    `${THING_ARN}/x`,
    "arn:aws:iot",
  ],
  ...["arn:aws:iot:us-east-1:*:thing/*", `arn:aws-cn:iot:us-east-1:${CUSTOMER}:thing/lamp`, "2026-02-30T00:00:00Z"],
  ...["9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "2026-01-02T03:04:05+14:00", "2026-01-02 03:04:05Z", "now"],
  ...[null, true, 0, -1, 1.5, 1e20, 1e308, Number.MAX_SAFE_INTEGER + 2, NaN, Infinity],
  ...[[], {}, [[]], { length: 3 }, { toString: 7 }, nested(30), nested(400)],
];

/** 128 KB and more, now and then. */
const large = fc.constantFrom<unknown>("x".repeat(140_000), Array<number>(60_000).fill(1));
const replacement = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 8, arbitrary: fc.string({ unit: "binary" }) },
  { weight: 4, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: large },
);

interface Mutation {
  readonly at: number;
  readonly how: "replace" | "remove" | "add";
  readonly key: string;
  readonly value: unknown;
}
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(200),
  how: fc.constantFrom("replace", "replace", "replace", "remove", "add"),
  key: fc.oneof(
    fc.constantFrom(
      ...["__proto__", "constructor", "attributes", "principal", "thingGroupArn", "hook"],
      ...["billingGroupName", "billingGroupArn"],
    ),
    fc.string({ unit: "binary", maxLength: 20 }),
  ),
  value: replacement,
});

type Container = Record<string, unknown>;

/** Every member of an object and of those in it; not of what was put in. */
function members(of: Container): (readonly [Container, string])[] {
  return Object.entries(of).flatMap(([key, value]) => [
    [of, key] as const,
    ...(typeof value === "object" && value !== null ? members(value as Container) : []),
  ]);
}

function define(container: Container, key: string, value: unknown): void {
  // As JSON.parse does it: an own member, even of this name.
  Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
}

function mutate(original: object, mutations: readonly Mutation[]): unknown {
  const copy = structuredClone(original) as Container;
  const places = members(copy);
  for (const { at, how, key, value } of mutations) {
    const [container, member] = places[at % places.length] ?? [copy, ""];
    if (how === "remove") Reflect.deleteProperty(container, member);
    else define(container, how === "add" ? key : member, value);
  }
  return copy;
}

/** @param original plain JSON */
export const nearly = (original: object): fc.Arbitrary<unknown> =>
  fc.array(mutation, { minLength: 0, maxLength: 3 }).map((mutations) => mutate(original, mutations));
