// The session in which the announce function publishes: whose it is, and for how long.
import { expect } from "chai";
import { publishToPartner, sessionName } from "../../customer/lambda/partner.ts";
import { AwsStub, sessionOf, setEnvironment } from "./aws-stub.ts";
import { QUEUE_URL } from "./invocation.ts";

const PARTNER_ROLE = "arn:aws:iam::222222222222:role/publish-from-customer-role-111111111111";
const SETTINGS = {
  accountId: "111111111111",
  partnerRoleArn: PARTNER_ROLE,
  partnerRegion: "eu-west-1",
  stsRegion: "eu-central-1",
  operations: ["create_thing" as const],
  failureQueueUrl: QUEUE_URL,
};

describe("the announce function's session at the partner", () => {
  const aws = new AwsStub();
  let restore: () => void;
  before(async () => {
    restore = setEnvironment({
      AWS_ENDPOINT_URL: await aws.start(),
      AWS_ACCESS_KEY_ID: "ASIAFUNCTION",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_PROFILE: undefined,
    });
  });
  after(async () => {
    restore();
    await aws.stop();
  });
  beforeEach(() => {
    aws.reset();
  });

  const publishing = () => {
    const publish = publishToPartner(SETTINGS, process.env);
    return () => publish("a", "{}", AbortSignal.timeout(5_000));
  };
  const answering = (session: Parameters<typeof sessionOf>[0]) =>
    aws.answers.set("POST /", () => ({ status: 200, body: sessionOf(session) }));

  it("is asked for while the function starts, before there is any event", async () => {
    const asked = aws.nextCall();
    publishing();
    await asked;
    expect(aws.assumed).to.have.length(1);
  });

  it("is its own at the publish, with the token that came with it", async () => {
    answering({ AccessKeyId: "ASIAOFROLE", SessionToken: "token-of-role" });
    await publishing()();
    const [{ call } = expect.fail("nothing was published")] = aws.published;
    expect(call.headers["x-amz-security-token"]).to.equal("token-of-role");
    expect(call.headers.authorization).to.include("Credential=ASIAOFROLE/");
  });

  it("is renewed before it ends, and kept until then", async () => {
    const lasting = (minutes: number) => ({ Expiration: new Date(Date.now() + minutes * 60_000).toISOString() });
    for (const [minutes, renewed] of [
      [60, false],
      [1, true],
    ] as const) {
      aws.reset();
      answering(lasting(minutes));
      const publish = publishing();
      await publish();
      answering({ SessionToken: "renewed" });
      await publish();
      await publish();
      expect(aws.published.at(-1)?.call.headers["x-amz-security-token"]).to.equal(renewed ? "renewed" : "token");
    }
  });

  it("isn't waited for at the publish beyond the function's time", async () => {
    const publish = publishToPartner(SETTINGS, process.env);
    await publish("a", "{}", AbortSignal.timeout(5_000));
    aws.answers.set("POST /topics/a", () => ({ status: 200, hang: true }));
    const up = new AbortController();
    const asked = aws.nextCall();
    const published = publish("a", "{}", up.signal).then(
      () => expect.fail("it was published"),
      (error: unknown) => error as Error,
    );
    await asked;
    up.abort();
    expect(await published).to.have.property("name", "AbortError");
  });

  it("isn't waited for at STS beyond the function's time", async () => {
    aws.answers.set("POST /", () => ({ status: 200, hang: true }));
    const publish = publishToPartner(SETTINGS, process.env);
    const signal = AbortSignal.timeout(200);
    const began = performance.now();
    // The second begins when it is up already, as another change of the same event may.
    for (let tries = 0; tries < 2; tries++) {
      const failure = await publish("a", "{}", signal).then(
        () => expect.fail("it was published"),
        (error: unknown) => error as Error,
      );
      expect(failure).to.have.property("name", "TimeoutError");
    }
    expect(performance.now() - began).to.be.below(2_000);
  });

  for (const missing of ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"])
    it(`is none without ${missing}, and the failure says of which role`, async () => {
      answering({ [missing]: undefined });
      const failure = await publishing()().then(
        () => expect.fail("it was published"),
        (error: unknown) => error as Error,
      );
      expect(failure.message).to.equal(`STS assumed ${PARTNER_ROLE}, but gave no credentials.`);
      expect(aws.published).to.deep.equal([]);
    });

  it("has the longest name that STS takes, of the characters that it takes", () => {
    expect(sessionName("111111111111", "a function/7:b")).to.equal("111111111111-a-function-7-b");
    expect(sessionName("111111111111", "Ab_9+=,.@-")).to.equal("111111111111-Ab_9+=,.@-");
    expect(sessionName("111111111111", "f".repeat(99))).to.equal(`111111111111-${"f".repeat(51)}`);
  });
});
