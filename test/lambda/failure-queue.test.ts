// How a letter gets into the failure queue, by the real SDK client.
import { expect } from "chai";
import { failureQueue } from "../../shared/lambda/letter.ts";
import { AwsStub, setEnvironment } from "./aws-stub.ts";
import { CUSTOMER } from "./records.ts";

describe("the failure queue", () => {
  const aws = new AwsStub();
  let restore: () => void;
  let queueUrl: string;
  before(async () => {
    const url = await aws.start();
    queueUrl = `${url}/${CUSTOMER}/failures`;
    restore = setEnvironment({
      AWS_ENDPOINT_URL: url,
      AWS_REGION: "us-east-1",
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

  it("gets a letter as it was written, in the queue that the function was told of", async () => {
    await failureQueue(queueUrl)('{"version":"1.0"}', AbortSignal.timeout(5_000));
    expect(aws.calls.map(({ body }) => JSON.parse(body) as unknown)).to.deep.equal([
      { QueueUrl: queueUrl, MessageBody: '{"version":"1.0"}' },
    ]);
  });

  it("isn't waited for beyond the function's time: Lambda keeps the event then", async () => {
    aws.answers.set("POST /", () => ({ status: 200, hang: true }));
    const up = new AbortController();
    const asked = aws.nextCall();
    const sent = failureQueue(queueUrl)("{}", up.signal).then(
      () => expect.fail("it was sent"),
      (error: unknown) => error as Error,
    );
    await asked;
    up.abort();
    expect(await sent).to.have.property("name", "AbortError");
  });
});
