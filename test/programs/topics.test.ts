// Which topics the partner's own code may be given: none that could reach the receive function again, or the debug
// topics, or AWS IoT's own.
import { expect } from "chai";
import fc from "fast-check";
import * as v from "valibot";
import { type GivenStatement, checkPublishing, topicPatterns } from "../../partner/topics.ts";
import { CUSTOMER, PARTNER } from "embedded-aws/testing";

const RESERVED = ["cross_account_hooks/", "debug/", "$aws/"];
const taken = (pattern: string): boolean => v.safeParse(topicPatterns, [pattern]).success;
/** IAM's wildcards, by another way than the code under test: as a regular expression. */
const matches = (pattern: string, topic: string): boolean =>
  new RegExp(
    `^${pattern
      .replaceAll(/[$.+()[\]{}|^\\/]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  ).test(topic);

describe("topics for the partner's own code", () => {
  it("are none that a reserved topic matches, whatever wildcards stand in them", () => {
    const part = fc.constantFrom("*", "?", "d", "debug", "/", "cross_account_hooks", "$aws", "x", "*s/", "rules");
    const pattern = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(pattern, fc.constantFrom(...RESERVED), fc.string({ maxLength: 20 }), (given, prefix, rest) => {
        if (matches(given, prefix + rest)) expect(taken(given), `${given} takes ${prefix + rest}`).to.equal(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it("are refused only where there is a topic that shows why", () => {
    const part = fc.constantFrom("*", "?", "d", "debug", "/", "cross_account_hooks", "$aws", "x", "hooks", "e");
    const pattern = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(pattern, (given) => {
        if (taken(given)) return;
        // Filled in at random until one of the reserved prefixes comes out: what a wildcard stands for is found among
        // the ends of the prefix itself.
        const witness = RESERVED.some((prefix) =>
          [...Array(given.length + 1).keys()].some((end) => {
            const remains = given.slice(end).replaceAll("*", "").replaceAll("?", "x");
            return (
              matches(given, prefix + remains) || matches(given, prefix + given.slice(end).replaceAll(/[*?]/g, "x"))
            );
          }),
        );
        expect(witness, given).to.equal(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("may be anything else", () => {
    for (const pattern of [
      "fleet/*",
      "desk/?",
      "debugging/*",
      "cross_account_hooks",
      "a*b",
      "d?bu/*",
      "debug",
      "x*/debug/y",
    ])
      expect(taken(pattern), pattern).to.equal(true);
  });
});

describe("a topic for the partner's own code", () => {
  const said = (...topics: readonly string[]) => {
    const { issues = [] } = v.safeParse(topicPatterns, topics);
    return issues.map(({ message }) => message);
  };

  it("is refused with what is wrong with it", () => {
    const characters = "but in a policy + and # are plain characters: write * and ? for wildcards";
    const space = "but white space doesn't belong in a topic: remove it";
    const within = (prefix: string) =>
      `but that takes in topics of ${prefix}, which are not for your code: name others, as in fleet/*`;
    const sentences: Readonly<Record<string, string>> = {
      "fleet/#": characters,
      "fleet/+/x": characters,
      "a/${aws:username}": "but policy variables aren't meant here: name the topic",
      "a b": space,
      "a\tb": space,
      "a\u0000": space,
      "*": within("cross_account_hooks/"),
      "cross_account_hooks/x": within("cross_account_hooks/"),
      "d*/x": within("debug/"),
      "?ebug/": within("debug/"),
      "$*": within("$aws/"),
    };
    for (const [topic, sentence] of Object.entries(sentences)) expect(said(topic), topic).to.deep.equal([sentence]);
    expect(said("fleet/*", "debug/*")).to.deep.equal([within("debug/")]);
    expect(said("")).to.have.lengthOf(1);
  });

  it("has 256 bytes at most", () => {
    const long = "but a topic has at most 256 bytes: set a shorter one";
    expect(said("x".repeat(256), "ä".repeat(128))).to.deep.equal([]);
    expect(said("x".repeat(257))).to.deep.equal([long]);
    expect(said("ä".repeat(129))).to.deep.equal([long]);
  });
});

describe("a statement for the partner's own code", () => {
  const partner = { accountId: PARTNER, region: "us-east-1" };
  const topic = (name: string, account = PARTNER) => `arn:aws:iot:us-east-1:${account}:topic/${name}`;
  const check = (...statements: readonly GivenStatement[]) => {
    checkPublishing(statements, partner, (argument) => `the ${argument}`);
  };
  const sentence = (resource: string, prefix: string, index = 0) =>
    `the policyStatements[${index}].Resource is ${JSON.stringify(resource)}, but with iot:Publish that takes in topics ` +
    `of ${prefix}, which are not for your code: name others in a statement of its own.`;

  it("may publish elsewhere, and do anything else there", () => {
    for (const statement of [
      { Action: "iot:Publish", Resource: topic("fleet/*") },
      { Action: ["iot:Publish"], Resource: [topic("fleet/*"), topic("debugging/x"), topic("debug")] },
      { Action: "iot:Publish", Resource: topic("debug/x", CUSTOMER) },
      { Action: ["iot:Subscribe", "s3:*", "iot:PublishX", "iot:Publis"], Resource: "*" },
      { Effect: "Deny", Action: "*", Resource: "*" },
    ])
      expect(() => {
        check(statement);
      }, JSON.stringify(statement)).to.not.throw();
  });

  it("may not publish where a reserved topic could be meant, whatever its words", () => {
    const rows: readonly (readonly [GivenStatement, string, string])[] = [
      [{ Action: "iot:Publish", Resource: "*" }, "*", "cross_account_hooks/"],
      [{ Effect: "Allow", Action: ["s3:*", "IOT:pub*"], Resource: topic("debug/x") }, topic("debug/x"), "debug/"],
      [{ Action: "*", Resource: [topic("a"), topic("$aws/rules/r")] }, topic("$aws/rules/r"), "$aws/"],
      [{ Action: "i?t:Publish", Resource: topic("d${a}${b}g/x") }, topic("d${a}${b}g/x"), "debug/"],
      [{ Resource: topic("debug/*") }, topic("debug/*"), "debug/"],
      [{ Action: "iot:*" }, "*", "cross_account_hooks/"],
    ];
    for (const [statement, resource, prefix] of rows)
      expect(() => {
        check(statement);
      }, JSON.stringify(statement)).to.throw(sentence(resource, prefix));
    expect(() => {
      check({ Action: "iot:Publish", Resource: topic("a") }, { Action: "iot:Publish", Resource: "*" });
    }).to.throw(sentence("*", "cross_account_hooks/", 1));
  });
});
