import { expect } from "chai";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import { CloudTrail } from "@aws-sdk/client-cloudtrail";
import { IoT } from "@aws-sdk/client-iot";
import { SQS } from "@aws-sdk/client-sqs";
import { STS } from "@aws-sdk/client-sts";
import fc from "fast-check";
import { connect } from "node:net";
import { listen } from "../core/endpoint.ts";
import { EmbeddedAws } from "../core/cloud.ts";
import { CUSTOMER, CUSTOMER2, startCloud, type RunningCloud } from "./cloud.ts";

/** What a call is refused with. Fails the test where it isn't. */
async function refusal(
  answer: Promise<unknown>,
): Promise<{ name: string; message: string; status: number | undefined }> {
  try {
    await answer;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, message, status: $metadata?.httpStatusCode };
  }
  throw new Error("The call was expected to be refused, and was not.");
}

describe("the endpoint", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());
  afterEach(() => running.cloud.reset());

  it("knows the account and the principal by the access key", async () => {
    for (const account of [CUSTOMER, CUSTOMER2]) {
      const { Account, Arn } = await new STS(running.config(account)).getCallerIdentity({});
      expect({ Account, Arn }).to.deep.equal({ Account: account, Arn: `arn:aws:iam::${account}:user/administrator` });
    }
  });

  it("has administrators' keys of its own, and keeps them over a reset", async () => {
    const keys = (cloud: EmbeddedAws) => {
      const { accessKeyId, secretAccessKey } = cloud.administrator(CUSTOMER);
      return [accessKeyId, secretAccessKey];
    };
    const before = keys(running.cloud);
    await running.cloud.reset();
    expect(keys(running.cloud)).to.deep.equal(before);
    for (const other of keys(new EmbeddedAws([]))) expect(before).to.not.include(other);
  });

  it("refuses a wrong secret", async () => {
    const { accessKeyId } = running.cloud.administrator(CUSTOMER);
    const sts = new STS(running.config({ accessKeyId, secretAccessKey: "not the secret" }));
    expect(await refusal(sts.getCallerIdentity({}))).to.include({ name: "SignatureDoesNotMatch", status: 403 });
  });

  it(
    "sends errors' old codes only for services that were query services, since clients believe them from " + "any",
    async () => {
      const codes = await Promise.all(
        [
          new SQS(running.config(CUSTOMER)).getQueueUrl({ QueueName: "nowhere" }),
          new CloudTrail(running.config(CUSTOMER)).getTrailStatus({ Name: "nowhere" }),
        ].map((call) =>
          call.then(
            () => expect.fail("the call succeeded"),
            (error: unknown) => (error as { $response?: { headers: Record<string, string> } }).$response?.headers,
          ),
        ),
      );
      expect(codes.map((headers) => headers?.["x-amzn-query-error"])).to.deep.equal([
        "AWS.SimpleQueueService.NonExistentQueue;Sender",
        undefined,
      ]);
    },
  );

  it("refuses a key that nobody has", async () => {
    const sts = new STS(running.config({ accessKeyId: "AKIAAAAAAAAAAAAAAAAA", secretAccessKey: "x" }));
    expect(await refusal(sts.getCallerIdentity({}))).to.include({ name: "InvalidClientTokenId", status: 403 });
  });

  it("refuses a session token that doesn't belong to the key", async () => {
    const { accessKeyId, secretAccessKey } = running.cloud.administrator(CUSTOMER);
    const sts = new STS(running.config({ accessKeyId, secretAccessKey, sessionToken: "foreign" }));
    expect(await refusal(sts.getCallerIdentity({}))).to.include({ name: "InvalidClientTokenId" });
  });

  it("refuses a signature that is more than five minutes old", async () => {
    // No client error: the SDK would correct its clock and try again, were it allowed to.
    const sts = new STS({ ...running.config(CUSTOMER), systemClockOffset: -6 * 60_000 });
    const refused = await refusal(sts.getCallerIdentity({}));
    expect(refused.name).to.equal("SignatureDoesNotMatch");
    expect(refused.message).to.match(/not within 5 minutes/);
  });

  it("refuses a request without a signature", async () => {
    const answer = await fetch(`${running.endpoint.url}/things/lamp`);
    expect(answer.status).to.equal(403);
    expect(answer.headers.get("x-amzn-errortype")).to.equal("MissingAuthenticationToken");
  });

  it("refuses an operation that it doesn't model, in one sentence", async () => {
    const iot = new IoT(running.config(CUSTOMER));
    const { name, message } = await refusal(
      iot.createFleetMetric({
        metricName: "m",
        queryString: "*",
        aggregationType: { name: "Statistics" },
        period: 60,
        aggregationField: "f",
      }),
    );
    expect(name).to.equal("NotModelledHere");
    expect(message).to.contain("iot:CreateFleetMetric is not modelled");
    const [shown] = running.cloud.trace.since();
    expect(shown).to.include({ service: "iot", name: "CreateFleetMetric", outcome: "failed" });
  });

  it("refuses a tampered body", async () => {
    const sts = new STS(running.config(CUSTOMER));
    sts.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { body: string };
        request.body = request.body.replace("GetCallerIdentity", "GetCallerIdentitX");
        return next(args);
      },
      { step: "finalizeRequest", priority: "low", name: "tamper" },
    );
    expect((await refusal(sts.getCallerIdentity({}))).name).to.equal("SignatureDoesNotMatch");
  });

  it("takes IoT's calls under the name for which older clients sign them", async () => {
    const signer = new SignatureV4({
      ...{ credentials: running.cloud.administrator(CUSTOMER), region: "us-east-1", service: "execute-api" },
      sha256: Hash.bind(null, "sha256"),
    });
    const { host } = new URL(running.endpoint.url);
    const asked = { method: "GET", protocol: "http:", hostname: host, path: "/things", headers: { host } };
    const { headers } = await signer.sign(asked);
    const answer = await fetch(`${running.endpoint.url}/things`, { headers });
    expect([answer.status, await answer.json()]).to.deep.equal([200, { things: [] }]);
  });

  it("says in one sentence that a port is taken", async () => {
    const port = Number(new URL(running.endpoint.url).port);
    const failed = await listen(new EmbeddedAws([]), port).catch((error: unknown) => error);
    expect(String(failed)).to.contain(`Port ${port} is taken`);
  });

  it("listens on loopback only", () => {
    expect(new URL(running.endpoint.url).hostname).to.equal("127.0.0.1");
  });

  it("answers others while one client sends its request slowly", async () => {
    const port = Number(new URL(running.endpoint.url).port);
    const slow = connect(port, "127.0.0.1");
    await new Promise((resolve) => slow.once("connect", resolve));
    slow.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf");
    const { Account } = await new STS(running.config(CUSTOMER)).getCallerIdentity({});
    expect(Account).to.equal(CUSTOMER);
    slow.destroy();
  });

  it("answers any request with a status, and is still there afterwards", async () => {
    const header = fc.stringMatching(/^[ -~]{0,40}$/);
    // fast-check's own paths of the web take it a second to prepare, for all that Unicode has.
    const path = fc.stringMatching(/^(?:\/(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-F]{2}){0,8}){0,5}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH"),
        path,
        fc.record(
          { authorization: header, "x-amz-target": header, "content-type": header, "smithy-protocol": header },
          { requiredKeys: [] },
        ),
        fc.uint8Array({ maxLength: 200 }),
        async (method, path, headers, body) => {
          const answer = await fetch(`${running.endpoint.url}${path}`, {
            method,
            headers,
            ...(method === "GET" ? {} : { body }),
          });
          await answer.arrayBuffer();
          expect(answer.status).to.be.within(400, 599);
        },
      ),
      { numRuns: 100 },
    );
  });

  describe("faults", () => {
    const set = (faults: unknown) => running.control("PUT", "faults", faults);
    const who = () => new STS(running.config(CUSTOMER)).getCallerIdentity({});

    it("strike as often as they are told to", async () => {
      await set([{ service: "sts", operation: "GetCallerIdentity", fault: "throttle", times: 2 }]);
      expect(await refusal(who())).to.include({ name: "Throttling", status: 400 });
      expect(await refusal(who())).to.include({ name: "Throttling" });
      expect((await who()).Account).to.equal(CUSTOMER);
    });

    it("strike one account and leave the others alone", async () => {
      await set([{ service: "*", operation: "*", account: CUSTOMER2, fault: "error" }]);
      expect((await who()).Account).to.equal(CUSTOMER);
      expect(await refusal(new STS(running.config(CUSTOMER2)).getCallerIdentity({}))).to.include({ status: 500 });
    });

    it("cut the connection", async () => {
      await set([{ service: "sts", operation: "*", fault: "drop" }]);
      expect((await refusal(who())).status).to.equal(undefined);
    });

    it("lose the answer of what was done", async () => {
      const sqs = new SQS(running.config(CUSTOMER));
      await set([{ service: "sqs", operation: "CreateQueue", fault: "lose" }]);
      expect((await refusal(sqs.createQueue({ QueueName: "done" }))).status).to.equal(undefined);
      expect((await sqs.listQueues({})).QueueUrls).to.have.length(1);
    });

    it("strike one caller and leave the others alone", async () => {
      await set([{ service: "sts", operation: "*", caller: `::${CUSTOMER2}:`, fault: "error" }]);
      expect((await who()).Account).to.equal(CUSTOMER);
      expect(await refusal(new STS(running.config(CUSTOMER2)).getCallerIdentity({}))).to.include({ status: 500 });
    });

    it("answer late, or not at all", async () => {
      const took = async (fault: string, delayMs: number) => {
        await set([{ service: "sts", operation: "*", fault, delayMs }]);
        const began = performance.now();
        const { status } = await who().then(
          () => ({ status: 200 }),
          (error: unknown) => ({
            status: (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode,
          }),
        );
        // Timers may ring a little early.
        expect(performance.now() - began).to.be.at.least(delayMs - 5);
        return status;
      };
      expect(await took("slow", 60)).to.equal(200);
      expect(await took("timeout", 60)).to.equal(undefined);
    });

    it("have another code where one is named", async () => {
      await set([{ service: "sts", operation: "*", fault: "error", code: "ServiceUnavailable" }]);
      expect(await refusal(who())).to.include({ name: "ServiceUnavailable", status: 500 });
    });

    it("strike by chance the same way with the same seed", async () => {
      const round = async () => {
        await set([{ service: "sts", operation: "*", fault: "deny", probability: 0.5, seed: 7 }]);
        const outcomes: boolean[] = [];
        for (let index = 0; index < 12; index++)
          outcomes.push(
            await who().then(
              () => true,
              () => false,
            ),
          );
        return outcomes;
      };
      const first = await round();
      expect(new Set(first).size).to.equal(2);
      expect(await round()).to.deep.equal(first);
    });

    it("are refused with a sentence when they make no sense", async () => {
      const answer = await set([{ service: "sts", operation: "*", fault: "explode" }]);
      expect(answer.status).to.equal(400);
      expect(await answer.text()).to.contain("0.fault");
    });

    it("are refused when they could never strike", async () => {
      for (const [target, sentence] of [
        [{ service: "iott", operation: "*" }, 'There is no service "iott"'],
        [{ service: "iot", operation: "Describe" }, 'iot has no operation "Describe" here'],
        [{ service: "*", operation: "MakeThing" }, '* has no operation "MakeThing" here'],
      ] as const) {
        const answer = await set([{ ...target, fault: "error" }]);
        expect(answer.status).to.equal(400);
        expect(await answer.text()).to.contain(sentence);
      }
    });

    it("end when they are deleted", async () => {
      await set([{ service: "sts", operation: "*", fault: "error" }]);
      await running.control("DELETE", "faults");
      expect((await who()).Account).to.equal(CUSTOMER);
    });
  });

  describe("control interface", () => {
    it("gives the trace as JSON lines, from an id on", async () => {
      const sts = new STS(running.config(CUSTOMER));
      await sts.getCallerIdentity({});
      await sts.getCallerIdentity({});
      const lines = async (since: number) => {
        const text = await (await running.control("GET", `trace?since=${since}`)).text();
        return text
          .split("\n")
          .filter((line) => line !== "")
          .map((line) => JSON.parse(line) as { id: number; name: string });
      };
      const all = await lines(0);
      expect(all.map(({ name }) => name)).to.deep.equal(["GetCallerIdentity", "GetCallerIdentity"]);
      expect(await lines(all[0]?.id ?? 0)).to.deep.equal(all.slice(1));
    });

    it("moves the clock", async () => {
      const before = running.cloud.clock.now();
      const answer = await running.control("POST", "clock", { advanceSeconds: 120 });
      expect(answer.status).to.equal(200);
      expect(running.cloud.clock.now() - before).to.be.within(120_000, 125_000);
      await running.control("POST", "reset");
    });

    it("names what there is when asked for what there isn't", async () => {
      const answer = await running.control("GET", "nothing");
      expect(answer.status).to.equal(404);
      expect(await answer.text()).to.contain("GET /_local/trace");
    });
  });
});
