// Claims from "Amazon EventBridge event patterns", "Matching null values and empty strings", "Arrays in event patterns"
// (EventBridge user guide), and where they are silent from the public source of aws/event-ruler.
import { expect } from "chai";
import { compilePattern, explain, matches } from "../../../language/pattern/index.ts";

const match = (pattern: object | string, event: unknown): boolean =>
  matches(compilePattern(typeof pattern === "string" ? pattern : JSON.stringify(pattern)), event);

describe("an event pattern", () => {
  const created = {
    source: ["aws.iot"],
    "detail-type": ["AWS API Call via CloudTrail"],
    detail: { eventSource: ["iot.amazonaws.com"], eventName: ["CreateThing"], errorCode: [{ exists: false }] },
  };
  const record = {
    source: "aws.iot",
    "detail-type": "AWS API Call via CloudTrail",
    detail: { eventSource: "iot.amazonaws.com", eventName: "CreateThing", requestParameters: { thingName: "lamp" } },
  };

  it("matches an event that has every field as wanted, and others besides", () => {
    expect(match(created, record)).to.equal(true);
  });
  it("doesn't match when one field is another", () => {
    expect(match(created, { ...record, source: "mine" })).to.equal(false);
  });
  it("leaves out calls that failed when it asks for no errorCode", () => {
    expect(match(created, { ...record, detail: { ...record.detail, errorCode: "AccessDenied" } })).to.equal(false);
  });
  it("takes null for a value that is there", () => {
    expect(match({ a: [{ exists: false }] }, { a: null })).to.equal(false);
    expect(match({ a: [{ exists: true }] }, { a: null })).to.equal(true);
  });
  it("takes a field for absent when it has no leaf: an object in its place, an empty object or list", () => {
    for (const a of [{ b: 1 }, {}, [], [[]], [{}]]) {
      expect(match({ a: [{ exists: false }] }, { a }), JSON.stringify(a)).to.equal(true);
      expect(match({ a: [{ exists: true }] }, { a }), JSON.stringify(a)).to.equal(false);
    }
  });
  it("accepts absence beside values", () => {
    const pattern = { a: ["x", { exists: false }] };
    expect([{}, { a: "x" }, { a: "y" }].map((event) => match(pattern, event))).to.deep.equal([true, true, false]);
  });
  it("can ask for absence alone", () => {
    expect(match({ a: { b: [{ exists: false }] } }, { a: { c: 1 } })).to.equal(true);
  });
  it("doesn't find a nested field at the top, nor a top field nested", () => {
    expect(match({ a: { b: [1] } }, { b: 1 })).to.equal(false);
    expect(match({ b: [1] }, { a: { b: 1 } })).to.equal(false);
  });
  it("doesn't look into strings that hold JSON", () => {
    expect(match({ a: { b: [1] } }, { a: '{"b":1}' })).to.equal(false);
  });
  it("doesn't take a field of the event's prototype for its own", () => {
    expect(match({ toString: [{ exists: true }] }, {})).to.equal(false);
  });
  it("takes names joined with dots for a path, as event-ruler does", () => {
    expect(match({ a: { b: [1] } }, { "a.b": 1 })).to.equal(true);
    expect(match({ "a.b": [1] }, { a: { b: 1 } })).to.equal(true);
  });
  it("goes by the last of two entries of one name", () => {
    expect(match('{"a":[{"prefix":"us-"}],"a":[{"anything-but":"us-east"}]}', { a: "eu" })).to.equal(true);
    expect(match('{"a":["x"],"a":["y"]}', { a: "x" })).to.equal(false);
  });
  it("joins two objects of one name", () => {
    const pattern = '{"a":{"b":[1]},"a":{"c":[2]}}';
    expect(match(pattern, { a: { b: 1, c: 2 } })).to.equal(true);
    expect(match(pattern, { a: { c: 2 } })).to.equal(false);
  });
  it("matches nothing but objects", () => {
    for (const event of [null, undefined, "a", 1, true, [], [{ a: 1 }]]) {
      expect(match({ b: [{ exists: false }] }, event), JSON.stringify(event)).to.equal(false);
    }
  });
  it("reads every escape and blank that JSON has", () => {
    expect(
      match('\t{ "\\u0061\\"\\\\\\/\\n" :\r\n[ "\\t" , null,true , false,-0.5e+1 ] } \n', { 'a"\\/\n': -5 }),
    ).to.equal(true);
  });
});

