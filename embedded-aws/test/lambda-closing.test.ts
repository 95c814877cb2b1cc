// Functions and a cloud that closes, or is emptied, while they start or run.
import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { STS } from "@aws-sdk/client-sts";
import { Stopped } from "../core/errors.ts";
import { CUSTOMER, DEFAULT_REGION } from "./cloud.ts";
import { LambdaScene } from "./lambda-scene.ts";

const SCENE = JSON.stringify(join(import.meta.dirname, "lambda-scene.ts"));
const ENDLESS =
  "exports.handler = () => { console.log('begun'); return new Promise((go) => setTimeout(go, 800_000)); };";

describe("a cloud with functions, when it closes", () => {
  let scene: LambdaScene;
  beforeEach(async () => {
    scene = await LambdaScene.start();
  });
  // One that was left open by a test that failed would keep this process from ending.
  afterEach(() => scene.running.endpoint.close());

  it("lets its process end, also where a function was about to start, or an event comes late", async () => {
    // The first environment has no process yet when the cloud closes in the same turn of the event loop.
    const program = `
      import { LambdaScene } from ${SCENE};
      const scene = await LambdaScene.start();
      await scene.make(${JSON.stringify(ENDLESS)}, { Timeout: 900 });
      const { cloud, endpoint } = scene.running;
      const { caller } = cloud.administrator("${CUSTOMER}");
      const invoke = () => cloud.call({
        ...{ service: "lambda", operation: "Invoke", caller, account: "${CUSTOMER}", region: "${DEFAULT_REGION}" },
        input: { FunctionName: "fn", InvocationType: "Event" },
      });
      await invoke();
      await endpoint.close();
      await invoke().catch(({ name }) => console.log(name));`;
    // One that doesn't end would keep this process from ending too.
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      ...{ timeout: 30_000, killSignal: "SIGKILL" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [said, exit] = await Promise.all([text(child.stdout), once(child, "exit")]);
    expect([said, ...(exit as unknown[])]).to.deep.equal(["Stopped\n", 0, null]);
  });

  it("answers nobody any more, and cuts off who still waits", async () => {
    const { running } = scene;
    const { cloud, endpoint } = running;
    cloud.faults.set([{ service: "sts", operation: "GetCallerIdentity", fault: "slow", times: 1, delayMs: 3_600_000 }]);
    const asked = new STS(running.config(CUSTOMER)).getCallerIdentity({}).catch((error: unknown) => error);
    while (cloud.faults.armed.length > 0) await new Promise(setImmediate);
    await endpoint.close();
    expect(await asked).to.include({ code: "ECONNRESET" });
    const { caller } = cloud.administrator(CUSTOMER);
    const place = { account: CUSTOMER, region: DEFAULT_REGION };
    const late = cloud.call({ ...place, service: "sts", operation: "GetCallerIdentity", input: {}, caller });
    expect(await late.catch((error: unknown) => error)).to.be.instanceOf(Stopped);
    await cloud.settled();
  });

  it("doesn't try again what it ended itself, once it is emptied", async () => {
    const { cloud } = scene.running;
    await scene.make(ENDLESS, { Timeout: 900 });
    const begun = new Promise((resolve) => {
      const stop = cloud.trace.subscribe(({ name }) => {
        if (name !== "PutLogEvents") return;
        stop();
        resolve(undefined);
      });
    });
    await scene.invoke({}, { InvocationType: "Event" });
    await begun;
    await cloud.reset();
    await cloud.advance(3_600_000);
    expect(cloud.trace.since().filter(({ service }) => service === "lambda")).to.deep.equal([]);
  });
});
