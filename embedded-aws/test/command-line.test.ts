import { expect } from "chai";
import { commandLine, PORT_OPTION, portOf, UsageError, type Command } from "../command-line.ts";

const COMMAND: Command = {
  call: "npm start --",
  says: "Starts it.",
  options: { once: { says: "ends after the first arrival" }, port: PORT_OPTION },
};
const line = (...args: string[]) => commandLine(args, COMMAND);
const start = (...args: string[]) => {
  const found = line(...args);
  return { port: portOf(found), once: found.switches.has("once") };
};
const local = (...args: string[]) => commandLine(args, { ...COMMAND, call: "npm run local --", options: {} });

describe("the command line", () => {
  it("leaves the port open when none is given", () => {
    expect(start()).to.include({ port: undefined, once: false });
  });

  it("takes a port and --once in any order", () => {
    expect(start("--port", "4600", "--once")).to.include({ port: 4600, once: true });
    expect(start("--once", "--port=4600")).to.include({ port: 4600, once: true });
  });

  for (const port of ["0", "65536", "-1", "abc", "4.5", "1e3", ""]) {
    it(`refuses "${port}" as a port, and says how it is used`, () => {
      expect(() => start(`--port=${port}`)).to.throw(
        UsageError,
        /is no port: give a number from 1 to 65535\. Use: npm start/,
      );
    });
  }

  it("refuses an option that there isn't", () => {
    expect(() => start("--prot", "1")).to.throw(UsageError, /--prot.*Use: npm start -- \[--once\] \[--port N\]$/);
  });

  it("refuses words without an option", () => {
    expect(() => start("now")).to.throw(UsageError, "now");
  });

  it("refuses --once where nothing is followed", () => {
    expect(() => local("--once")).to.throw(UsageError, /--once.*Use: npm run local --$/);
  });

  it("answers --help with what there is, in 80 columns", () => {
    const long = {
      ...COMMAND,
      options: { ...COMMAND.options, folder: { value: "PATH", says: "where to ".repeat(20) } },
    };
    let text = "";
    try {
      commandLine(["--help"], long);
    } catch (error) {
      text = String(error);
    }
    for (const option of ["--once", "--port N", "--folder PATH", "--help"]) expect(text).to.contain(`  ${option} `);
    for (const row of text.split("\n")) expect(row.length).to.be.at.most(80);
  });

  it("keeps words apart from options where a command takes words", () => {
    const found = commandLine(["customer", "--port", "1"], { ...COMMAND, words: "PROFILE" });
    expect(found.words).to.deep.equal(["customer"]);
    expect(found.values.port).to.equal("1");
  });
});
