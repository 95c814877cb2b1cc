// Which side's options come from where, with commands that work on both sides.
import { Command } from "commander";
import { expect } from "chai";
import {
  type BothOptions,
  accountId,
  optionsOf,
  positive,
  region,
  several,
  since,
  withBothOptions,
  withSideOptions,
} from "../../hooks/options.ts";
import { SIDES } from "../../hooks/sides.ts";

const read = (...args: readonly string[]): BothOptions =>
  withBothOptions(new Command("both")).parse(args, { from: "user" }).opts();
const ofBoth = (...args: readonly string[]) => SIDES.map((side) => optionsOf(side, read(...args)));

describe("options for both sides", () => {
  it("takes what is said for both, for either", () => {
    expect(ofBoth("--outputs", "o.json", "--profile", "p", "--endpoint-url", "http://localhost:1")).to.deep.equal([
      { outputs: "o.json", profile: "p", endpointUrl: "http://localhost:1" },
      { outputs: "o.json", profile: "p", endpointUrl: "http://localhost:1" },
    ]);
  });

  it("takes a side's own profile beside the outputs of both", () => {
    expect(ofBoth("--stack", "dev", "--customer-profile", "c", "--partner-profile", "p")).to.deep.equal([
      { stack: "dev", profile: "c" },
      { stack: "dev", profile: "p" },
    ]);
  });

  it("takes a side's own way to the outputs instead of the one that is said for both", () => {
    expect(ofBoth("--stack", "dev", "--project", "here", "--customer-outputs", "c.json")).to.deep.equal([
      { outputs: "c.json" },
      { stack: "dev", project: "here" },
    ]);
  });

  it("says nothing where nothing is said", () => {
    expect(ofBoth()).to.deep.equal([{}, {}]);
  });
});

describe("options for one side", () => {
  it("are the ways to its outputs, the access to it, and no other side's", () => {
    const flags = withSideOptions(new Command("one")).options.map(({ flags: of }) => of);
    expect(flags).to.deep.equal([
      ...["--outputs <file>", "--stack <name>", "--project <folder>", "--by-tags <region>", "--deployment <name>"],
      ...["--profile <name>", "--endpoint-url <url>"],
    ]);
  });

  it("stand for both, and for each side, where a command works on both", () => {
    const { options } = withBothOptions(new Command("both"));
    const ways = [
      "outputs <file>",
      "stack <name>",
      "project <folder>",
      "by-tags <region>",
      "deployment <name>",
      "profile <name>",
    ];
    expect(options.map(({ flags }) => flags)).to.deep.equal([
      ...ways.map((way) => `--${way}`),
      ...SIDES.flatMap((side) => ways.map((way) => `--${side}-${way}`)),
      "--endpoint-url <url>",
    ]);
    for (const { flags, description } of options) expect(description, flags).to.match(/^\w/);
  });

  it("takes a side's own deployment among those that tags find for both", () => {
    expect(ofBoth("--by-tags", "us-east-1", "--deployment", "d", "--partner-deployment", "p")).to.deep.equal([
      { byTags: "us-east-1", deployment: "d" },
      { byTags: "us-east-1", deployment: "p" },
    ]);
  });
});

describe("the value of an option", () => {
  it("may be one of several", () => {
    expect(several("a")).to.deep.equal(["a"]);
    expect(several("b", ["a"])).to.deep.equal(["a", "b"]);
  });

  it("is an account, or refused", () => {
    expect(accountId("111111111111")).to.equal("111111111111");
    for (const value of ["1", "1111111111111", "x"])
      expect(() => accountId(value)).to.throw("It takes an account, 12 digits.");
  });

  it("is a number of something, from one, or refused", () => {
    expect(positive("things")("1")).to.equal(1);
    expect(positive("things")("120")).to.equal(120);
    for (const value of ["0", "-1", "1.5", "01", "x1", "1x", ""])
      expect(() => positive("things")(value), value).to.throw("It takes a number of things, from 1.");
  });

  it("is how long ago, or a time, or refused", () => {
    const at = since(() => 1_000_000_000);
    const ago = { "10s": 10_000, "90m": 5_400_000, "2h": 7_200_000, "1d": 86_400_000, "0s": 0 };
    for (const [value, ms] of Object.entries(ago)) expect(at(value), value).to.equal(1_000_000_000 - ms);
    expect(at("2026-01-31T12:00Z")).to.equal(Date.UTC(2026, 0, 31, 12));
    for (const value of ["90", "m", "1w", "x90m", "90mx", "2026", "31 Jan 2026", "x2026-01-31", "2026-99-99"])
      expect(() => at(value), value).to.throw("It takes 90m, 2h, 14d, or a time such as 2026-01-31T12:00Z.");
  });
});

it("a Region is one of a partition: a link with another leads nowhere", () => {
  expect(["us-east-1", "cn-north-1", "us-gov-west-1"].map(region)).to.have.length(3);
  for (const value of ["bad", "", "us_east", "us-east-1a"])
    expect(() => region(value), value).to.throw("It takes a Region, such as us-east-1.");
});
