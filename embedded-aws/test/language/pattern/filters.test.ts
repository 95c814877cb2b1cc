// Claims from "Content filtering in Amazon EventBridge event patterns" (EventBridge user guide), and where it is silent
// from the public source of aws/event-ruler.
import { expect } from "chai";
import { compilePattern, matches } from "../../../language/pattern/index.ts";

type Row = [what: string, entry: unknown, accepted: unknown[], refused: unknown[]];

const rows: Row[] = [
  ["a string", "a", ["a", ["b", "a"]], ["A", "aa", "", 1, null, true]],
  ["the empty string", "", [""], [" ", null, 0, false]],
  ["a number, however it is written", 300, [300, 300.0, 3.0e2], [301, "300", null]],
  ["true", true, [true], [false, "true", 1, null]],
  ["false", false, [false], [true, "false", 0, null]],
  ["null", null, [null], ["null", 0, "", false]],
  ["an IPv4 address", "10.0.0.1", ["10.0.0.1"], ["10.0.0.2", "10.0.0.10", 10, "x"]],
  ["an IPv6 address in any spelling", "::1", ["::1", "0:0:0:0:0:0:0:1", "0::1"], ["::2", "0.0.0.1", "x"]],

  ["an IPv6 address with zeros within", "1::2", ["1:0:0:0:0:0:0:2"], ["1:2", "1:0:2", "1:::2", "1::2:0"]],
  ["an IPv6 address with one group left out", "1:2:3:4:5:6:7::", ["1:2:3:4:5:6:7:0"], ["1:2:3:4:5:6:7"]],
  ["what only looks like an IPv4 address", "256.1.1.1", ["256.1.1.1"], ["0256.1.1.1", "1.0.1.1.1"]],
  ["what only looks like an IPv6 address", "1:2:3:4:5:6:7:8:9", ["1:2:3:4:5:6:7:8:9"], ["01:2:3:4:5:6:7:8:9"]],
  ["an IPv6 address with too great a group", "10000::", ["10000::"], ["1:0000::", "010000::"]],
  ["text around an IPv4 address", "x10.0.0.1", ["x10.0.0.1"], ["10.0.0.1", "x010.0.0.1"]],
  ["text behind an IPv4 address", "10.0.0.1x", ["10.0.0.1x"], ["10.0.0.1", "010.0.0.1x"]],
  ["text around an IPv6 address", "x::1", ["x::1"], ["::1", "x::01"]],
  ["text behind an IPv6 address", "::1x", ["::1x"], ["::1", "::01x"]],

  ["a prefix", { prefix: "us-" }, ["us-", "us-east-1"], ["US-east-1", "eu-us-", "us", 1, null]],
  ["an empty prefix", { prefix: "" }, ["", "x"], [1, null, true]],
  [
    "a prefix in any case",
    { prefix: { "equals-ignore-case": "us-É" } },
    ["us-é", "US-ÉX", "Us-éx"],
    ["us", "x-us-é", 1],
  ],
  ["an empty prefix in any case", { prefix: { "equals-ignore-case": "" } }, ["", "x"], [1]],
  ["a suffix", { suffix: ".png" }, [".png", "a.png"], ["a.PNG", ".png.gz", "png", 1, null]],
  [
    "a suffix in any case",
    { suffix: { "equals-ignore-case": ".Png" } },
    [".png", "a.PNG", "a.pNg"],
    ["a.png ", "png", 1],
  ],
  [
    "a string in any case",
    { "equals-ignore-case": "Ec2 Straße" },
    ["ec2 straße", "EC2 STRASSE", "Ec2 Straße"],
    ["ec2 straße ", "ec2", "xec2 straße", 1, null],
  ],

  ["a wildcard at the end", { wildcard: "a*" }, ["a", "ab", "a*"], ["ba", "", 1]],
  ["a wildcard in front", { wildcard: "*a" }, ["a", "ba", "aa"], ["ab", ""]],
  ["a wildcard within", { wildcard: "a*b*c" }, ["abc", "a1b2c", "abbc", "abcbc"], ["ac", "abcd", "acb", "bc"]],
  ["a wildcard between overlapping ends", { wildcard: "aba*aba" }, ["abaaba", "aba-aba"], ["aba", "ababa"]],
  ["a middle that must fit before the end", { wildcard: "*ab*b" }, ["abb", "xab-b"], ["ab", "xab"]],
  ["an order of middles", { wildcard: "*1*2*" }, ["12", "a1b2c"], ["21", "1", "2"]],
  ["a lone wildcard", { wildcard: "*" }, ["", "x"], [1, null]],
  ["a wildcard expression without wildcards", { wildcard: "ab" }, ["ab"], ["a", "abc"]],
  ["an escaped star", { wildcard: "a\\*b" }, ["a*b"], ["axb", "a\\*b"]],
  ["an escaped backslash before a wildcard", { wildcard: "a\\\\*" }, ["a\\", "a\\b"], ["a*", "ab"]],

  ["anything but a string", { "anything-but": "a" }, ["b", "", 1, null, true, ["a", "b"]], ["a", ["a"]]],
  ["anything but a number", { "anything-but": 123 }, [124, "123", null], [123, 123.0]],
  ["anything but listed strings", { "anything-but": ["a", "b"] }, ["c", 1], ["a", "b"]],
  ["anything but listed numbers", { "anything-but": [100, 200] }, [300, "100"], [100, 200]],
  ["anything but a prefix", { "anything-but": { prefix: "in" } }, ["out", 1, null, "n"], ["in", "init"]],
  ["anything but listed prefixes", { "anything-but": { prefix: ["a", "b"] } }, ["c", ""], ["a1", "b1"]],
  ["anything but a suffix", { "anything-but": { suffix: ".t" } }, ["a", 1, ".tt"], ["a.t", ".t"]],
  ["anything but listed suffixes", { "anything-but": { suffix: [".t", ".u"] } }, [".v"], ["a.t", "a.u"]],
  ["anything but a wildcard", { "anything-but": { wildcard: "*/b/*" } }, ["a/c/d", 1], ["a/b/c"]],
  ["anything but listed wildcards", { "anything-but": { wildcard: ["a*", "*b"] } }, ["ba"], ["ab", "a", "b"]],
  ["anything but a string in any case", { "anything-but": { "equals-ignore-case": "aB" } }, ["a", 1], ["AB", "ab"]],
  ["anything but the empty string in any case", { "anything-but": { "equals-ignore-case": "" } }, ["a"], [""]],
  [
    "anything but listed strings in any case",
    { "anything-but": { "equals-ignore-case": ["a", "b"] } },
    ["c"],
    ["A", "B"],
  ],

  ["a number equal to a bound", { numeric: ["=", 301.8] }, [301.8], [301.81, "301.8", null, true]],
  ["a number below a bound", { numeric: ["<", 10] }, [9.999, -1], [10, 11, "9"]],
  ["a number up to a bound", { numeric: ["<=", 10] }, [10, 9], [10.001]],
  ["a number above a bound", { numeric: [">", -1.5] }, [-1.4, 0], [-1.5, -2, "0"]],
  ["a number from a bound on", { numeric: [">=", 10] }, [10, 11], [9.99]],
  ["a range open below and closed above", { numeric: [">", 0, "<=", 5] }, [0.1, 5], [0, 5.1, -1]],
  ["a range closed below and open above", { numeric: [">=", 0, "<", 5] }, [0, 4.9], [5, -0.1]],

  ["an IPv4 block", { cidr: "10.0.0.0/24" }, ["10.0.0.0", "10.0.0.255"], ["10.0.1.0", "9.255.255.255", "x", 1]],
  [
    "an IPv4 block of odd width, from any address in it",
    { cidr: "10.0.0.7/30" },
    ["10.0.0.4", "10.0.0.7"],
    ["10.0.0.8"],
  ],
  ["all of IPv4", { cidr: "0.0.0.0/0" }, ["255.255.255.255"], ["::1", "256.1.1.1", "1.1.1", "1.1.1.1.1"]],
  [
    "an IPv6 block",
    { cidr: "2001:db8::/32" },
    ["2001:db8::", "2001:DB8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8:1::"],
    ["2001:db9::", "2001:db8", "2001:db8::1::", "2001:db8:1:2:3:4:5:6:7", "1::2:3:4:5:6:7:8", "10.0.0.1"],
  ],
  ["presence", { exists: true }, ["", 0, null, false], []],
];