describe("an event pattern and arrays in the event", () => {
  it("matches when any element does", () => {
    expect(match({ resources: ["b"] }, { resources: ["a", "b"] })).to.equal(true);
    expect(match({ resources: ["c"] }, { resources: ["a", "b"] })).to.equal(false);
  });
  it("finds scalars in arrays in arrays", () => {
    expect(match({ a: [3] }, { a: [1, [2, [3]]] })).to.equal(true);
  });
  it("finds fields of objects in arrays", () => {
    expect(match({ a: { b: [2] } }, { a: [{ b: 1 }, { b: 2 }] })).to.equal(true);
  });
  it("holds two fields to the same element", () => {
    const pattern = { a: { x: [1], y: [2] } };
    expect(match(pattern, { a: [{ x: 1 }, { y: 2 }] })).to.equal(false);
    expect(
      match(pattern, {
        a: [
          { x: 1, y: 1 },
          { x: 2, y: 2 },
        ],
      }),
    ).to.equal(false);
    expect(
      match(pattern, {
        a: [
          { x: 1, y: 1 },
          { x: 1, y: 2 },
        ],
      }),
    ).to.equal(true);
  });
  it("holds two fields to the same element at every depth", () => {
    const pattern = { a: { b: { x: [1], y: [2] }, z: [3] } };
    expect(match(pattern, { a: [{ b: [{ x: 1 }, { y: 2 }], z: 3 }] })).to.equal(false);
    expect(match(pattern, { a: [{ b: [{ x: 1, y: 2 }] }, { z: 3 }] })).to.equal(false);
    expect(
      match(pattern, {
        a: [
          { b: [{ x: 1, y: 2 }], z: 4 },
          { b: [{ x: 0 }, { x: 1, y: 2 }], z: 3 },
        ],
      }),
    ).to.equal(true);
  });
  it("doesn't hold fields of different arrays together", () => {
    expect(match({ a: { x: [1] }, b: { y: [2] } }, { a: [{ x: 0 }, { x: 1 }], b: [{ y: 2 }, { y: 0 }] })).to.equal(
      true,
    );
  });
  it("doesn't hold scalars of one array apart", () => {
    expect(match({ a: { x: [1], y: [3] } }, { a: { x: [0, 1], y: [3, 4] } })).to.equal(true);
  });
  it("goes back to another element when the first choice fits one field only", () => {
    const pattern = { a: { p: [1], q: [2], r: [3] } };
    const a = [
      { p: 1, q: 2 },
      { p: 1, r: 3 },
      { q: 2, r: 3 },
    ];
    expect(match(pattern, { a })).to.equal(false);
    expect(match(pattern, { a: [...a, { p: 1, q: 2, r: 3 }] })).to.equal(true);
  });
  it("takes elements of arrays in arrays for their own", () => {
    expect(match({ a: { x: [1], y: [2] } }, { a: [[{ x: 1 }, { y: 2 }]] })).to.equal(false);
    expect(match({ a: { x: [1], y: [2] } }, { a: [[{ x: 0 }], [{ x: 1, y: 2 }]] })).to.equal(true);
  });
  it("knows every value within an element", () => {
    expect(
      match(
        { a: { b: [1], x: [2] } },
        {
          a: [
            { b: 1, x: [3, 2] },
            { b: 0, x: [9] },
          ],
        },
      ),
    ).to.equal(true);
  });
  it("joins a dotted name, which lies in no element, with any", () => {
    const event = {
      a: [
        { b: 1, x: 5 },
        { b: 2, x: 6 },
      ],
      "a.x": 7,
    };
    expect(match({ a: { b: [1], x: [7] } }, event)).to.equal(true);
    expect(match({ a: { b: [1], x: [6] } }, event)).to.equal(false);
  });
  it("holds fields together that come after one outside", () => {
    const pattern = { a: [1], b: { x: [1], y: [2] } };
    expect(match(pattern, { a: 1, b: [{ x: 1 }, { y: 2 }] })).to.equal(false);
    expect(match(pattern, { a: 1, b: [{ x: 1, y: 2 }] })).to.equal(true);
  });
  it("asks for absence within the element chosen by the names before it in order, as event-ruler does", () => {
    const a = [{ m: 1, z: 0 }, { m: 2 }];
    expect(match({ a: { m: [2], z: [{ exists: false }] } }, { a })).to.equal(true);
    expect(match({ a: { m: [1], z: [{ exists: false }] } }, { a })).to.equal(false);
    expect(match({ a: { m: [2], b: [{ exists: false }] } }, { a: [{ m: 1, b: 0 }, { m: 2 }] })).to.equal(false);
  });
  it("is answered at once for an event as large as EventBridge takes", () => {
    const elements = Array.from({ length: 100 }, () => ({ b: Array.from({ length: 100 }, (_, y) => ({ x: 1, y })) }));
    const begin = performance.now();
    expect(match({ a: { b: { x: [1], y: [-1] } } }, { a: elements })).to.equal(false);
    expect(performance.now() - begin).to.be.below(5000);
  });
  it("is answered for arrays nested deeper than calls may be", () => {
    let a: unknown = 1;
    for (let depth = 0; depth < 20_000; depth++) a = [a];
    expect(match({ a: [1] }, { a })).to.equal(true);
  });
});

