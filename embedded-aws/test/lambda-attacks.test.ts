// What a function can do to the cloud that runs it, and to other functions. Each of these succeeded once.
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { Lambda } from "@aws-sdk/client-lambda";
import { STS } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { zipSync } from "fflate";
import { CUSTOMER, PARTNER } from "./cloud.ts";
import { failure } from "./failure.ts";
import { createRole } from "./functions.ts";
import { LambdaScene } from "./lambda-scene.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe("A function", () => {
  let scene: LambdaScene;
  before(async () => {
    scene = await LambdaScene.start();
  });
  after(() => scene.running.endpoint.close());
  afterEach(() => scene.reset());

  const alive = async () => {
    const { Account } = await new STS(scene.running.config(CUSTOMER)).getCallerIdentity({});
    expect(Account).to.equal(CUSTOMER);
  };

  it("can't end the cloud by what it writes to its log channel, half lines included", async () => {
    await scene.make(`
      const { writeSync } = require("node:fs");
      exports.handler = async () => {
        const channel = Number(process.env._LAMBDA_TELEMETRY_LOG_FD);
        for (const text of ["no JSON\\n", "17\\n", "\\0\\xff\\n", '"half a']) writeSync(channel, text);
        process.kill(process.pid, "SIGKILL");
      };`);
    expect((await scene.invoke()).FunctionError).to.equal("Unhandled");
    const messages = await scene.messages();
    for (const kept of ["no JSON", "17", '"half a']) expect(messages).to.include(kept);
    await alive();
  });

  it("can't fill the cloud's memory by a line that never ends, or by lines without an end", async () => {
    await scene.make(
      `exports.handler = async () => {
        for (let count = 0; count < 400; count++) process.stdout.write("x".repeat(100_000));
        for (let count = 0; count < 400; count++) console.log("y".repeat(100_000));
      };`,
      { Timeout: 20 },
    );
    const before = process.memoryUsage().rss;
    await scene.invoke();
    expect(process.memoryUsage().rss - before).to.be.below(300 << 20);
    expect(Math.max(...(await scene.messages()).map(({ length }) => length))).to.be.at.most(256 * 1024);
    await alive();
  });

  it("is ended with what it started, also what left its process group", async function () {
    // Without /proc nobody can be found by a mark.
    if (!existsSync("/proc/self/environ")) this.skip();
    await scene.make(`
      const { spawn } = require("node:child_process");
      exports.handler = async () => {
        const child = spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"], { detached: true, stdio: "ignore" });
        child.unref();
        return child.pid;
      };`);
    const pid = (await scene.invoke()).value as number;
    const running = () => {
      try {
        return !/\nState:\s+Z/.test(readFileSync(`/proc/${pid}/status`, "utf8"));
      } catch {
        return false;
      }
    };
    expect(running()).to.equal(true);
    await scene.reset();
    // Nobody hears of the end of another process's child: it has to be asked for.
    for (let tries = 0; running() && tries < 200; tries++) await delay(20);
    expect(running()).to.equal(false);
  });

  it("is held to its memory together with what it started", async function () {
    if (!existsSync("/proc/self/task")) this.skip();
    await scene.make(
      `const { spawn } = require("node:child_process");
      exports.handler = () => new Promise((resolve) => {
        const grow = "const kept = []; setInterval(() => kept.push(Buffer.alloc(16 << 20, 1)), 5)";
        spawn(process.execPath, ["-e", grow], { stdio: "ignore" }).on("exit", resolve);
      });`,
      { MemorySize: 256, Timeout: 20 },
    );
    const { value } = await scene.invoke();
    expect(JSON.stringify(value)).to.contain("Runtime.OutOfMemory");
    expect((await scene.messages()).join("\n")).to.not.contain("Task timed out");
  });
});

describe("An archive", () => {
  let scene: LambdaScene;
  before(async () => {
    scene = await LambdaScene.start();
  });
  after(() => scene.running.endpoint.close());
  afterEach(() => scene.reset());

  const create = async (account: string, name: string, ZipFile: Uint8Array) => {
    const Role = await createRole(scene.running, account, name, []);
    const lambda = new Lambda(scene.running.config(account));
    await lambda.createFunction({
      FunctionName: name,
      Role,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { ZipFile },
    });
    return lambda;
  };

  for (const [what, entries] of [
    ["a file that is a folder too", { a: "1", "a/b": "2" }],
    ["a folder that is a file too", { "a/b/c": "1", "a/b": "2" }],
    ["a step upwards", { "../index.js": "1" }],
    ["a step upwards within", { "a/../../index.js": "1" }],
    ["a step that stays", { "./index.js": "1" }],
    ["an absolute path", { "/tmp/index.js": "1" }],
    ["a name that no file system takes", { ["n".repeat(256)]: "1" }],
    ["a path that no file system takes", { [`${"d/".repeat(2_000)}f`]: "1" }],
    ["an empty name", { "a//b": "1" }],
    ["a NUL", { "a\0b": "1" }],
  ] as const)
    it(`with ${what} is refused when the function is created`, async () => {
      const zip = zipSync(Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, bytes(text)])));
      expect(await failure(create(CUSTOMER, "fn", zip))).to.match(/^InvalidParameterValueException: Could not unzip/);
    });

  it("of one account never gets into another account's function", async () => {
    await failure(
      create(
        CUSTOMER,
        "bad",
        zipSync({ "index.js": bytes("exports.handler = async () => 'theirs'"), "../x": bytes("") }),
      ),
    );
    const lambda = await create(
      PARTNER,
      "good",
      zipSync({ "other.js": bytes("exports.handler = async () => 'ours'") }),
    );
    const { Payload, FunctionError } = await lambda.invoke({ FunctionName: "good" });
    expect(FunctionError).to.equal("Unhandled");
    expect(Buffer.from(Payload ?? []).toString()).to.contain("Runtime.ImportModuleError");
  });
});
