// A trimmed client behaves as the whole one: the same requests, the same answers, and after the same errors as many
// attempts, as long apart, with the same error in the end.
import { expect } from "chai";
import type { ConditionalCheckFailedException as ConditionFailed } from "@aws-sdk/client-dynamodb";
import { CLIENT } from "../../shared/lambda/clients.ts";
import { setEnvironment } from "../lambda/aws-stub.ts";
import { type Asked, type Reply, ScriptedAws, type Silence } from "./scripted-aws.ts";
import { CALLS, type Call, ITEM, type Sdk, TrimmedSdk, WHOLE, config, declaredErrors } from "./sdk-calls.ts";

type Script = readonly (Reply | Silence)[];

const SCRIPTS: Readonly<Record<string, (call: Call) => Script>> = {
  "an answer": ({ succeeds }) => [succeeds],
  "throttling, which passes": ({ error, succeeds }) => [error("ThrottlingException", 400), succeeds],
  "throttling, which doesn't pass": ({ error }) => [error("Throttling", 400)],
  "too many requests": ({ error }) => [error("TooManyRequestsException", 429)],
  "throttling that says when to come back": ({ error, succeeds }) => [
    { ...error("ThrottlingException", 429), headers: { "retry-after": "1", "x-amz-retry-after": "40" } },
    succeeds,
  ],
  "500, which passes": ({ error, succeeds }) => [error("InternalFailureException", 500), succeeds],
  "503 from something before the service": () => [
    { status: 503, headers: { "content-type": "text/html" }, body: "<html>Service Unavailable</html>" },
  ],
  "502 with nothing in it": () => [{ status: 502 }],
  "504, then 500, then an answer": ({ error, succeeds }) => [{ status: 504, body: "" }, error("X", 500), succeeds],
  "501, which nobody tries again": ({ error }) => [error("NotImplemented", 501)],
  "connections that break, then an answer": ({ succeeds }) => ["reset", "reset", succeeds],
  "connections that always break": () => ["reset"],
  "expired credentials": ({ error }) => [error("ExpiredTokenException", 403, "The security token is expired")],
  "credentials that nobody knows": ({ error }) => [error("UnrecognizedClientException", 403)],
  "a denial": ({ error }) => [error("AccessDeniedException", 403, "User: a is not authorized to perform: b")],
  "a clock that is an hour behind": ({ error, succeeds }) => [
    { ...error("InvalidSignatureException", 403, "Signature expired"), headers: { date: HOUR_AHEAD } },
    { ...succeeds, headers: { date: HOUR_AHEAD } },
  ],
  "an error that nobody knows": ({ error }) => [error("SomethingNewException", 400)],
  "an error without a code": () => [{ status: 400, body: "{}" }],
  "an error without a body": () => [{ status: 403 }],
  "an error that is no JSON and no XML": () => [{ status: 400, body: "}<" }],
  "an answer that is no JSON and no XML": () => [{ status: 200, body: "}<" }],
};
const HOUR_AHEAD = new Date(Date.now() + 3_600_000).toUTCString();

/** What the caller sees in the end. */
interface Seen {
  readonly output?: unknown;
  readonly error?: Readonly<Record<string, unknown>>;
}

