// The provider plugin as a process. What it answers to the engine, the engine tests show.
import { expect } from "chai";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { environmentOf } from "../pulumi/plugin/connection.ts";
import { startCloud } from "./cloud.ts";
import { asError } from "./rejections.ts";

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

  it(
    "ends by itself when the engine asks with SIGINT: the engine would " + "wait five seconds before it kills",
    async () => {
      plugin.kill("SIGINT");
      expect(await once(plugin, "exit")).to.deep.equal([0, null]);
    },
  );
});

describe("the provider plugin's way to the embedded AWS", () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  it("says what to start where nothing answers", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, "close");
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${port}`;
    const error: unknown = await environmentOf("customer").catch((thrown: unknown) => thrown);
    expect(asError(error).message).to.match(
      new RegExp(
        `^No embedded AWS answers on http://127\\.0\\.0\\.1:${port}\\. Start it with npm run local .*local:env`,
      ),
    );
  });

  it("is open where one answers", async () => {
    const running = await startCloud();
    process.env.AWS_ENDPOINT_URL = running.endpoint.url;
    expect(await environmentOf("customer")).to.include({ endpoint: running.endpoint.url });
    await running.endpoint.close();
  });
});
