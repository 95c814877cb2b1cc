// `hooks backfill` without its process, against both sides as deployed: what was there before arrives, once, and a run
// goes on where the last one ended.
import { IoTClient } from "@aws-sdk/client-iot";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pace } from "../../customer/lambda/pace.ts";
import { type SenderParts, SyncRefused, SyncUnavailable, sendThings } from "../../customer/lambda/sync-sender.ts";
import { type Selection, listingOf } from "../../hooks/backfill/listing.ts";
import { type Work, backfill } from "../../hooks/backfill/run.ts";
import { knownThings } from "../../hooks/known/command.ts";
import { type Scene, createThings, fleet, knownByPartner, registered } from "./scene.ts";
import { CUSTOMER, DEFAULT_REGION, PARTNER, watch } from "../flow/deployment.ts";

const COUNT = 12;
const time = { now: () => 0, wait: () => Promise.resolve() };

describe("hooks backfill", () => {
  let scene: Scene;
  let folder: string;
  let checkpoint: string;
  before(async () => {
    scene = await fleet(COUNT);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "backfill "));
    checkpoint = join(folder, "checkpoint.json");
  });
  afterEach(async () => {
    scene.running.cloud.faults.set([]);
    await rm(folder, { recursive: true });
  });
  after(() => scene.running.endpoint.close());

  const sender = (): SenderParts => ({
    lambda: new LambdaClient(scene.running.config(CUSTOMER)),
    functionAliasArn: scene.customer.outputs.functionAliasArn,
    run: "backfill",
    pace: new Pace(1000, time),
    wait: time.wait,
  });
  const listing = (selection: Selection = {}) => {
    const { credentials, ...config } = scene.running.config(CUSTOMER);
    const client = { ...config, credentials: () => Promise.resolve(credentials) };
    return listingOf(selection, new IoTClient(client), client);
  };
  /** The listing in pages of five. */
  const inPages = (each: (page: number) => void = () => undefined) => {
    const { pages, ...rest } = listing();
    return {
      ...rest,
      pages: async (token: string | undefined) => {
        const at = Number(token ?? 0);
        each(at / 5);
        const { things } = await pages(undefined);
        return { things: things.slice(at, at + 5), next: at + 5 < things.length ? String(at + 5) : undefined };
      },
    };
  };
  const work = (more: Partial<Work> = {}): Work => ({
    listing: listing(),
    listPace: new Pace(10, time),
    sender: sender(),
    checkpoint,
    of: "this run",
    known: undefined,
    counts: false,
    now: () => new Date(0),
    signal: new AbortController().signal,
    progress: () => undefined,
    ...more,
  });
  /** What a run does, and which messages run the partner's own code because of it. */
  const told = async (more: Partial<Work> = {}) => {
    const { messages, stop } = watch(scene.running);
    const outcome = await backfill(work(more));
    await scene.running.cloud.settled();
    stop();
    return {
      ...outcome,
      messages: messages.map(({ operation, thingName }) => `${String(operation)} ${String(thingName)}`),
    };
  };

  it("says in a dry run how many there are, and announces none", async () => {
    const { progress, messages } = await told({ sender: undefined, counts: true });
    expect(progress).to.include({ listed: COUNT, total: COUNT });
    expect(messages).to.deep.equal([]);
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("goes on after an interruption from where it was, and nothing of it stays when it is done", async () => {
    const ending = new AbortController();
    const seen: number[] = [];
    const first = await told({
      listing: inPages((page) => {
        seen.push(page);
        if (page === 1) ending.abort();
      }),
      signal: ending.signal,
    });
    expect(first).to.deep.include({ isDone: false, resumed: false });
    expect(first.messages).to.have.length(10);
    const second = await told({ listing: inPages((page) => seen.push(page)) });
    expect(second).to.deep.include({ isDone: true, resumed: true });
    expect(second.messages).to.have.length(COUNT - 10);
    expect(second.progress.counts).to.include({ announced: COUNT });
    expect(seen).to.deep.equal([0, 1, 2]);
    expect(await knownByPartner(scene)).to.deep.equal(await registered(scene));
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("changes nothing at a partner that knows them, and brings what was changed since", async () => {
    expect((await told()).messages).to.deep.equal([]);
    await createThings(scene.iot, "live", 1);
    await scene.running.cloud.settled();
    expect((await told()).messages).to.deep.equal([]);
  });

  it("keeps to a type, a group, or what calls of late were about", async () => {
    const { iot } = scene;
    await iot.createThingType({ thingTypeName: "bulb" });
    await iot.createThing({ thingName: "typed", thingTypeName: "bulb" });
    await iot.createThingGroup({ thingGroupName: "kitchen" });
    await iot.addThingToThingGroup({ thingName: "thing-1", thingGroupName: "kitchen" });
    await scene.running.cloud.settled();
    const listed = async (selection: Selection) => {
      const names: string[] = [];
      const { pages } = listing(selection);
      let token: string | undefined;
      do {
        const { things, next } = await pages(token);
        names.push(...things);
        token = next;
      } while (token !== undefined);
      return names;
    };
    expect(await listed({ type: "bulb" })).to.deep.equal(["typed"]);
    expect(await listed({ group: "kitchen" })).to.deep.equal(["thing-1"]);
    const since = new Date(scene.running.cloud.clock.now() - 3_600_000);
    expect(await listed({ since }))
      .to.include.members(["typed", "live-0"])
      .and.have.length(COUNT + 2);
    const later = new Date(scene.running.cloud.clock.now() + 60_000);
    expect(await listed({ since: later })).to.deep.equal([]);
  });

  it("announces as deleted what the partner has and the customer hasn't, and only that", async () => {
    const table = scene.partner.outputs.registryTableName ?? "";
    const partner = new DynamoDBClient(scene.running.config(PARTNER));
    // The partner heard of one that is gone now, and nothing of its end.
    await createThings(scene.iot, "lost", 1);
    await scene.running.cloud.settled();
    const { faults } = scene.running.cloud;
    faults.set([{ service: "lambda", operation: "Invoke", caller: "events.amazonaws.com", fault: "deny" }]);
    await scene.iot.deleteThing({ thingName: "lost-0" });
    await scene.running.cloud.settled();
    faults.set([]);
    const knownFile = join(folder, "known.txt");
    const arns: string[] = [];
    for await (const page of knownThings(partner, table, CUSTOMER)) arns.push(...page);
    await writeFile(knownFile, [...arns, "arn:aws:iot:eu-west-1:111111111111:thing/elsewhere", ""].join("\n"));
    const known = { knownFile, arnPrefix: `arn:aws:iot:${DEFAULT_REGION}:${CUSTOMER}:thing/` };

    const dry = await told({ known, sender: undefined });
    expect(dry.progress.counts).to.include({ "not there": 1 });
    const { messages, progress } = await told({ known });

    expect(messages).to.deep.equal(["delete_thing lost-0"]);
    expect(progress.counts).to.include({ "deletion announced": 1, "not there": 0 });
    expect(await knownByPartner(scene)).to.deep.equal(await registered(scene));
  });

  it("writes down what failed each time, with the reason, and goes on", async () => {
    scene.running.cloud.faults.set([{ service: "iot", operation: "DescribeThing", fault: "deny" }]);
    const { failuresFile, isDone, progress } = await told();
    expect(isDone).to.equal(true);
    expect(progress.counts.failed).to.equal(progress.listed).and.above(COUNT);
    const [line = ""] = (await readFile(failuresFile ?? "", "utf8")).split("\n");
    expect(JSON.parse(line)).to.include({ outcome: "failed", reason: "describe failed", again: true });
  });

  it("ends, with its checkpoint, where the function can't be had or takes nothing", async () => {
    const failed = (parts: Partial<SenderParts>) =>
      sendThings({ ...sender(), ...parts }, ["thing-1"]).then(
        () => expect.fail("it was taken"),
        (error: unknown) => error,
      );
    scene.running.cloud.faults.set([{ service: "lambda", operation: "Invoke", fault: "throttle" }]);
    expect(await failed({})).to.be.instanceOf(SyncUnavailable);
    scene.running.cloud.faults.set([{ service: "lambda", operation: "Invoke", fault: "deny" }]);
    expect(await failed({})).to.include({ name: "AccessDeniedException" });
    scene.running.cloud.faults.set([]);
    const { functionAliasArn } = scene.partner.outputs;
    expect(await failed({ functionAliasArn })).to.include({ name: "AccessDeniedException" });
    expect(await failed({ run: "other" as never })).to.be.instanceOf(SyncRefused);
  });

  it("asks again for what failed, and more slowly", async () => {
    const pace = new Pace(160, time);
    scene.running.cloud.faults.set([{ service: "iot", operation: "DescribeThing", fault: "deny", times: 3 }]);
    const { counts } = await sendThings({ ...sender(), pace }, ["thing-1", "thing-2"]);
    expect(counts).to.include({ announced: 2, failed: 0 });
    expect(pace.rate).to.be.below(160);
  });
});