describe("$or in an event pattern", () => {
  const pattern = { source: ["s"], $or: [{ metric: ["m"] }, { type: ["t"], $or: [{ id: [1] }, { id: [2] }] }] };

  it("matches by either side, together with what stands beside it", () => {
    expect(match(pattern, { source: "s", metric: "m" })).to.equal(true);
    expect(match(pattern, { source: "s", type: "t", id: 2 })).to.equal(true);
    expect(match(pattern, { source: "s", type: "t", id: 3 })).to.equal(false);
    expect(match(pattern, { source: "s" })).to.equal(false);
    expect(match(pattern, { source: "x", metric: "m" })).to.equal(false);
  });
  it("works inside of an object, with fields named after it too", () => {
    const nested = { detail: { $or: [{ a: [1] }, { b: { c: [2] } }], d: [3] } };
    expect(match(nested, { detail: { b: { c: 2 }, d: 3 } })).to.equal(true);
    expect(match(nested, { detail: { b: { c: 2 } } })).to.equal(false);
    expect(match(nested, { a: 1, detail: { d: 3 } })).to.equal(false);
  });
  it("multiplies with another", () => {
    const both = { $or: [{ a: [1] }, { b: [1] }], x: { $or: [{ c: [1] }, { d: [1] }] } };
    expect(match(both, { b: 1, x: { c: 1 } })).to.equal(true);
    expect(match(both, { a: 1, b: 1 })).to.equal(false);
  });
  it("holds none of the names that event-ruler reserves", () => {
    const reserved = (
      "exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex " +
      "not-wildcard " +
      "not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range " +
      "ip-address-in-range ip-address-not-in-range"
    ).split(" ");
    for (const name of reserved) {
      expect(() => compilePattern(JSON.stringify({ $or: [{ a: [1] }, { [name]: [1] }] })), name).to.throw(
        `${name} is Ruler reserved fieldName which cannot be used inside $or.`,
      );
      expect(match({ [name]: [1] }, { [name]: 1 }), name).to.equal(true);
    }
  });
  it("is the name of a field where it can't be the relationship", () => {
    expect(match({ $or: ["x"] }, { $or: "x" })).to.equal(true);
    expect(match({ $or: { a: [1] } }, { $or: { a: 1 } })).to.equal(true);
    expect(match({ $or: [{ prefix: "a" }, { suffix: "b" }] }, { $or: "ab" })).to.equal(true);
    expect(match({ $or: [{ prefix: "a" }] }, { $or: "ab" })).to.equal(true);
  });
});

