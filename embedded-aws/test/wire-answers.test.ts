// What clients of other languages and older ones send and look for beside what the JavaScript SDK does.
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync, crc32 } from "node:zlib";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { Lambda } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { EmbeddedAws } from "../core/cloud.ts";
import { listen } from "../core/endpoint.ts";
import { CUSTOMER, DEFAULT_REGION, startCloud, type RunningCloud } from "./cloud.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded" };

describe("the wire", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());

  async function send(service: string, headers: Record<string, string>, body: string | Buffer): Promise<Response> {
    const url = new URL(running.endpoint.url);
    const signer = new SignatureV4({
      credentials: running.cloud.administrator(CUSTOMER),
      region: DEFAULT_REGION,
      service,
      sha256: Hash.bind(null, "sha256"),
    });
    const request = { method: "POST", protocol: "http:", hostname: url.host, path: "/", query: {}, body };
    const signed = await signer.sign({ ...request, headers: { host: url.host, ...headers } });
    return fetch(url, { method: "POST", headers: signed.headers, body: body as string });
  }
  const form = (service: string, text: string) => send(service, FORM, text);
  const json = (service: string, target: string, version = "1.0", body = "{}") =>
    send(service, { "content-type": `application/x-amz-json-${version}`, "x-amz-target": target }, body);

  it("says InvalidAction to a form that names no operation, and asks for a version", async () => {
    for (const text of ["Action=Dance&Version=2010-05-08", "Action=ListRoles"]) {
      const answer = await form("iam", text);
      expect([answer.status, /<Code>(.*)<\/Code>/.exec(await answer.text())?.[1]]).to.deep.equal([
        400,
        "InvalidAction",
      ]);
    }
    expect(await (await form("iam", "Version=2010-05-08")).text()).to.contain("<Code>MissingAction</Code>");
    expect((await form("iam", "Action=ListRoles&Version=2010-05-08")).status).to.equal(200);
  });

  it("refuses SQS's query protocol, in its own XML", async () => {
    const answer = await form("sqs", "Action=ListQueues&Version=2012-11-05");
    expect(answer.status).to.equal(501);
    expect(await answer.text()).to.match(/<Code>NotModelledHere<\/Code><Message>SQS&#39;s query protocol/);
  });

  it("takes a target with the service's own prefix only", async () => {
    expect((await json("dynamodb", "DynamoDB_20120810.ListTables")).status).to.equal(200);
    const answer = await json("dynamodb", "Foo.ListTables");
    expect([answer.status, await answer.text()])
      .to.deep.include(404)
      .and.match(/UnknownOperationException/);
  });

  it("gives DynamoDB's answers and errors a checksum, and no other's", async () => {
    for (const [target, status] of [
      ["DynamoDB_20120810.ListTables", 200],
      ["DynamoDB_20120810.DescribeTable", 400],
    ] as const) {
      const answer = await json("dynamodb", target);
      const sum = answer.headers.get("x-amz-crc32");
      expect([answer.status, sum]).to.deep.equal([status, String(crc32(await answer.text()))]);
    }
    expect((await json("sqs", "AmazonSQS.ListQueues")).headers.get("x-amz-crc32")).to.equal(null);
  });

  it("reads what a client compressed, as all do with much metric data", async () => {
    const cloudwatch = new CloudWatch(running.config(CUSTOMER));
    const MetricData = Array.from({ length: 300 }, (_, at) => ({ MetricName: `metric number ${at}`, Value: at }));
    await cloudwatch.putMetricData({ Namespace: "Lamps", MetricData });
    expect((await cloudwatch.listMetrics({ Namespace: "Lamps" })).Metrics).to.have.length(300);
    const datum = "Action=PutMetricData&Version=2010-08-01&Namespace=Old&MetricData.member.1.MetricName=a";
    const gzip = { ...FORM, "content-encoding": "gzip" };
    const old = await send("monitoring", gzip, gzipSync(`${datum}&MetricData.member.1.Value=1`));
    expect(old.status, await old.text()).to.equal(200);
    expect((await send("monitoring", gzip, "no gzip")).status).to.equal(400);
  });

  it("cuts off a client that sends the head of a request drop by drop", async () => {
    const impatient = await listen(new EmbeddedAws([]), 0, undefined, 50);
    const socket = connect(Number(new URL(impatient.url).port), "127.0.0.1");
    // Cut off while it writes, it may hear of a reset before the end.
    socket.on("error", () => undefined).resume();
    try {
      await once(socket, "connect");
      socket.write("GET / HTTP/1.1\r\n");
      for (let drops = 0; !socket.destroyed && drops < 1_000; drops++) {
        socket.write("X");
        await delay(5);
      }
      expect(socket.destroyed).to.equal(true);
    } finally {
      socket.destroy();
      await impatient.close();
    }
  });

  it("says whose fault an error of Lambda is", async () => {
    const caught = await new Lambda(running.config(CUSTOMER))
      .getFunction({ FunctionName: "nobody" })
      .catch((error: unknown) => error);
    expect(caught).to.include({ name: "ResourceNotFoundException", Type: "User" });
  });

  it("names SQS's errors as JSON clients know them, and by their old codes in a header", async () => {
    const answer = await json("sqs", "AmazonSQS.CreateQueue", "1.0", '{"QueueName":"a b"}');
    expect(((await answer.json()) as { __type: string }).__type).to.equal(
      "com.amazonaws.sqs#InvalidParameterValueException",
    );
    expect(answer.headers.get("x-amzn-query-error")).to.equal("InvalidParameterValue;Sender");
    const missing = await json("sqs", "AmazonSQS.CreateQueue");
    expect(((await missing.json()) as { __type: string }).__type).to.equal(
      "com.amazonaws.sqs#MissingRequiredParameterException",
    );
    expect(missing.headers.get("x-amzn-query-error")).to.equal("MissingParameter;Sender");
  });
});
