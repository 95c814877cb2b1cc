// What `npm test` prints, with the settings that it has.
import { expect } from "chai";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

describe("what mocha prints", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reporter "));
  });
  after(() => rm(folder, { recursive: true }));

  const print = async (name: string, tests: string): Promise<{ lines: string[]; code: number }> => {
    const file = join(folder, `${name}.test.mjs`);
    await writeFile(file, tests);
    const args = [join(ROOT, "node_modules", "mocha", "bin", "mocha.js"), "--parallel", "--jobs", "2", file];
    return new Promise((resolve) => {
      execFile(process.execPath, args, { cwd: ROOT }, (error, stdout, stderr) => {
        const lines = `${stdout}${stderr}`.split("\n").filter((line) => line.trim() !== "");
        resolve({ lines, code: Number(error?.code ?? 0) });
      });
    });
  };
  const passing = `for (let i = 0; i < 500; i++) it("passes " + i, () => {});`;

  it("is one line for tests that pass", async () => {
    const { lines, code } = await print("green", passing);
    expect(code).to.equal(0);
    expect(lines).to.have.lengthOf(1);
    expect(lines[0]).to.match(/^ +500 passing \(\d+m?s\)$/);
  });

  it("is the failure, with what was expected and where, and no test that passed", async () => {
    const { lines, code } = await print(
      "red",
      `${passing} it("sends one message", () => { throw Object.assign(new Error("none came"), { expected: ` +
        "1, actual: 0 }); });",
    );
    expect(code).to.equal(1);
    const text = lines.join("\n");
    expect(text).to.contain("1) sends one message:").and.to.contain("none came").and.to.contain("red.test.mjs");
    expect(text).not.to.contain("passes 1");
    expect(lines.length).to.be.at.most(12);
  });
});
