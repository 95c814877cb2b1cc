import { expect } from "chai";
import { once } from "node:events";
import { type AddressInfo, type Socket, createServer } from "node:net";
import { publishToPartner, sessionName } from "../../customer/lambda/partner.ts";
import { QUEUE_URL } from "./invocation.ts";
import { AwsStub, setEnvironment } from "./aws-stub.ts";

const TLS_HANDSHAKE = 0x16; // first byte of a client's hello, RFC 8446

describe("the way to the partner's endpoint", () => {
  const aws = new AwsStub();
  const greetings: number[] = [];
  const server = createServer((socket: Socket) => {
    socket.once("data", (bytes) => {
      greetings.push(bytes.readUInt8());
      socket.destroy();
    });
    socket.on("error", () => undefined); // the client is cut off on purpose
  });
  let stub: string;
  let restore: () => void;
  const settings = () => ({
    accountId: "111111111111",
    partnerRoleArn: "arn:aws:iam::222222222222:role/publish-from-customer-role-111111111111",
    partnerRegion: "eu-west-1",
    stsRegion: "eu-central-1",
    partnerDataEndpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    operations: ["create_thing" as const],
    failureQueueUrl: QUEUE_URL,
  });

  before(async () => {
    stub = await aws.start();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(async () => {
    await aws.stop();
    server.close();
    await once(server, "close");
  });
  beforeEach(() => {
    aws.reset();
    greetings.length = 0;
    restore = setEnvironment({
      AWS_ENDPOINT_URL: undefined,
      AWS_ENDPOINT_URL_STS: stub,
      AWS_ACCESS_KEY_ID: "ASIAFUNCTION",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_PROFILE: undefined,
    });
  });
  afterEach(() => {
    restore();
  });

  it("is the configured host, over TLS", async () => {
    let failed = false;
    await publishToPartner(settings(), process.env)("a", "{}", AbortSignal.timeout(5_000)).catch(() => (failed = true));

    expect(failed).to.equal(true); // nobody answers there; that it was called is what counts
    expect([...new Set(greetings)]).to.deep.equal([TLS_HANDSHAKE]); // tried again, since the connection broke
    expect(aws.published).to.deep.equal([]);
  });

  it("is AWS_ENDPOINT_URL where that is set, whatever host is configured", async () => {
    const undo = setEnvironment({ AWS_ENDPOINT_URL: stub });
    try {
      await publishToPartner(settings(), process.env)("a", "{}", AbortSignal.timeout(5_000));
    } finally {
      undo();
    }

    expect(greetings).to.deep.equal([]);
    expect(aws.published.map(({ topic }) => topic)).to.deep.equal(["a"]);
  });

  it("leaves the external id out where none is configured", async () => {
    const undo = setEnvironment({ AWS_ENDPOINT_URL: stub });
    try {
      await publishToPartner(settings(), process.env)("a", "{}", AbortSignal.timeout(5_000));
    } finally {
      undo();
    }

    expect(aws.assumed.map((parameters) => parameters.has("ExternalId"))).to.deep.equal([false]);
    // Nor has the function a name here, outside of Lambda.
    expect(aws.assumed[0]?.get("RoleSessionName")).to.equal("111111111111-announce");
  });

  it("names the session so that STS takes it, however long the function's name is", () => {
    expect(sessionName("111111111111", "f")).to.equal("111111111111-f");
    expect(sessionName("111111111111", "f".repeat(64))).to.match(/^[\w+=,.@-]{64}$/);
    expect(sessionName("111111111111", "a function:7")).to.equal("111111111111-a-function-7");
  });
});
