// What the device registry asks of DynamoDB and makes of its answers, where a table can't be brought to give them.
import { ConditionalCheckFailedException, type UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { DeviceRegistry, LEASE_MARGIN_MS, type RegistryParts, deviceRegistry } from "../../partner/lambda/registry.ts";
import { NOW, change } from "./changes.ts";

type Item = NonNullable<ConditionalCheckFailedException["Item"]>;
type Answer = { readonly Attributes?: Item } | Error;

const SUBJECT = change().subject;
const STATE: Item = { subject: { S: SUBJECT }, observedAt: { N: "1" }, deleted: { BOOL: false } };
const claimed = (until: number): Item => ({ claim: { M: { token: { S: "another" }, until: { N: String(until) } } } });
const refused = (item?: Item) =>
  new ConditionalCheckFailedException({ message: "no", $metadata: {}, ...(item && { Item: item }) });
const thrownBy = (run: Promise<unknown>): Promise<Error> =>
  run.then(
    () => expect.fail("it was applied"),
    (error: unknown) => error as Error,
  );

/** A registry of which each call is answered with the next of these. */
function answering(...answers: Answer[]) {
  const calls: { readonly command: string; readonly input: UpdateItemCommandInput; readonly signal: unknown }[] = [];
  const waits: number[] = [];
  const lines: unknown[] = [];
  const client = {
    send: (
      command: { readonly constructor: { readonly name: string }; readonly input: UpdateItemCommandInput },
      { abortSignal }: { readonly abortSignal?: AbortSignal } = {},
    ) => {
      calls.push({ command: command.constructor.name, input: command.input, signal: abortSignal });
      const answer = answers.shift() ?? {};
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  } as unknown as RegistryParts["client"];
  const registry = new DeviceRegistry({
    client,
    tableName: "registry",
    now: () => NOW,
    wait: (ms) => Promise.resolve(void waits.push(ms)),
    random: () => 0,
    log: (line) => lines.push(line),
  });
  const { signal } = new AbortController();
  const taking = (run = () => Promise.resolve(), remaining = 30_000) =>
    registry.apply(change(), { remaining: () => remaining, signal: () => signal }, run);
  return { taking, client, calls, waits, lines, signal };
}
const failing = () => Promise.reject(new Error("the database is away"));

describe("the device registry's calls", () => {
  it("are given up when the invocation's time is, each of them", async () => {
    for (const [answers, run, commands] of [
      [[], undefined, ["UpdateItemCommand", "UpdateItemCommand"]],
      [[{}], failing, ["UpdateItemCommand", "DeleteItemCommand"]],
      [[{ Attributes: STATE }], failing, ["UpdateItemCommand", "UpdateItemCommand"]],
    ] as const) {
      const { taking, calls, signal } = answering(...answers);
      await taking(run).catch(() => undefined);
      expect(calls.map(({ command }) => command)).to.deep.equal(commands);
      for (const call of calls) expect(call.signal).to.equal(signal);
    }
  });

  it("say which claim was lost, and when it had ended", async () => {
    const cause = refused({ ...STATE, ...claimed(NOW + 9_000) });
    const error = await thrownBy(answering({}, cause).taking());
    expect(error).to.include({ name: "ClaimLost", cause });
    expect(error.message).to.equal(
      `The claim on ${SUBJECT} ended at ${new Date(NOW + 33_000).toISOString()}, before the change was applied, and ` +
        "another invocation has claimed it since.",
    );
  });

  it("run nothing for what is known already, and say so", async () => {
    const known = { ...STATE, subjectId: { S: "id-1" }, version: { N: "1" } };
    let runs = 0;
    const run = () => {
      runs++;
      return Promise.resolve();
    };
    expect(await answering({ Attributes: known }).taking(run)).to.equal("duplicate");
    expect(runs).to.equal(0);
  });

  it("throw what else DynamoDB says to an application", async () => {
    const away = Object.assign(new Error("slow down"), { name: "ThrottlingException" });
    expect(await thrownBy(answering({}, away).taking())).to.equal(away);
  });

  it("say nothing of a release that another invocation's claim came before", async () => {
    const { taking, lines } = answering({}, refused());
    expect((await thrownBy(taking(failing))).message).to.equal("the database is away");
    expect(lines).to.deep.equal([]);
  });

  it("wait for a claim that ends this very moment, and for one that has just gone, at random", async () => {
    for (const item of [{ ...STATE, ...claimed(NOW) }, undefined]) {
      const { taking, waits } = answering(refused(item), refused(item));
      expect(await taking()).to.equal("applied");
      expect(waits).to.deep.equal([25, 50]);
    }
  });

  it("find a change stale where the claim that stood before it is past", async () => {
    const past = refused({ ...STATE, ...claimed(NOW - 1) });
    // Of a past claim that is taken over the answer is the same: it isn't what stands before the change.
    for (const answers of [[refused(STATE)], [past, past]]) {
      const { taking, waits } = answering(...answers);
      expect(await taking()).to.equal("stale");
      expect(waits).to.deep.equal([]);
    }
  });

  it("try again at once where the past claim that they would take over went meanwhile", async () => {
    const { taking, waits } = answering(refused({ ...STATE, ...claimed(NOW - 1) }), refused(STATE), {});
    expect(await taking()).to.equal("applied");
    expect(waits).to.deep.equal([]);
  });

  it("wait as long as five seconds are left for the own work, and no longer", async () => {
    const { taking, waits } = answering(refused());
    expect(await taking(undefined, 5_025)).to.equal("applied");
    expect(waits).to.deep.equal([25]);
    const error = await thrownBy(answering(refused()).taking(undefined, 5_024));
    expect(error).to.have.property("name", "SubjectClaimed");
    expect(error.message).to.equal(`Another invocation is at work on ${SUBJECT}, a moment ago.`);
  });

  it("go by the machine's clock in Lambda", async () => {
    const { client, calls } = answering();
    const before = Date.now();
    const time = { remaining: () => 0, signal: () => new AbortController().signal };
    const registry = deviceRegistry(client, "registry", () => undefined);
    expect(await registry.apply(change(), time, () => Promise.resolve())).to.equal("applied");
    const [claim] = calls;
    expect(claim?.input.TableName).to.equal("registry");
    const until = Number(claim?.input.ExpressionAttributeValues?.[":claim"]?.M?.["until"]?.N);
    expect(until - LEASE_MARGIN_MS).to.be.within(before, Date.now());
  });
});