describe("an entry of an event pattern", () => {
  for (const [what, entry, accepted, refused] of rows) {
    const accepts = (event: object): boolean => matches(compilePattern(JSON.stringify({ field: [entry] })), event);
    for (const value of accepted) {
      it(`that asks for ${what} accepts ${JSON.stringify(value)}`, () => {
        expect(accepts({ field: value })).to.equal(true);
      });
    }
    for (const value of refused) {
      it(`that asks for ${what} doesn't accept ${JSON.stringify(value)}`, () => {
        expect(accepts({ field: value })).to.equal(false);
      });
    }
    it(`that asks for ${what} doesn't accept a field that isn't there`, () => {
      expect(accepts({ other: "a" })).to.equal(false);
    });
  }

  it("is one of several that will do", () => {
    const pattern = compilePattern('{"a":["x",{"prefix":"y"},1]}');
    expect(["x", "yes", 1, "z", 2].map((a) => matches(pattern, { a }))).to.deep.equal([true, true, true, false, false]);
  });

  it("compares a number with the precision of a double", () => {
    expect(matches(compilePattern('{"a":[0.1]}'), { a: 0.1 })).to.equal(true);
    const spellings = "1e2 100.0 1200e-2 0.00120 -7 -70e-1 1e21 123456789012345680000 0e5 -0.0 10203 1.5E+3 5e-7";
    for (const number of spellings.split(" ")) {
      const pattern = compilePattern(`{"a":[{"numeric":["=",${number}]}]}`);
      expect(matches(pattern, { a: Number(number) }), number).to.equal(true);
    }
    expect(matches(compilePattern('{"a":[{"numeric":["=",1.50e1]}]}'), { a: 15 })).to.equal(true);
    expect(matches(compilePattern('{"a":[{"anything-but":[0.00]}]}'), { a: 0 })).to.equal(false);
    expect(matches(compilePattern('{"a":[{"numeric":["=",-1.5E-7]}]}'), { a: -1.5e-7 })).to.equal(true);
  });
});
