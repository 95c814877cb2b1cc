// The limits on names, at their edges. Lengths and characters: the API references that policy-pack/names.ts lists.
import { expect } from "chai";
import { NAME_RULE } from "../../policy-pack/names.ts";

interface Limits {
  readonly property?: string;
  readonly min?: number;
  readonly max: number;
  /** Names that AWS takes, and names that it refuses for their characters, all of a length that it takes. */
  readonly taken: readonly string[];
  readonly refused: readonly string[];
  readonly words: string;
}

const wordsAndHyphens = {
  taken: ["a", "Announce_7-x"],
  refused: ["a.b", " a", "a ", "ä"],
  words: "letters, digits, _ and -",
};
const iam = {
  taken: ["a", "Role_1+=,.@-x"],
  refused: ["a/b", "*a", "a*", "a b"],
  words: "letters, digits and _+=,.@-",
};
const TYPES: Readonly<Record<string, Limits>> = {
  "aws:iam/role:Role": { max: 64, ...iam },
  "aws:iam/rolePolicy:RolePolicy": { max: 128, ...iam },
  "aws:lambda/function:Function": { max: 64, ...wordsAndHyphens },
  "aws:lambda/alias:Alias": { max: 128, ...wordsAndHyphens },
  "aws:cloudwatch/logGroup:LogGroup": {
    max: 512,
    taken: ["a", "/aws/lambda/A_1-.#x"],
    refused: ["a b", "*a", "a*"],
    words: "letters, digits and _-/.#",
  },
  "aws:cloudwatch/eventRule:EventRule": {
    max: 64,
    taken: ["a", "Rule_1.-x"],
    refused: ["a/b", "*a", "a*"],
    words: "letters, digits and ._-",
  },
  "aws:cloudtrail/trail:Trail": {
    min: 3,
    max: 128,
    taken: ["abc", "A1.b-c_d", "a-b"],
    refused: ["a..b", ".ab", "ab.", "a._b", "-ab", "ab-", "a/b"],
    words: "letters and digits, with single . _ or - between them",
  },
  "aws:s3/bucket:Bucket": {
    property: "bucket",
    min: 3,
    max: 63,
    taken: ["abc", "a1.b-c", "a--b"],
    refused: ["Abc", ".ab", "ab.", "-ab", "ab-", "a_b"],
    words: "small letters, digits, . and -",
  },
  "aws:iot/topicRule:TopicRule": {
    max: 128,
    taken: ["a", "rule_1X"],
    refused: ["a-b", "-a", "a-"],
    words: "letters, digits and _",
  },
};

describe("names within AWS's limits", () => {
  for (const [type, { property = "name", min = 1, max, taken, refused, words }] of Object.entries(TYPES)) {
    const found = (name: string) => NAME_RULE.check({ type, name: "logical-name", props: { [property]: name } });
    const madeOf = (name: string) => NAME_RULE.check({ type, name, props: {} });

    it(`${type}: ${min} to ${max} characters`, () => {
      for (const length of [min, max]) expect(found("a".repeat(length)), `${length}`).to.deep.equal([]);
      const long = "a".repeat(max + 1);
      expect(found(long)).to.deep.equal([`${property} is "${long}", of ${max + 1} characters: use ${min} to ${max}.`]);
      if (min > 1)
        expect(found("a".repeat(min - 1)).join()).to.include(`of ${min - 1} characters: use ${min} to ${max}`);
    });

    it(`${type}: ${words}`, () => {
      for (const name of taken) expect(found(name), name).to.deep.equal([]);
      for (const name of refused)
        expect(found(name), name).to.deep.equal([`${property} is "${name}": AWS takes ${words}.`]);
    });

    it(`${type}: leaves room for what Pulumi adds to a logical name`, () => {
      const last = "a".repeat(max - "-1234567".length);
      expect(madeOf(last)).to.deep.equal([]);
      expect(madeOf(`${last}a`).join()).to.match(
        new RegExp(
          `^the logical name, of which AWS's ${property} is made, is "a+", of \\d+ characters: use ${min} to `,
        ),
      );
    });
  }

  it("has nothing to say of other resources", () => {
    expect(NAME_RULE.check({ type: "aws:sqs/queue:Queue", name: "?", props: { name: "*" } })).to.deep.equal([]);
  });
});
