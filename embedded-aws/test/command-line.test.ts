import { expect } from "chai";
import { commandLine, UsageError } from "../command-line.ts";

const start = (...args: string[]) => commandLine(args, { once: true });
const local = (...args: string[]) => commandLine(args, { once: false });

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
    expect(() => start("--prot", "1")).to.throw(UsageError, "--prot");
  });

  it("refuses words without an option", () => {
    expect(() => start("now")).to.throw(UsageError, "now");
  });

  it("refuses --once where nothing is followed", () => {
    expect(() => local("--once")).to.throw(UsageError, "There is no --once here. Use: npm run local");
  });
});
