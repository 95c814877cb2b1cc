// What a function can do to the cloud that runs it, and to other functions. Each of these succeeded once.
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { Lambda } from "@aws-sdk/client-lambda";
import { STS } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { zipSync } from "fflate";
import { formatEntry } from "../show/format.ts";
import { CUSTOMER, PARTNER } from "./cloud.ts";
import { failure } from "./failure.ts";
import { createRole, zip } from "./functions.ts";
import { LambdaScene } from "./lambda-scene.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);

function isRunning(pid: number): boolean {
  try {
    return !/\nState:\s+Z/.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

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

  it("keeps a long message whole up to a log event's size, however many characters JSON makes of it", async () => {
    await scene.make(`exports.handler = async () => { console.log('"'.repeat(200_000)); };`, {
      LoggingConfig: { LogFormat: "Text" },
    });
    await scene.invoke();
    expect((await scene.messages()).filter((text) => /"{200000}$/.test(text))).to.have.length(1);
  });

  for (const LogFormat of ["Text", "JSON"] as const)
    it(
      "can't end the cloud by an error that isn't made of texts, nor stop its trace from being shown " +
        `(${LogFormat})`,
      async () => {
        const bootstrap = `#!/bin/sh
exec ${process.execPath} -e '
const base = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/invocation/";
(async () => { for (;;) {
  const next = await fetch(base + "next");
  const id = next.headers.get("lambda-runtime-aws-request-id");
  const body = JSON.stringify({ errorType: { toString: 1 }, errorMessage: { toString: 1 } });
  await fetch(base + id + "/error", { method: "POST", body });
} })();'
`;
        await scene.make("", {
          Runtime: "provided.al2023",
          Handler: "any",
          Code: { ZipFile: zip({ bootstrap }) },
          LoggingConfig: { LogFormat },
        });
        expect((await scene.invoke()).FunctionError).to.equal("Unhandled");
        for (const entry of scene.running.cloud.trace.since())
          expect(formatEntry(entry, { colour: false, zero: 0, width: 100 })).not.to.have.length(0);
      },
    );

  it("has one body at a time read by the Runtime API, and none that answers nothing", async () => {
    await scene.make(
      `const { connect } = require("node:net");
      const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
      const head = (path) => "POST /2018-06-01/runtime/" + path + " HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: " +
"6000000\\r\\n\\r\\n";
      // Only the head is sent: who is answered has been refused unread.
      const ask = (path) => new Promise((resolve) => {
        const socket = connect(port, host, () => socket.write(head(path)));
        socket.on("data", (data) => resolve(String(data).slice(9, 12)));
      });
      exports.handler = async () => {
        const unread = ask("init/error");
        return [await ask("init/error"), await ask("invocation/other/response"), await ask("nothing")];
      };`,
      { Timeout: 10 },
    );
    expect((await scene.invoke()).value).to.deep.equal(["403", "400", "404"]);
  });

  it("can't fill the trace with names of its choice", async () => {
    const logGroupNamePrefix = "x".repeat(2_000_000);
    const before = JSON.stringify(scene.running.cloud.trace.since()).length;
    await failure(new CloudWatchLogs(scene.running.config(CUSTOMER)).describeLogGroups({ logGroupNamePrefix }));
    expect(JSON.stringify(scene.running.cloud.trace.since()).length - before).to.be.below(50_000);
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
        const alone = { detached: true, stdio: "ignore" };
        const child = spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"], alone);
        child.unref();
        return child.pid;
      };`);
    const pid = (await scene.invoke()).value as number;
    expect(isRunning(pid)).to.equal(true);
    await scene.reset();
    // Nobody hears of the end of another process's child: it has to be asked for.
    for (let tries = 0; isRunning(pid) && tries < 200; tries++) await delay(20);
    expect(isRunning(pid)).to.equal(false);
  });

  it(
    "is ended with what it started as long as it lives, also what left " + "its group and took the mark off",
    async function () {
      if (!existsSync("/proc/self/task")) this.skip();
      await scene.make(`
      const { spawn } = require("node:child_process");
      exports.handler = async () => {
        const options = { detached: true, stdio: "ignore", env: {} };
        const child = spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"], options);
        return child.pid;
      };`);
      const pid = (await scene.invoke()).value as number;
      expect(isRunning(pid)).to.equal(true);
      await scene.reset();
      for (let tries = 0; isRunning(pid) && tries < 200; tries++) await delay(20);
      expect(isRunning(pid)).to.equal(false);
    },
  );

  it("is held to its memory together with what its threads started", async function () {
    if (!existsSync("/proc/self/task")) this.skip();
    await scene.make(
      `const { Worker } = require("node:worker_threads");
      exports.handler = () => new Promise((resolve) => {
        const grow = "const kept = []; setInterval(() => kept.push(Buffer.alloc(16 << 20, 1)), 5)";
        new Worker(
          "const { spawn } = require('node:child_process');" +
          "spawn(process.execPath, ['-e', " + JSON.stringify(grow) + "], { stdio: 'ignore' }).on('exit', " +
"process.exit);" +
          "setInterval(() => 0, 1000);", { eval: true }).on("exit", resolve);
      });`,
      { MemorySize: 256, Timeout: 20 },
    );
    await scene.invoke();
    expect((await scene.messages()).join("\n")).to.contain("Runtime.OutOfMemory");
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
    await scene.invoke();
    const log = (await scene.messages()).join("\n");
    expect(log).to.contain("Runtime.OutOfMemory");
    expect(log).to.not.contain("Task timed out");
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

  it("that is larger than it says is refused when the function is created, without being unpacked", async () => {
    const bomb = Buffer.from(zipSync({ "index.js": new Uint8Array(200 << 20) }));
    bomb.writeUInt32LE(10, bomb.lastIndexOf("PK\x01\x02", undefined, "latin1") + 24);
    expect(bomb.length).to.be.below(1 << 20);
    const began = process.threadCpuUsage();
    expect(await failure(create(CUSTOMER, "fn", bomb))).to.match(/^InvalidParameterValueException: Could not unzip/);
    const { user, system } = process.threadCpuUsage(began);
    expect((user + system) / 1e6).to.be.below(1);
  });

  it("with a symbolic link is refused when the function is created", async () => {
    const link = zipSync({ "index.js": bytes("1"), link: [bytes("/etc/passwd"), { os: 3, attrs: 0o120777 << 16 }] });
    expect(await failure(create(CUSTOMER, "fn", link))).to.match(
      /^InvalidParameterValueException: The archive holds symbolic links/,
    );
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
