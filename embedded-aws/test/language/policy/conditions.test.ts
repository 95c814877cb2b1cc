import { expect } from "chai";
import { parseConditions } from "../../../language/policy/conditions.ts";

type Values = Readonly<Record<string, readonly string[]>>;

/** Whether all conditions of an element hold in a context, whose keys are given in lower case. */
function hold(element: unknown, context: Values, variables = true): boolean {
  const conditions = parseConditions(element, variables);
  return conditions.every((condition) => condition.holds(new Map(Object.entries(context))));
}

const base64 = (text: string) => Buffer.from(text).toString("base64");
const arn = "arn:aws:iam::111111111111:role/announce";

describe("A condition", () => {
  // "IAM JSON policy elements: Condition operators"
  const operators: [operator: string, value: unknown, requested: string, holds: boolean][] = [
    ["StringEquals", "john", "john", true],
    ["StringEquals", "john", "John", false],
    ["StringEquals", "j*", "john", false],
    ["StringEquals", ["a", "b"], "b", true],
    ["StringEquals", 7, "7", true],
    ["StringEquals", true, "true", true],
    ["StringNotEquals", "john", "john", false],
    ["StringNotEquals", "john", "John", true],
    ["StringNotEquals", "j*", "john", true],
    ["StringNotEquals", ["a", "b"], "b", false],
    ["StringNotEquals", ["a", "b"], "c", true],
    ["StringEqualsIgnoreCase", "john", "JOHN", true],
    ["StringEqualsIgnoreCase", "JOHN", "john", true],
    ["StringEqualsIgnoreCase", "john", "joh", false],
    ["StringEqualsIgnoreCase", "j*", "john", false],
    ["StringNotEqualsIgnoreCase", "john", "JOHN", false],
    ["StringNotEqualsIgnoreCase", "john", "jon", true],
    ["StringNotEqualsIgnoreCase", "j*", "john", true],
    ["StringLike", "j?h*", "john", true],
    ["StringLike", "J*", "john", false],
    ["StringLike", "arn:*/announce", arn, true],
    ["StringNotLike", "j*", "john", false],
    ["StringNotLike", "x*", "john", true],
    ["StringNotLike", "arn:*/announce", arn, false],
    ["ArnEquals", "arn:aws:iam::*:role/a*", arn, true],
    ["ArnEquals", "arn:*/announce", arn, false],
    ["ArnLike", "arn:aws:iam::*:role/a*", arn, true],
    ["ArnLike", "arn:*/announce", arn, false],
    ["ArnNotEquals", arn, arn, false],
    ["ArnNotEquals", "arn:*/announce", arn, true],
    ["ArnNotLike", "arn:aws:iam::*:role/a*", arn, false],
    ["ArnNotLike", "arn:*/announce", arn, true],
    ["Bool", "true", "true", true],
    ["Bool", true, "true", true],
    ["Bool", "TRUE", "true", true],
    ["Bool", "true", "True", true],
    ["Bool", "false", "true", false],
    ["Bool", "false", "false", true],
    ["BinaryEquals", base64("secret"), base64("secret"), true],
    ["BinaryEquals", base64("secret"), base64("Secret"), false],
    ["BinaryEquals", base64("secrets"), base64("secrets"), true],
    ["BinaryEquals", base64("secret12"), base64("secret1"), false],
    ["NumericEquals", "10", "10.0", true],
    ["NumericEquals", 10, "10", true],
    ["NumericEquals", "10", "11", false],
    ["NumericEquals", "-1.5", "-1.5", true],
    ["NumericEquals", "+.5", "0.5", true],
    ["NumericEquals", "10.25", "10.250", true],
    ["NumericEquals", ".25", "0.25", true],
    ["NumericEquals", "10", "ten", false],
    ["NumericEquals", "0", "", false],
    ["NumericNotEquals", "10", "10", false],
    ["NumericNotEquals", "10", "11", true],
    ["NumericNotEquals", "10", "ten", true],
    ["NumericLessThan", "10", "9", true],
    ["NumericLessThan", "10", "10", false],
    ["NumericLessThanEquals", "10", "10", true],
    ["NumericLessThanEquals", "10", "10.1", false],
    ["NumericGreaterThan", "10", "10.1", true],
    ["NumericGreaterThan", "10", "10", false],
    ["NumericGreaterThanEquals", "10", "10", true],
    ["NumericGreaterThanEquals", "10", "9", false],
    ["NumericGreaterThan", "9", "10", true],
    ["DateEquals", "2020-04-01T00:00:00Z", "2020-04-01T02:00:00+02:00", true],
    ["DateEquals", "2020-04-01T00:00Z", "2020-04-01", true],
    ["DateEquals", "2020-04", "2020-04-01T00:00:00.000Z", true],
    ["DateEquals", "2020", "1577836800", true],
    ["DateEquals", "1577836800", "2020-01-01T00:00:00Z", true],
    ["DateEquals", "2020-04-01", "2020-04-02", false],
    ["DateEquals", "2020-01-01T00:00:00.25Z", "1577836800.25", true],
    ["DateEquals", "2020-04-01", "2020-04-01T24:00:00Z", false],
    ["DateNotEquals", "2020-04-01", "2020-04-01", false],
    ["DateNotEquals", "2020-04-01", "2020-04-02", true],
    ["DateLessThan", "2020-04-02", "2020-04-01T23:59:59.9Z", true],
    ["DateLessThan", "2020-04-02", "2020-04-02", false],
    ["DateLessThanEquals", "2020-04-02", "2020-04-02", true],
    ["DateLessThanEquals", "2020-04-02", "2020-04-02T00:00:01Z", false],
    ["DateGreaterThan", "2020-04-02", "2020-04-02T00:00:01Z", true],
    ["DateGreaterThan", "2020-04-02", "2020-04-02", false],
    ["DateGreaterThanEquals", "2020-04-02", "2020-04-02", true],
    ["DateGreaterThanEquals", "2020-04-02", "2020-04-01", false],
    ["DateGreaterThan", "2020-04-02", "tomorrow", false],
    ["IpAddress", "203.0.113.0/24", "203.0.113.255", true],
    ["IpAddress", "203.0.113.0/24", "203.0.114.0", false],
    ["IpAddress", "203.0.113.7", "203.0.113.7", true],
    ["IpAddress", "203.0.113.7", "203.0.113.6", false],
    ["IpAddress", "203.0.113.7/32", "203.0.113.6", false],
    ["IpAddress", "0.0.0.0/0", "8.8.8.8", true],
    ["IpAddress", "0.0.0.0/0", "2001:db8::1", false],
    ["IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5678::1", true],
    ["IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5679::1", false],
    ["IpAddress", "2001:db8::1", "2001:db8::2", false],
    ["IpAddress", "2001:db8::1", "2001:DB8::1", true],
    ["IpAddress", "::/0", "8.8.8.8", false],
    ["IpAddress", "2001:db8::/128", "2001:db8::", true],
    ["IpAddress", "203.0.113.0/24", "nowhere", false],
    ["IpAddress", ["10.0.0.0/8", "203.0.113.0/24"], "203.0.113.1", true],
    ["NotIpAddress", "203.0.113.0/24", "203.0.113.255", false],
    ["NotIpAddress", "203.0.113.0/24", "203.0.114.0", true],
    ["NotIpAddress", ["10.0.0.0/8", "203.0.113.0/24"], "203.0.113.1", false],
  ];
  for (const [operator, value, requested, holds] of operators) {
    it(
      `${operator} ${JSON.stringify(value)} ${holds ? "holds" : "doesn't hold"} for ` + JSON.stringify(requested),
      () => {
        expect(hold({ [operator]: { "aws:username": value } }, { "aws:username": [requested] })).to.equal(holds);
      },
    );
  }

  describe("is refused for a value that its operator can't read", () => {
    const values: [operator: string, value: string][] = [
      ["NumericEquals", "1 "],
      ["NumericEquals", ""],
      ["NumericEquals", "."],
      ["NumericEquals", "x1"],
      ["DateEquals", "2020-13"],
      ["DateEquals", "2020-04-32"],
      ["DateEquals", "2020-04-01T00:00"],
      ["DateEquals", "x2020"],
      ["DateEquals", "2020x"],
      ["DateEquals", "1577836800s"],
      ["DateEquals", "s1577836800"],
      ["IpAddress", "203.0.113.0/33"],
      ["IpAddress", "2001:db8::/129"],
      ["IpAddress", "203.0.113.0/"],
      ["IpAddress", "203.0.113.0/2x"],
      ["IpAddress", "203.0.113.0/x2"],
      ["IpAddress", "203.0.113.0/8/8"],
      ["IpAddress", "203.0.113.*"],
      ["Bool", "truer"],
      ["BinaryEquals", "ab=c"],
      ["BinaryEquals", "*YWE="],
      ["BinaryEquals", "YWE=*"],
    ];
    for (const [operator, value] of values) {
      it(`${operator} ${JSON.stringify(value)}`, () => {
        expect(() => parseConditions({ [operator]: { "aws:username": value } }, true)).to.throw(
          "failed legacy parsing",
        );
      });
    }
  });

  describe("about a key that the request hasn't got", () => {
    const absent: [operator: string, value: string, holds: boolean][] = [
      ["StringEquals", "a", false],
      ["StringLike", "*", false],
      ["StringNotEquals", "a", true],
      ["StringNotLike", "*", true],
      ["ArnNotLike", arn, true],
      ["NotIpAddress", "10.0.0.0/8", true],
      ["NumericNotEquals", "1", true],
      ["DateNotEquals", "2020", true],
      ["Bool", "false", false],
      ["StringEqualsIfExists", "a", true],
      ["StringNotEqualsIfExists", "a", true],
      ["BoolIfExists", "true", true],
      ["ForAllValues:StringEquals", "a", true],
      ["ForAllValues:StringNotEquals", "a", true],
      ["ForAnyValue:StringEquals", "a", false],
      ["ForAnyValue:StringNotEquals", "a", false],
      ["ForAnyValue:StringEqualsIfExists", "a", true],
    ];
    for (const [operator, value, holds] of absent) {
      it(`${operator} ${value} ${holds ? "holds" : "doesn't hold"}`, () => {
        expect(hold({ [operator]: { "aws:username": value } }, {})).to.equal(holds);
      });
    }
    it("is no matter for …IfExists when the key is there", () => {
      expect(hold({ StringEqualsIfExists: { "aws:username": "a" } }, { "aws:username": ["b"] })).to.equal(false);
      expect(hold({ StringEqualsIfExists: { "aws:username": "a" } }, { "aws:username": ["a"] })).to.equal(true);
    });
  });

  // "Set operators for multivalued context keys"
  describe("about a key with several values", () => {
    const several: [operator: string, policy: string[], requested: string[], holds: boolean][] = [
      ["ForAllValues:StringEquals", ["a", "b"], ["a", "b"], true],
      ["ForAllValues:StringEquals", ["a", "b", "c"], ["a"], true],
      ["ForAllValues:StringEquals", ["a", "b"], ["a", "c"], false],
      ["ForAllValues:StringEquals", ["a"], [], true],
      ["ForAllValues:StringEquals", ["a"], [""], true],
      ["ForAllValues:StringLike", ["key1*", "key2*"], ["key11", "key2"], true],
      ["ForAllValues:StringLike", ["key1*", "key2*"], ["key11", "key3"], false],
      ["ForAllValues:StringNotEquals", ["a", "b"], ["c", "d"], true],
      ["ForAllValues:StringNotEquals", ["a", "b"], ["c", "a"], false],
      ["ForAnyValue:StringEquals", ["a", "b"], ["c", "b"], true],
      ["ForAnyValue:StringEquals", ["a", "b"], ["c", "d"], false],
      ["ForAnyValue:StringEquals", ["a"], [], false],
      ["ForAnyValue:StringLike", ["*"], [""], false],
      ["ForAnyValue:StringNotEquals", ["a", "b"], ["a", "c"], true],
      ["ForAnyValue:StringNotEquals", ["a", "b"], ["a", "b"], false],
      ["StringEquals", ["a"], ["b", "a"], true],
      ["StringEquals", ["a"], ["b"], false],
      ["StringNotEquals", ["a"], ["b", "a"], false],
      ["StringNotEquals", ["a"], ["b", "c"], true],
      ["StringLike", [""], [""], true],
      ["StringEquals", ["a"], [], false],
    ];
    for (const [operator, policy, requested, holds] of several) {
      it(
        `${operator} ${JSON.stringify(policy)} ${holds ? "holds" : "doesn't hold"} for ` + JSON.stringify(requested),
        () => {
          expect(hold({ [operator]: { "aws:TagKeys": policy } }, { "aws:tagkeys": requested })).to.equal(holds);
        },
      );
    }
  });

  describe("Null", () => {
    const table: [value: unknown, requested: string[] | undefined, holds: boolean][] = [
      ["true", undefined, true],
      [true, undefined, true],
      ["false", undefined, false],
      ["true", ["a"], false],
      ["false", ["a"], true],
      ["true", [], true],
      ["true", [""], true],
      ["false", [""], false],
      [["true", "false"], ["a"], true],
    ];
    for (const [value, requested, holds] of table) {
      it(`${JSON.stringify(value)} ${holds ? "holds" : "doesn't hold"} for ${JSON.stringify(requested)}`, () => {
        const context = requested === undefined ? {} : { "aws:username": requested };
        expect(hold({ Null: { "aws:username": value } }, context)).to.equal(holds);
      });
    }
  });

  // "Conditions with multiple context keys or values"
  it("has to hold together with all others", () => {
    const both = { StringEquals: { "aws:username": "a", "aws:userid": "1" }, Bool: { "aws:SecureTransport": "true" } };
    const context = { "aws:username": ["a"], "aws:userid": ["1"], "aws:securetransport": ["true"] };
    expect(hold(both, context)).to.equal(true);
    expect(hold(both, { ...context, "aws:username": ["b"] })).to.equal(false);
    expect(hold(both, { ...context, "aws:userid": ["2"] })).to.equal(false);
    expect(hold(both, { ...context, "aws:securetransport": ["false"] })).to.equal(false);
  });

  it("finds its key whatever the case", () => {
    expect(hold({ StringEquals: { "AWS:UserName": "a" } }, { "aws:username": ["a"] })).to.equal(true);
  });

  // "IAM policy elements: Variables and tags"
  describe("with a variable", () => {
    const context = { "aws:username": ["ada"], "aws:principaltag/team": ["red"], "aws:tagkeys": ["a", "b"] };
    const table: [operator: string, value: string, requested: string, holds: boolean][] = [
      ["StringEquals", "${aws:username}", "ada", true],
      ["StringEquals", "${AWS:USERNAME}", "ada", true],
      ["StringEquals", "a/${aws:username}/b/${aws:PrincipalTag/Team}", "a/ada/b/red", true],
      ["StringEquals", "${aws:username}", "bob", false],
      ["StringNotEquals", "${aws:username}", "ada", false],
      ["StringNotEquals", "${aws:username}", "bob", true],
      ["StringEqualsIgnoreCase", "X-${aws:username}", "x-ADA", true],
      ["StringLike", "${aws:username}/*", "ada/x", true],
      ["StringEquals", "${aws:userid, 'anonymous'}", "anonymous", true],
      ["StringEquals", "${aws:userid,'anonymous'}", "anonymous", true],
      ["StringEquals", "${aws:userid, ''}", "", true],
      ["StringEquals", "${aws:username, 'anonymous'}", "ada", true],
      ["StringEquals", "${aws:username, 'anonymous'}", "anonymous", false],
      ["StringLike", "a${*}", "ab", false],
      ["StringLike", "a${*}", "a*", true],
      ["StringLike", "a${?}", "ab", false],
      ["StringLike", "a${?}", "a?", true],
      ["StringEquals", "${$}{aws:username}", "${aws:username}", true],
      ["StringEquals", "${aws:userid}", "${aws:userid}", false],
      ["StringEquals", "${aws:userid}", "", false],
      ["StringNotEquals", "${aws:userid}", "bob", false],
      ["StringEquals", "${aws:TagKeys}", "a", false],
      ["ArnEquals", "arn:aws:iam::1:user/${aws:username}", "arn:aws:iam::1:user/ada", true],
      ["ArnEquals", "arn:aws:iam::1:user/${aws:username}", "arn:aws:iam::1:user/bob", false],
    ];
    for (const [operator, value, requested, holds] of table) {
      it(`${operator} ${value} ${holds ? "holds" : "doesn't hold"} for ${JSON.stringify(requested)}`, () => {
        expect(hold({ [operator]: { "aws:SourceArn": value } }, { ...context, "aws:sourcearn": [requested] })).to.equal(
          holds,
        );
      });
    }
    it("takes the value of the variable literally", () => {
      expect(
        hold({ StringLike: { "aws:SourceArn": "${aws:username}" } }, { "aws:username": ["*"], "aws:sourcearn": ["x"] }),
      ).to.equal(false);
      expect(
        hold({ StringLike: { "aws:SourceArn": "${aws:username}" } }, { "aws:username": ["*"], "aws:sourcearn": ["*"] }),
      ).to.equal(true);
    });
    it("still matches by another value when the variable has none", () => {
      expect(
        hold({ StringEquals: { "aws:SourceArn": ["${aws:username}", "b"] } }, { "aws:sourcearn": ["b"] }),
      ).to.equal(true);
    });
    it("doesn't hold negated when one of the variables has no value", () => {
      expect(
        hold({ StringNotEquals: { "aws:SourceArn": ["${aws:username}", "b"] } }, { "aws:sourcearn": ["c"] }),
      ).to.equal(false);
    });
    it("is plain text in policies of the older version", () => {
      const condition = { StringEquals: { "aws:SourceArn": "${aws:username}" } };
      expect(hold(condition, { ...context, "aws:sourcearn": ["${aws:username}"] }, false)).to.equal(true);
      expect(hold(condition, { ...context, "aws:sourcearn": ["ada"] }, false)).to.equal(false);
    });
    for (const [claim, value, message] of [
      ["that isn't closed", "a${aws:username", "isn't closed"],
      ["that is empty", "${}", "isn't of the form"],
      ["with a default without quotes", "${aws:username, none}", "isn't of the form"],
      ["with a default and more", "${aws:username, 'none' x}", "isn't of the form"],
      ["that isn't modelled", "${aws:PrincipalOrgID}", "is not modelled here"],
    ] as const) {
      it(`${claim} is refused`, () => {
        expect(() => parseConditions({ StringEquals: { "aws:username": value } }, true)).to.throw(message);
      });
    }
  });
});
