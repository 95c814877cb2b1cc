// The page's server side: who is let in, what it tells, what its buttons do. The page itself is tested in a browser
// (`npm run test:page`).
import { request } from "node:http";
import { IoT } from "@aws-sdk/client-iot";
import { SQS } from "@aws-sdk/client-sqs";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { IAM } from "@aws-sdk/client-iam";
import { expect } from "chai";
import type { EmbeddedAws } from "../core/cloud.ts";
import type { Endpoint } from "../core/endpoint.ts";
import type { Action, Line } from "../page/client/view.ts";
import type { Page } from "../page/site.ts";
import { DEFAULT_REGION, startCloud } from "./cloud.ts";
import { CUSTOMER, CUSTOMER2, PARTNER } from "./names.ts";

describe("the page's server", () => {
  let cloud: EmbeddedAws;
  let endpoint: Endpoint;
  let page: Page;
  before(async () => {
    ({ cloud, endpoint, page } = await startCloud());
  });
  afterEach(() => cloud.reset());
  after(() => endpoint.close());

  const token = () => new URL(page.url).hash.slice(1);
  const authorization = () => ({ authorization: `Bearer ${token()}` });
  const at = (path: string) => `${endpoint.url}/_page/${path}`;
  const config = (account: string) => ({
    endpoint: endpoint.url,
    region: DEFAULT_REGION,
    credentials: cloud.administrator(account),
  });
  const press = (action: Action | object) =>
    fetch(at("actions"), { method: "POST", headers: authorization(), body: JSON.stringify(action) });

  /** The stream's lines until one is what is looked for. */
  async function heard<Wanted extends Line>(wanted: (line: Line) => line is Wanted, since = 0): Promise<Wanted> {
    const end = new AbortController();
    const response = await fetch(at(`events?since=${since}`), { headers: authorization(), signal: end.signal });
    expect(response.status).to.equal(200);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = (await reader?.read()) ?? { done: true };
      if (done) throw new Error("the stream ended");
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      for (const text of lines) {
        const line = JSON.parse(text) as Line;
        if (!wanted(line)) continue;
        end.abort();
        return line;
      }
    }
  }
  const state = async () =>
    (await heard((line): line is Extract<Line, { type: "state" }> => line.type === "state")).state;

  it("gives its files to anybody, with a policy that lets nothing else in, and nothing of the cloud in them", async () => {
    const types = { "": "text/html", "page.js": "text/javascript", "page.css": "text/css" };
    for (const [path, type] of Object.entries(types)) {
      const { status, headers } = await fetch(at(path));
      expect(status).to.equal(200);
      expect(headers.get("content-type")).to.equal(`${type}; charset=utf-8`);
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy).to.match(/^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';/);
      expect(policy).to.contain("frame-ancestors 'none'").and.not.to.contain("unsafe");
      expect(headers.get("x-content-type-options")).to.equal("nosniff");
      expect(headers.get("set-cookie")).to.equal(null);
    }
    const html = await (await fetch(at(""))).text();
    expect(html).not.to.match(/<script(?![^>]*src=)|<style| on\w+=/);
  });

  it("wants its token for everything else, and takes no other key of the cloud for it", async () => {
    for (const key of [undefined, "", "wrong", cloud.token, `${token()}x`]) {
      const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
      expect((await fetch(at("events"), { headers })).status, `events with ${key}`).to.equal(401);
      const body = JSON.stringify({ do: "create", account: "customer", name: "lamp", attributes: {} });
      expect((await fetch(at("actions"), { method: "POST", headers, body })).status, `${key}`).to.equal(401);
    }
    expect((await fetch(`${at("events")}?token=${token()}`)).status).to.equal(401);
    expect((await new IoT(config(CUSTOMER)).listThings({})).things).to.deep.equal([]);
    // Nor does the page's token open the control interface.
    expect((await fetch(`${endpoint.url}/_local/usage`, { headers: authorization() })).status).to.equal(401);
  });

  const statusOf = (headers: Record<string, string>, path = "/_page/") =>
    new Promise<number | undefined>((resolve, reject) => {
      request(`${endpoint.url}${path}`, { headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on("error", reject)
        .end();
    });

  it("takes no request of another site, even with the token, and answers to no other name", async () => {
    const { port } = new URL(endpoint.url);
    for (const headers of [
      { host: `evil.example:${port}` },
      { origin: "http://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ])
      for (const path of ["/_page/", "/_page/page.js", "/_page/events"])
        expect(await statusOf({ ...authorization(), ...headers }, path), JSON.stringify(headers)).to.equal(403);
    expect(await statusOf({ "sec-fetch-site": "none" })).to.equal(200);
  });

  it("tells what happened before it was opened, and then what happens, in the terminal's words", async () => {
    const iot = new IoT(config(CUSTOMER));
    await iot.createThing({ thingName: "before" });
    type Entries = Extract<Line, { type: "entries" }>;
    const about =
      (name: string) =>
      (line: Line): line is Entries =>
        line.type === "entries" && line.entries.some(({ on }) => on === `thing/${name}`);
    const past = await heard(about("before"));
    const [entry] = past.entries.filter(({ what }) => what === "iot:CreateThing");
    expect(entry).to.include({ hop: "call", account: "customer", outcome: "ok", root: true });
    expect(entry?.principal).to.equal("user administrator of customer");
    expect(entry?.permissions[0]?.words).to.deep.equal([
      "iot:CreateThing allowed by inline policy everything of user administrator, statement Everything",
    ]);
    const coming = heard(about("later"), Math.max(...past.entries.map(({ id }) => id)));
    await iot.createThing({ thingName: "later" });
    expect((await coming).entries.some(({ on }) => on === "thing/before")).to.equal(false);
  });

  it("shows things, queues with their letters and tables with their items, and changes none by looking", async () => {
    await new IoT(config(CUSTOMER)).createThing({ thingName: "lamp", attributePayload: { attributes: { a: "1" } } });
    const sqs = new SQS(config(PARTNER));
    const { QueueUrl } = await sqs.createQueue({ QueueName: "letters" });
    const MessageAttributes = { ERROR_CODE: { DataType: "String", StringValue: "SDK_CLIENT_ERROR" } };
    await sqs.sendMessage({ QueueUrl, MessageBody: "<b>body</b>", MessageAttributes });
    const dynamodb = new DynamoDB(config(PARTNER));
    await dynamodb.createTable({
      TableName: "devices",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "subject", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "subject", KeyType: "HASH" }],
    });
    await dynamodb.putItem({ TableName: "devices", Item: { subject: { S: "lamp" }, version: { N: "2" } } });
    const last = cloud.trace.since().length;
    for (let looks = 0; looks < 3; looks++) {
      const { accounts } = await state();
      const [customer, partner] = accounts;
      expect(customer).to.deep.include({ name: "customer", thingCount: 1 });
      expect(customer?.things).to.deep.equal([{ name: "lamp", version: 1, attributes: { a: "1" } }]);
      const [queue] = partner?.queues ?? [];
      expect(queue).to.include({ name: "letters", visible: 1, inFlight: 0 });
      expect(queue?.letters[0]).to.include({ body: "<b>body</b>", receives: 0 });
      expect(queue?.letters[0]?.attributes).to.deep.equal([["ERROR_CODE", "SDK_CLIENT_ERROR"]]);
      const [table] = partner?.tables ?? [];
      expect(table).to.deep.include({ name: "devices", columns: ["subject", "version"], rows: [["lamp", "2"]] });
    }
    expect(cloud.trace.since().length).to.equal(last);
  });

  for (const [account, id] of [
    ["customer", CUSTOMER],
    ["customer2", CUSTOMER2],
  ] as const)
    it(`creates, updates and deletes a thing as the administrator of ${account}, which stands in the trace`, async () => {
      const since = cloud.trace.since().at(-1)?.id ?? 0;
      for (const action of [
        { do: "create", account, name: "lamp", attributes: { colour: "red" } },
        { do: "update", account, name: "lamp", attributes: { size: "2" } },
        { do: "delete", account, name: "lamp" },
      ])
        expect((await press(action)).status).to.equal(204);
      const calls = cloud.trace.since(since).filter(({ kind }) => kind === "call");
      expect(calls.map(({ name }) => name)).to.deep.equal(["CreateThing", "UpdateThing", "DeleteThing"]);
      expect(calls[0]?.principal).to.equal(`arn:aws:iam::${id}:user/administrator`);
    });

  it("says in AWS's words what AWS refuses, and in a sentence what is no action", async () => {
    const refused = await press({ do: "update", account: "customer", name: "nobody", attributes: {} });
    expect(refused.status).to.equal(400);
    expect(await refused.text()).to.contain("ResourceNotFoundException");
    const thing = { do: "create", name: "lamp", attributes: {} };
    for (const action of [
      ...[{ do: "format" }, { do: "wait", seconds: 1e9 }, { ...thing, account: "customer", name: 5 }],
      ...[thing, { ...thing, account: "partner" }, { do: "impersonate", account: "partner", as: "customer" }],
    ]) {
      const answer = await press(action);
      expect(answer.status).to.equal(400);
      expect(await answer.text()).to.match(/^That is no action of this page: /);
    }
    const large = await press({ do: "create", account: "customer", name: "x".repeat(70_000), attributes: {} });
    expect(large.status).to.equal(413);
  });

  it("takes one statement out of a role's policy, leaves the others, and gives it back to where it was", async () => {
    const iam = new IAM(config(PARTNER));
    const statement = (Sid: string) => ({ Sid, Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" });
    const document = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
    const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
    await iam.createRole({ RoleName: "r", AssumeRolePolicyDocument: document(trust) });
    const whole = document(statement("One"), statement("Two"), statement("Three"));
    const place = { RoleName: "r", PolicyName: "p" };
    await iam.putRolePolicy({ ...place, PolicyDocument: whole });
    const now = async () => decodeURIComponent((await iam.getRolePolicy(place)).PolicyDocument ?? "");
    const of = { account: PARTNER, policy: "inline policy p of role r", statement: "Two" };
    expect((await press({ do: "take", statement: of })).status).to.equal(204);
    expect(await now()).to.equal(document(statement("One"), statement("Three")));
    const [taken] = (await state()).taken;
    expect(taken).to.include(of);
    expect((await press({ do: "give back", id: taken?.id ?? "" })).status).to.equal(204);
    expect(await now()).to.equal(whole);
    expect((await state()).taken).to.deep.equal([]);
    // A trust policy can't be empty: its statement gets a condition that nobody meets.
    const trusted = async () =>
      decodeURIComponent((await iam.getRole({ RoleName: "r" })).Role?.AssumeRolePolicyDocument ?? "");
    const ofTrust = { account: PARTNER, policy: "trust policy of role r", statement: "#1" };
    expect((await press({ do: "take", statement: ofTrust })).status).to.equal(204);
    expect(await trusted()).to.contain("sts:ExternalId");
    expect((await press({ do: "give back", id: (await state()).taken[0]?.id ?? "" })).status).to.equal(204);
    expect(await trusted()).to.equal(document(trust));
  });

  it("sets faults beside those that are set, shows how often they will still strike, and takes them back", async () => {
    await press({ do: "fault", service: "iot", operation: "DescribeThing", fault: "throttle", times: 2 });
    await press({ do: "fault", service: "sts", operation: "AssumeRole", fault: "deny" });
    const faults = [
      { service: "iot", operation: "DescribeThing", fault: "throttle", left: 2 },
      { service: "sts", operation: "AssumeRole", fault: "deny", left: null },
    ];
    await press({ do: "fault", service: "iot", operation: "CreateThing", fault: "deny", account: "customer2" });
    const ofOne = { account: "customer2", service: "iot", operation: "CreateThing", fault: "deny", left: null };
    expect((await state()).faults).to.deep.equal([...faults, ofOne]);
    const create = (account: string) => press({ do: "create", account, name: "struck", attributes: {} });
    expect((await create("customer2")).status).to.equal(400);
    expect((await create("customer")).status).to.equal(204);
    const nowhere = await press({ do: "fault", service: "iot", operation: "Nothing", fault: "deny" });
    expect(await nowhere.text()).to.contain('iot has no operation "Nothing" here');
    await press({ do: "no faults" });
    expect((await state()).faults).to.deep.equal([]);
  });

  it("says that nobody here knows how to pass as another customer, where nobody does", async () => {
    expect(await (await press({ do: "impersonate", account: "customer2", as: "customer" })).text()).to.contain(
      "Nothing here knows",
    );
  });

  it("is small: script and style together have less than 50 kB", async () => {
    const [script, style] = await Promise.all(
      ["page.js", "page.css"].map(async (path) => (await (await fetch(at(path))).arrayBuffer()).byteLength),
    );
    expect((script ?? 0) + (style ?? 0)).to.be.lessThan(50_000);
  });
});
