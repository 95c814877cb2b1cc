// Attacks on the endpoint from the user's own machine: by a web page in the browser, by another user, by floods. Each
// of these succeeded once.
import { chmod, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect } from "chai";
import { BodyBudget, readBody } from "../core/body.ts";
import { refusal } from "../core/gate.ts";
import { keysOf } from "../core/keys.ts";
import { startCloud, type RunningCloud } from "./cloud.ts";

interface Answer {
  readonly status: number;
  readonly text: string;
}

describe("who is let in", () => {
  let running: RunningCloud;
  let port: number;
  before(async () => {
    running = await startCloud();
    port = Number(new URL(running.endpoint.url).port);
  });
  after(() => running.endpoint.close());

  /** With headers that fetch would set by itself. */
  const ask = (path: string, headers: Record<string, string>, body?: Buffer): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const asked = request({ port, path, method: body ? "POST" : "GET", headers }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (part: string) => (text += part));
        answer.on("end", () => {
          resolve({ status: answer.statusCode ?? 0, text });
        });
      });
      asked.on("error", reject).end(body);
    });
  const token = () => ({ authorization: `Bearer ${running.cloud.token}` });

  it("is nobody by another name, as a page's own name that resolves to this machine is (DNS rebinding)", async () => {
    for (const host of [`attacker.example:${port}`, "localhost:1", "127.0.0.1", `127.0.0.1.attacker.example:${port}`]) {
      const { status, text } = await ask("/_local/trace", { ...token(), host });
      expect(status, host).to.equal(403);
      expect(text).to.contain(`127.0.0.1:${port}`);
    }
  });

  it("is everybody by a name of this machine, those of an account below localhost included", () => {
    for (const host of ["127.0.0.1", "localhost", "[::1]", "111111111111.localhost"])
      expect(refusal({ host: `${host}:4499` }, 4499), host).to.equal(undefined);
  });

  it("is no page of another site, by its origin or by what the browser says of it", async () => {
    const host = `127.0.0.1:${port}`;
    for (const headers of [
      { origin: "https://attacker.example" },
      { origin: "null" },
      { origin: `http://127.0.0.1:${port + 1}` },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ])
      expect((await ask("/_local/trace", { ...token(), host, ...headers })).status).to.equal(403);
    expect((await ask("/_local/trace", { ...token(), host, origin: `http://${host}` })).status).to.equal(200);
  });

  it("needs the token for the control interface", async () => {
    const host = `127.0.0.1:${port}`;
    for (const authorization of ["", "Bearer", "Bearer wrong", `Basic ${running.cloud.token}`]) {
      const { status, text } = await ask("/_local/trace", { host, authorization });
      expect(status).to.equal(401);
      expect(text).to.contain("Authorization: Bearer <token>");
    }
  });

  it("gets a 400 for a path that is no percent-encoding, and not a defect", async () => {
    expect((await ask("/%zz/k", { host: `127.0.0.1:${port}` })).status).to.equal(400);
  });

  it("gets a 400 for a target that isn't a path", async () => {
    for (const path of ["*", "http://attacker.example/_local/trace"])
      expect((await ask(path, { ...token(), host: `127.0.0.1:${port}` })).status, path).to.equal(400);
  });

  it("keeps nothing of the bodies of those who have no key", async () => {
    const body = Buffer.alloc(60 << 20);
    const scope = `${new Date().toISOString().slice(0, 10).replaceAll("-", "")}/us-east-1/iot/aws4_request`;
    const signature = "0".repeat(64);
    const headers = {
      host: `127.0.0.1:${port}`,
      authorization:
        `AWS4-HMAC-SHA256 Credential=AKIAAAAAAAAAAAAAAAAA/${scope}, SignedHeaders=host, ` + `Signature=${signature}`,
    };
    const answers = await Promise.all(Array.from({ length: 3 }, () => ask("/things/x", headers, body)));
    // Were they kept, there would not have been room for all three: 503.
    expect(answers.map(({ status }) => status)).to.deep.equal([403, 403, 403]);
  });
});

describe("the bodies of requests", () => {
  /** A request whose body comes as it is written. */
  const incoming = () => new PassThrough() as unknown as IncomingMessage & PassThrough;

  it("share what may be kept of them, and what doesn't fit is read to its end, not kept", async () => {
    const budget = new BodyBudget(100);
    const [one, other] = [incoming(), incoming()];
    const first = readBody(one, 80, budget);
    one.write(Buffer.alloc(80));
    const second = readBody(other, 80, budget);
    other.end(Buffer.alloc(30));
    expect(await second).to.deep.equal({ unkept: "no room", size: 30 });
    one.end();
    const read = await first;
    if (!("body" in read)) throw new Error(read.unkept);
    expect(read.body).to.have.length(80);
    expect(budget.take(21)).to.equal(false);
    read.release();
    expect(budget.take(100)).to.equal(true);
  });

  it("have a bound each, and give back what they had when they pass it, or when the client goes away", async () => {
    const budget = new BodyBudget(100);
    const [large, broken] = [incoming(), incoming()];
    const first = readBody(large, 80, budget);
    large.write(Buffer.alloc(60));
    large.end(Buffer.alloc(30));
    expect(await first).to.deep.equal({ unkept: "too large", size: 90 });
    const second = readBody(broken, 80, budget);
    broken.write(Buffer.alloc(40));
    broken.destroy(new Error("the client went away"));
    let said = "";
    await second.catch((error: unknown) => (said = String(error)));
    expect(said).to.contain("the client went away");
    expect(budget.take(100)).to.equal(true);
  });
});

describe("the keys of a data folder", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "embedded-aws-keys-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("are random, readable by their owner alone, and kept", async () => {
    const keys = await keysOf(join(folder, "one"));
    expect(await keysOf(join(folder, "one"))).to.deep.equal(keys);
    expect((await keysOf(join(folder, "two"))).token).to.not.equal(keys.token);
    expect((await stat(join(folder, "one", "keys.json"))).mode & 0o777).to.equal(0o600);
  });

  it("are the same for two who make them at once", async () => {
    const [one, other] = await Promise.all([keysOf(folder), keysOf(folder)]);
    expect(one).to.deep.equal(other);
  });

  it("are refused where others can read them, or may have put them there", async () => {
    const said = () => keysOf(folder).then(String, (error: unknown) => (error as Error).message);
    await keysOf(folder);
    await chmod(join(folder, "keys.json"), 0o640);
    expect(await said()).to.contain("keys.json can be read by others than its owner: remove it");
    await rename(join(folder, "keys.json"), join(folder, "known.json"));
    await chmod(join(folder, "known.json"), 0o600);
    await symlink(join(folder, "known.json"), join(folder, "keys.json"));
    expect(await said()).to.contain("keys.json is a symbolic link: remove it");
  });

  for (const content of ["", "{", '{ "token": "short" }'])
    it(`are refused with a sentence where the file holds something else: ${JSON.stringify(content)}`, async () => {
      await writeFile(join(folder, "keys.json"), content, { mode: 0o600 });
      let said = "";
      await keysOf(folder).catch((error: unknown) => (said = String(error)));
      expect(said).to.contain("holds no keys of an embedded AWS: remove it");
      expect(await readFile(join(folder, "keys.json"), "utf8")).to.equal(content);
    });
});
