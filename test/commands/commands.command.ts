// `npm start`, `npm run local` and `npm run local:env` as processes: beside one another, started anew, interrupted,
// and where they can't work.
import { expect } from "chai";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { IoT } from "@aws-sdk/client-iot";
import { fromIni } from "@aws-sdk/credential-providers";
import { profileFiles } from "embedded-aws";
import { Checkout, freePort, type Running } from "./checkout.ts";

const LOCAL = "start/local.ts";
const ENVIRONMENT = "embedded-aws/shell-variables.ts";

describe("the commands", () => {
  let checkout: Checkout;
  const started: Running[] = [];
  before(async () => {
    checkout = await Checkout.make();
  });
  afterEach(() => Promise.all(started.splice(0).map((command) => command.end("SIGKILL"))));
  after(() => checkout.remove());

  const start = (command: string, ...args: string[]): Running => {
    const running = checkout.start(command, ...args);
    started.push(running);
    return running;
  };
  const local = async (port: string): Promise<Running> => {
    const running = start(LOCAL, "--port", port);
    await running.printed("Ctrl-C ends it");
    return running;
  };
  const folderOf = (port: string) => join(checkout.folder, ".local", port);
  const variable = (output: string, name: string) =>
    new RegExp(`^export ${name}=(.*)$`, "m").exec(output)?.[1]?.replaceAll("'", "") ?? "";

  for (const command of ["start/main.ts", LOCAL, ENVIRONMENT]) {
    it(`${command} explains itself for --help, at most 80 columns wide, and starts nothing`, async () => {
      const { code, output } = await checkout.run(command, "--help");
      expect(code).to.equal(0);
      expect(output)
        .to.match(/^npm (start|run)/)
        .and.to.contain("--port N");
      for (const line of output.split("\n")) expect(line.length).to.be.at.most(80);
    });
  }

  it("stand beside one another on two ports, each with keys and profiles of its own", async () => {
    const ports = [await freePort(), await freePort()];
    await Promise.all(ports.map(local));
    for (const port of ports) {
      const { config, credentials } = profileFiles(folderOf(port));
      const iot = new IoT({
        endpoint: `http://127.0.0.1:${port}`,
        region: "us-east-1",
        credentials: fromIni({ profile: "customer", configFilepath: config, filepath: credentials, ignoreCache: true }),
      });
      await iot.createThing({ thingName: `of-${port}` });
      expect((await iot.listThings({})).things?.map(({ thingName }) => thingName)).to.deep.equal([`of-${port}`]);
    }
    const { code, output } = await checkout.run(ENVIRONMENT, "customer");
    expect(code).to.equal(1);
    expect(output).to.match(/2 embedded AWS are running, on the ports \d+, \d+: say which with --port N\.$/m);
    const one = await checkout.run(ENVIRONMENT, "customer", "--port", ports[1] ?? "");
    expect(variable(one.output, "AWS_ENDPOINT_URL")).to.equal(`http://127.0.0.1:${ports[1] ?? ""}`);
  });

  it("refuse a port that is taken, and leave the one alone that has it", async () => {
    const port = await freePort();
    await local(port);
    const { code, output } = await checkout.run(LOCAL, "--port", port);
    expect(code).to.equal(1);
    expect(output).to.match(new RegExp(`^Port ${port} is taken[^\\n]*\\n$`));
    expect((await checkout.run(ENVIRONMENT, "customer")).code).to.equal(0);
  });

  it("begin with an empty Pulumi state after a restart, as the cloud is empty, also after a SIGKILL", async () => {
    const port = await freePort();
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      const first = await local(port);
      const { output } = await checkout.run(ENVIRONMENT, "customer");
      const state = decodeURI(variable(output, "PULUMI_BACKEND_URL").replace("file://", ""));
      expect(await readdir(state)).to.deep.equal([]);
      await writeFile(join(state, "stack.json"), "{}");
      await first.end(signal);
      if (signal === "SIGTERM") expect(await readdir(folderOf(port))).not.to.include("pulumi-state");
      const second = await local(port);
      expect(await readdir(state)).to.deep.equal([]);
      await second.end("SIGTERM");
    }
  });

  it("say that nothing runs where nothing does, also where one ended without a word", async () => {
    const none =
      /^No embedded AWS is running here: start it with npm run local \(or npm start\) in another terminal\.$/m;
    expect((await checkout.run(ENVIRONMENT, "customer")).output).to.match(none);
    const running = await local(await freePort());
    await running.end("SIGKILL");
    const { code, output } = await checkout.run(ENVIRONMENT, "customer");
    expect(code).to.equal(1);
    expect(output).to.match(none);
  });

  it("say it where the note of what runs is spoilt, and write a new one over it", async () => {
    const port = await freePort();
    await mkdir(folderOf(port), { recursive: true });
    await writeFile(join(folderOf(port), "running.json"), '{"endpoint": "http://127');
    const { code, output } = await checkout.run(ENVIRONMENT, "customer");
    expect(code).to.equal(1);
    expect(output).to.match(/running\.json should say which embedded AWS runs, and doesn't: it holds "[^\n]*$/m);
    await local(port);
    expect((await checkout.run(ENVIRONMENT, "customer")).code).to.equal(0);
    expect(await readFile(join(folderOf(port), "running.json"), "utf8")).to.contain(`127.0.0.1:${port}`);
  });

  it("refuse a folder that can't be written before anything is deployed", async () => {
    const port = await freePort();
    await mkdir(join(checkout.folder, ".local"), { recursive: true });
    await writeFile(folderOf(port), "a file where the folder should be");
    for (const command of ["start/main.ts", LOCAL]) {
      const { code, output } = await checkout.run(command, "--port", port);
      expect(code).to.equal(1);
      expect(output).to.match(/^Keys and profiles can't be written to [^\n]*\. Make room[^\n]*\n$/);
    }
    await rm(folderOf(port));
  });

  it("refuse operations without the one that is followed, and operations that there aren't", async () => {
    const without = await checkout.run("start/main.ts", "--once", "--operations", "delete_thing");
    expect(without.code).to.equal(1);
    expect(without.output).to.match(/--operations needs create_thing in it, not "delete_thing"\.\n$/);
    const unknown = await checkout.run("start/main.ts", "--once", "--operations", "create_thing,paint_thing");
    expect(unknown.code).to.equal(1);
    expect(unknown.output).to.contain("paint_thing").and.not.to.contain("    at ");
  });

  describe("interrupted", () => {
    for (const { moment, text, signal, code } of [
      { moment: "before it deploys", text: "listens on", signal: "SIGINT", code: 130 },
      { moment: "while it deploys", text: /customer 1{12}: \d+ resources/, signal: "SIGTERM", code: 143 },
      { moment: "while a thing is under way", text: "A thing is created", signal: "SIGINT", code: 130 },
      { moment: "while it follows", text: "What happens from now on", signal: "SIGTERM", code: 0 },
    ] as const) {
      it(`npm start leaves no process and no folder, by ${signal} ${moment}`, async () => {
        const port = await freePort();
        const running = start("start/main.ts", "--port", port);
        await running.printed(text);
        const ended = await running.end(signal);
        expect({ code: ended.code, signal: ended.signal }).to.deep.equal({ code, signal: null });
        expect(ended.output).not.to.contain("    at ");
        await checkout.noProcess();
        expect(await readdir(checkout.temporary)).to.deep.equal([]);
        const left = await readdir(folderOf(port));
        expect(left).not.to.include("running.json");
        expect(left).not.to.include("pulumi-state");
      });
    }

    it("bears the signal twice, as npm hands on what the terminal sent already", async () => {
      const running = start("start/main.ts", "--port", await freePort());
      await running.printed("What happens from now on");
      running.child.kill("SIGINT");
      const { code, signal } = await running.end("SIGINT");
      expect({ code, signal }).to.deep.equal({ code: 0, signal: null });
      expect(await readdir(checkout.temporary)).to.deep.equal([]);
    });
  });
});