describe("the explanation of a mismatch", () => {
  const why = (pattern: object, event: unknown): string | undefined =>
    explain(compilePattern(JSON.stringify(pattern)), event);

  it("is none for a match", () => {
    expect(why({ a: [1] }, { a: 1 })).to.equal(undefined);
  });
  it("names the field, what is there and what was wanted", () => {
    expect(why({ a: { b: ["x", { prefix: "y" }] } }, { a: { b: "z" } })).to.equal(
      'a.b is "z"; the pattern wants "x" or a string with the prefix "y".',
    );
  });
  it("says that a field is missing", () => {
    expect(why({ a: [1] }, {})).to.equal("The event has no field a; the pattern wants 1.");
  });
  it("says that a field is too many", () => {
    expect(why({ a: [{ exists: false }] }, { a: 1 })).to.equal("a is 1; the pattern wants no such field.");
  });
  it("lists at most three values, and cuts long ones", () => {
    expect(why({ a: [9] }, { a: [1, 2, 3] })).to.equal("a is 1, 2, 3; the pattern wants 9.");
    expect(why({ a: [9] }, { a: [1, 2, 3, 4] })).to.equal("a is 1, 2, 3, …; the pattern wants 9.");
    const [cut, whole] = ["x".repeat(99), "x".repeat(98)];
    expect(why({ a: [9] }, { a: cut })).to.equal(`a is "${cut}…; the pattern wants 9.`);
    expect(why({ a: [9] }, { a: whole })).to.equal(`a is "${whole}"; the pattern wants 9.`);
  });
  it("says that fields lie in different elements", () => {
    expect(why({ a: { x: [1], y: [2] } }, { a: [{ x: 1 }, { y: 2 }] })).to.equal(
      "Each field has a value that the pattern wants, but not within the same array element.",
    );
  });
  it("goes by the nearest alternative of $or", () => {
    const pattern = {
      $or: [
        { a: [1], b: [1] },
        { a: [0], c: [2] },
        { d: [1], e: [1] },
      ],
    };
    expect(why(pattern, { a: 0, c: 1 })).to.equal(
      "c is 1; the pattern wants 2 (the nearest of the pattern's 3 alternatives).",
    );
  });
  it("goes by the first alternative of those equally near, and is none when any matches", () => {
    const pattern = { $or: [{ a: [1] }, { b: [1] }] };
    expect(why(pattern, {})).to.contain("no field a");
    expect(why(pattern, { b: 1 })).to.equal(undefined);
  });
  it("says that the event isn't an object", () => {
    expect(why({ a: [1] }, [])).to.equal("The event is not a JSON object.");
  });

  const wishes: [entry: unknown, wants: string][] = [
    [null, "null"],
    [1.5, "1.5"],
    [{ prefix: { "equals-ignore-case": "a" } }, 'a string with the prefix "a" in any case'],
    [{ suffix: { "equals-ignore-case": "a" } }, 'a string with the suffix "a" in any case'],
    [{ suffix: "a" }, 'a string with the suffix "a"'],
    [{ wildcard: "a*" }, 'a string like "a*"'],
    [{ "equals-ignore-case": "a" }, 'in any case "a"'],
    [{ "anything-but": "z" }, 'anything but "z"'],
    [{ "anything-but": { suffix: ["z", "y"] } }, 'anything but a string with the suffix "z", "y"'],
    [{ numeric: ["<", 3] }, "a number < 3"],
    [{ numeric: [">", 3, "<=", 4] }, "a number > 3 and <= 4"],
    [{ cidr: "10.0.0.0/8" }, "an IP address in 10.0.0.0/8"],
    [{ exists: true }, "any value"],
  ];
  for (const [entry, wants] of wishes) {
    it(`puts ${JSON.stringify(entry)} into words`, () => {
      expect(why({ a: [entry], b: ["no"] }, { a: entry === null ? 1 : [] })).to.contain(`the pattern wants ${wants}.`);
    });
  }
});
