// Which side's options come from where, with commands that work on both sides.
import { Command } from "commander";
import { expect } from "chai";
import { type BothOptions, optionsOf, withBothOptions } from "../../hooks/options.ts";
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
