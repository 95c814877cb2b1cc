import { expect } from "chai";
import { compileGlob, matchesGlob } from "../../../language/policy/match.ts";
import type { Wildcards } from "../../../language/policy/match.ts";

const matches = (pattern: string, text: string, wildcards: Wildcards) =>
  matchesGlob(compileGlob([{ text: pattern, literal: false }], wildcards), text);

const topic = "arn:aws:iot:us-east-1:222222222222:topic/cross_account_hooks/111111111111/create_thing";

describe("A pattern", () => {
  const table: [wildcards: Wildcards, pattern: string, text: string, matched: boolean, claim?: string][] = [
    ["free", "*", "", true],
    ["free", "*", "anything: at all", true],
    ["free", "?", "", false],
    ["free", "?", "a", true],
    ["free", "?", "ab", false],
    ["free", "?", "😀", true, "counts characters, not their halves"],
    ["free", "a*", "a", true],
    ["free", "a*c", "abbc", true],
    ["free", "a*c", "abbcd", false],
    ["free", "*a*b*", "xxaxxbxx", true],
    ["free", "*a*b*", "xxbxxaxx", false],
    ["free", "a**b", "ab", true],
    ["free", "a", "ab", false],
    ["free", "ab", "a", false],
    ["free", "", "", true],
    ["free", "", "a", false],
    ["free", "a.c", "abc", false, "isn't a regular expression"],
    ["free", "a\\*", "a\\b", true, "has no escapes"],
    ["free", "A", "a", false],
    ["exact", "a*", "ab", false],
    ["exact", "a*", "a*", true],
    ["exact", "a?", "a?", true],
    // "IAM JSON policy elements: Resource"
    ["resource", "*", topic, true],
    ["resource", "arn:aws:iot:us-east-1:222222222222:topic/cross_account_hooks/*", topic, true, "reaches over slashes"],
    ["resource", "arn:aws:iot:*:222222222222:topic/*", topic, true],
    ["resource", "arn:aws:iot:us-*-1:222222222222:topic/*", topic, true],
    ["resource", "arn:aws:iot:us-????-1:222222222222:topic/*", topic, true],
    ["resource", "arn:aws:iot:*", topic, true, "reaches beyond the colon at the end of a part"],
    ["resource", "arn:aws:iot:us-*:topic/*", topic, true, "reaches beyond the colon at the end of a part"],
    ["resource", "arn:aws:i*/create_thing", topic, false, "keeps within its part elsewhere"],
    ["resource", "arn:aws:iot:us-east-1:*create_thing", topic, false, "keeps within its part elsewhere"],
    ["resource", "arn:aws:iot:us-east-1?222222222222:*", topic, false, "doesn't take a colon for one character"],
    [
      "resource",
      "arn:aws:iot:us-east-1:222222222222:topic/cross_account_hooks/+/create_thing",
      topic,
      false,
      "takes + and # literally",
    ],
    ["resource", "arn:aws:iot:us-east-1:222222222222:topic/#", topic, false],
    [
      "resource",
      "arn:aws:lambda:us-east-1:1:function:f*:live",
      "arn:aws:lambda:us-east-1:1:function:fn:a:live",
      true,
      "takes colons in the sixth part",
    ],
    ["resource", "arn:aws:lambda:us-east-1:1:function?fn", "arn:aws:lambda:us-east-1:1:function:fn", true],
    // "IAM JSON policy elements: Condition operators": the example of the ARN operators
    [
      "arn",
      "arn:aws:someservice:*:111122223333:finance/*",
      "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
      false,
    ],
    [
      "free",
      "arn:aws:someservice:*:111122223333:finance/*",
      "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
      true,
    ],
    [
      "arn",
      "arn:aws:someservice:*:111122223333:finance/*",
      "arn:aws:someservice:us-east-2:111122223333:finance/a",
      true,
    ],
    ["arn", "arn:aws:events:*:1:rule/*", "arn:aws:events:us-east-1:1:rule/bus:x", true],
    ["arn", "arn:aws:events:us-*:rule/*", "arn:aws:events:us-east-1:1:rule/x", false],
    ["arn", "arn:aws:events:*", "arn:aws:events:us-east-1:1:rule/x", false],
    ["arn", "*", "arn:aws:events:us-east-1:1:rule/x", false],
    ["arn", "arn:aws:events:us-east-?:1:rule/x", "arn:aws:events:us-east-1:1:rule/x", true],
  ];
  for (const [wildcards, pattern, text, matched, claim = ""] of table) {
    it(
      `${wildcards} ${JSON.stringify(pattern)} ${matched ? "matches" : "doesn't match"} ` +
        `${JSON.stringify(text)} ${claim}`.trimEnd(),
      () => {
        expect(matches(pattern, text, wildcards)).to.equal(matched);
      },
    );
  }

  it("takes literal pieces as they are", () => {
    const glob = compileGlob(
      [
        { text: "a", literal: false },
        { text: "*", literal: true },
        { text: "?", literal: false },
      ],
      "free",
    );
    expect(matchesGlob(glob, "a*c")).to.equal(true);
    expect(matchesGlob(glob, "abc")).to.equal(false);
  });

  it("answers at once, however many wildcards there are", () => {
    const started = performance.now();
    expect(matches(`${"*a".repeat(200)}b`, "a".repeat(2000), "free")).to.equal(false);
    expect(performance.now() - started).to.be.below(2000);
  });
});
