// Would a test of a program notice? traps.ts is run by a mocha of its own, as `npm test` runs the rest, and has to
// fail where it should.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";

interface Report {
  readonly passes: readonly { readonly title: string }[];
  readonly failures: readonly { readonly title: string; readonly err: { readonly message?: string } }[];
}

const ROOT = join(import.meta.dirname, "..", "..");

/** The traps' titles, and why each has to fail. */
const FAILS: readonly (readonly [string, RegExp])[] = [
  ["1 an expectation in an apply that nobody awaits", /to equal 'something else'/],
  ["1b a rejection that has nothing to do with a stack", /left behind/],
  ["2 a promise made of the output of a resource that failed", /doesn't know the outputs of aws:sns\/topic:Topic/],
  ["3 asking for a resource that was never registered", /0 resources are .*Role/],
  ["4 a resource that fails long after the program has ended", /doesn't know the outputs of aws:sns\/topic:Topic/],
  ["5 a resource whose failure nothing waits for", /doesn't know the outputs of aws:sns\/topic:Topic/],
  ["6 a name of the project that is left over from the run before", /to deeply equal/],
  ["7 a provider function that nobody answers", /nobody said what aws:index\/getCallerIdentity/],
  ["8 a missing output of another stack", /'roleArn' does not exist on stack 'organization\/other\/dev'/],
  ["8b outputs of another stack that would all be secret", /expected false to equal true/],
  ["9 an output that no state has, in a preview", /outputs.* is unknown/],
  ["9b a resource type whose outputs the harness doesn't know, in a preview", /doesn't know the outputs/],
  ["a resource without a provider of its own", /has no provider of its own/],
];

describe("the harness for programs", () => {
  let report: Report;

  before(async function () {
    this.timeout(60_000);
    report = await mocha("test/harness/traps.ts");
  });

  for (const [title, reason] of FAILS) {
    it(`fails a test with ${title.replace(/^\d\w? /, "")}`, () => {
      const failure = report.failures.find((failed) => failed.title === title);
      expect(failure?.err.message).to.match(reason);
    });
  }

  it("passes what is right, and goes on after a failure", () => {
    const titles = report.passes.map(({ title }) => title);
    expect(titles).to.deep.equal([
      "fine: a program that does nothing wrong",
      "fine: the test after one that left something behind",
      "fine: each run has its own resources, also those that were registered late",
    ]);
    expect(report.failures).to.have.lengthOf(FAILS.length);
  });
});

/** With this suite's own hooks. Resolves for failing tests too; rejects where there is no report. */
function mocha(file: string): Promise<Report> {
  const args = [
    "--no-config",
    "--require",
    "./embedded-aws/test/rejections.ts",
    "--reporter",
    "json",
    "--timeout",
    "5000",
    file,
  ];
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [join(ROOT, "node_modules", "mocha", "bin", "mocha.js"), ...args],
      { cwd: ROOT, maxBuffer: 64 << 20 },
      (_error, stdout, stderr) => {
        try {
          resolve(JSON.parse(stdout.slice(stdout.indexOf("{\n"))) as Report);
        } catch (cause) {
          reject(new Error(`mocha gave no report: ${stderr}${stdout.slice(0, 500)}`, { cause }));
        }
      },
    );
  });
}
