import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("A function's process", () => {
  const folder = mkdtempSync(join(tmpdir(), "lifeline-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("ends with the cloud that started it, even when that is killed and the function never yields", async () => {
    writeFileSync(join(folder, "index.js"), "console.log(process.pid); for (;;);");
    const deployment = {
      account: "111111111111",
      region: "us-east-1",
      functionName: "fn",
      version: "$LATEST",
      runtime: "nodejs24.x",
      handler: "index.handler",
      memorySize: 128,
      timeout: 60,
      variables: {},
      logGroup: "g",
      logFormat: "JSON",
      applicationLogLevel: "INFO",
      systemLogLevel: "INFO",
    };
    const keys = { accessKeyId: "k", secretAccessKey: "s", sessionToken: "t", expiresAt: 0 };
    const options = { deployment, keys, endpoint: "", taskRoot: folder, privateFolder: folder, logStream: "s" };
    const module = join(import.meta.dirname, "../functions/execution-environment.ts");
    const parent = spawn(process.execPath, [
      "--input-type=module",
      "-e",
      `import { ExecutionEnvironment } from ${JSON.stringify(module)};
       await ExecutionEnvironment.start({ ...${JSON.stringify(options)}, onLog: (line) => console.log(line) });`,
    ]);
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number((JSON.parse(line.toString()) as { message: string }).message);
    expect(isAlive(pid)).to.equal(true);
    parent.kill("SIGKILL");
    // Nobody hears of the end of another process's child: it has to be asked for.
    for (let tries = 0; isAlive(pid) && tries < 100; tries++) await delay(20);
    expect(isAlive(pid)).to.equal(false);
  });
});
