// What any command does when nobody reads what it prints, or nothing can be written there.
import { expect } from "chai";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { type Ended, Running } from "./checkout.ts";

const MAIN = join(import.meta.dirname, "..", "..", "hooks", "main.ts");

/** In a shell, with what follows the command there. */
const typed = (rest: string, ...args: readonly string[]): Promise<Ended> =>
  new Running(spawn("/bin/bash", ["-c", `"$0" "$@" ${rest}`, process.execPath, MAIN, ...args])).ended;

describe("What a command prints", () => {
  for (const args of [["--help"], ["doctor", "--help"], ["cost"]])
    it(`ends it in silence, and well, where nobody reads it: ${args.join(" ")}`, async () => {
      const { output } = await typed("| true; echo ${PIPESTATUS[0]}", ...args);
      expect(output).to.equal("0\n");
    });

  it("leaves it its exit code where nobody reads what is wrong", async () => {
    const { output } = await typed("2>&1 >/dev/null | true; echo ${PIPESTATUS[0]}", "nonsense");
    expect(output).to.equal("2\n");
  });

  it("is a sentence, and no success, where the disk is full", async () => {
    expect(await typed("> /dev/full", "cost", "--json")).to.deep.include({
      code: 2,
      output: "What was to be printed can't be written: ENOSPC: no space left on device, write.\n",
    });
  });
});
