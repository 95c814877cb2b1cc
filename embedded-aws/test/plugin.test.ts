// The provider plugin as a process. What it answers to the engine, the engine tests show.
import { expect } from "chai";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const LAUNCHER = join(import.meta.dirname, "..", "pulumi", "plugin", "pulumi-resource-aws");

describe("the provider plugin", () => {
  let plugin: ChildProcess;
  let firstLine: string;
  beforeEach(async () => {
    plugin = spawn(LAUNCHER, { stdio: ["ignore", "pipe", "inherit"] });
    [firstLine] = (await once(createInterface({ input: plugin.stdout ?? process.stdin }), "line")) as [string];
  });
  afterEach(() => plugin.kill("SIGKILL"));

  it("says its port in the first line", () => {
    expect(Number(firstLine)).to.be.within(1, 65_535);
  });

  it("ends by itself when the engine asks with SIGINT: the engine would wait five seconds before it kills", async () => {
    plugin.kill("SIGINT");
    expect(await once(plugin, "exit")).to.deep.equal([0, null]);
  });
});