/** Ids and signatures are others at each request; what a trimmed client says of itself is the same. */
function comparable({ method, url, headers, body }: Asked) {
  const { authorization, host: _, "amz-sdk-invocation-id": __, "x-amz-date": date, ...rest } = headers;
  const signed = authorization?.replace(/Signature=.*/, "").replaceAll(/\d{8}/g, "");
  // A clock that was set by an answer is told by the hour.
  const ahead = date !== undefined && hoursAhead(String(date)) > 0.5;
  return { method, url, headers: rest, body, signed, ahead };
}
const hoursAhead = (date: string): number =>
  (Date.parse(date.replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z")) - Date.now()) / 3_600_000;

const errorSeen = (error: Error & { readonly $response?: { readonly statusCode?: number } }) => {
  const { $response, stack: _, ...own } = error as typeof error & Record<string, unknown>;
  return {
    ...own,
    name: error.name,
    // A port is in the words of a broken connection.
    message: error.message.replaceAll(/:\d{4,5}\b/g, ""),
    status: $response?.statusCode,
    text: String(error).replaceAll(/:\d{4,5}\b/g, ""),
  };
};

/** A time that an answer gave, less what went by until it was read. */
const inTenths = (ms: string): string => (Number(ms) / 1000).toFixed(1);

/** What ends a client's wait for an answer: the time for which it is told to wait, and not that time going by. */
interface Wait {
  readonly ms: number;
  readonly end: () => void;
}
const patient: Wait = { ms: 60_000, end: () => undefined };

/** Timers of more than a day, each of a length of its own, end when they are told to. */
class Waits {
  readonly #running = new Map<number, () => void>();
  readonly #setTimeout = globalThis.setTimeout;
  #longest = 86_400_000;

  begin(): void {
    const held = (run: () => void, ms = 0) => {
      const timer = this.#setTimeout(run, ms);
      const end = () => {
        clearTimeout(timer);
        run();
      };
      if (ms > patient.ms) this.#running.set(ms, end);
      return timer;
    };
    globalThis.setTimeout = Object.assign(held, { __promisify__: this.#setTimeout.__promisify__ });
  }

  stop(): void {
    globalThis.setTimeout = this.#setTimeout;
  }

  /** One for all attempts of a client. */
  next(): Wait {
    const ms = ++this.#longest;
    return { ms, end: () => this.#running.get(ms)?.() };
  }
}

async function play(sdk: Sdk, { send }: Call, script: Script, { ms, end } = patient) {
  const aws = new ScriptedAws(script, end);
  const endpoint = await aws.start();
  let seen: Seen;
  try {
    seen = { output: await send(sdk, config(endpoint, ms), { abortSignal: AbortSignal.timeout(patient.ms) }) };
  } catch (error) {
    seen = { error: errorSeen(error as Error) };
  } finally {
    await aws.stop();
  }
  const told = JSON.stringify({ seen, asked: aws.asked.map(comparable) });
  // Ports and waits differ; and the SDK's CommonJS says that it is of the version before.
  return JSON.parse(
    told
      .replaceAll(/(?<="totalRetryDelay":)\d{3,}/g, inTenths)
      .replaceAll(/127\.0\.0\.1:\d+|(?<=[/#]3\.)\d+\.\d+|(?<=configured )\d+/g, ""),
  ) as {
    readonly seen: Seen;
    readonly asked: readonly unknown[];
  };
}

describe("a client of a function's bundle", function () {
  this.timeout(2 * patient.ms);
  const bundled = new TrimmedSdk();
  let trimmed: Sdk;
  let restore: () => void;
  const { random } = Math;

  before(async () => {
    trimmed = await bundled.load();
    restore = setEnvironment({
      AWS_ENDPOINT_URL: undefined,
      AWS_PROFILE: undefined,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "ASIAFUNCTION",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
    });
    // How long a client waits before it tries again is left to chance; here it is the same for both, and short.
    Math.random = () => 0.02;
  });
  after(async () => {
    Math.random = random;
    restore();
    await bundled.remove();
  });

  /** Both at once, each with an endpoint of its own. */
  const both = (call: Call, script: Script, wait = () => patient) =>
    Promise.all([play(WHOLE, call, script, wait()), play(trimmed, call, script, wait())]);

  const scenesOf = (call: Call) =>
    Promise.all(
      Object.entries(SCRIPTS).map(async ([name, script]) => ({ name, played: await both(call, script(call)) })),
    );
  /** All begin with the first: most of the time they wait for the next attempt. */
  let scenes: Promise<ReadonlyMap<string, Awaited<ReturnType<typeof scenesOf>>>> | undefined;
  const allScenes = async () =>
    new Map(
      await Promise.all(
        Object.entries(CALLS).map(async ([operation, call]) => [operation, await scenesOf(call)] as const),
      ),
    );

  for (const operation of Object.keys(CALLS)) {
    it(`does with ${operation} what the whole SDK's does, whatever comes back`, async () => {
      const played = (await (scenes ??= allScenes())).get(operation) ?? [];
      expect(played).to.have.length(Object.keys(SCRIPTS).length);
      for (const {
        name,
        played: [whole, ours],
      } of played) {
        expect(ours, name).to.deep.equal(whole);
      }
    });
  }

  it("gives each error that an operation declares its name, and tries again as often", async () => {
    const ofOperation = async ([operation, call]: readonly [string, Call]) => {
      const errors = await declaredErrors(operation, call);
      expect(errors.length, operation).to.be.greaterThan(2);
      const scenes = errors.map(async ({ name, code, status }) => ({
        name,
        played: await both(call, [call.error(code, status)]),
      }));
      for (const {
        name,
        played: [whole, ours],
      } of await Promise.all(scenes)) {
        expect(ours, name).to.deep.equal(whole);
        expect(ours.seen.error?.["name"]).to.match(new RegExp(`${name}$`));
      }
    };
    await Promise.all(Object.entries(CALLS).map(ofOperation));
  });

  describe("whose request isn't answered", () => {
    const waits = new Waits();
    before(() => {
      waits.begin();
    });
    after(() => {
      waits.stop();
    });

    it("gives it up when its time is over, and tries again", async () => {
      const scripts = (call: Call): Script[] => [["hang"], ["hang", call.succeeds]];
      const scenes = Object.entries(CALLS).flatMap(([name, call]) =>
        scripts(call).map(async (script) => ({ name, script, played: await both(call, script, () => waits.next()) })),
      );
      for (const {
        name,
        script,
        played: [whole, ours],
      } of await Promise.all(scenes)) {
        expect(ours, name).to.deep.equal(whole);
        expect(ours.asked, name).to.have.length(script.length === 1 ? CLIENT.maxAttempts : 2);
        expect("error" in ours.seen, name).to.equal(script.length === 1);
      }
    });
  });

  it("knows the error whose item the device registry reads", async () => {
    const failed: Reply = {
      status: 400,
      body: '{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"no","Item":{"a":{"N":"1"}}}',
    };
    const aws = new ScriptedAws([failed]);
    const { UpdateItemCommand, DynamoDBClient, ConditionalCheckFailedException } = trimmed;
    const client = new DynamoDBClient(config(await aws.start()));
    const error: unknown = await client.send(new UpdateItemCommand(ITEM)).catch((caught: unknown) => caught);
    await aws.stop();

    expect(error).to.be.instanceOf(ConditionalCheckFailedException);
    expect((error as ConditionFailed).Item).to.deep.equal({ a: { N: "1" } });
  });
});
