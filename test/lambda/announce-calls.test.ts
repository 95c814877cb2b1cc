// How the announce function calls AWS, and what it makes of what AWS answers.
import { expect } from "chai";
import { PARTNER_ROLE, PUBLISH, announcing } from "./announcing.ts";
import type { Answer } from "./aws-stub.ts";
import { CUSTOMER, EVENT_ID, recordOf } from "./records.ts";

const FORBIDDEN = { status: 403, code: "ForbiddenException", body: { message: null, traceId: "t" } };

describe("how the announce function calls AWS", () => {
  const { aws, load, lines, announce, failureOf, rejectionOf, onlyMessage } = announcing();

  it(
    "assumes the partner's role in the partner's Region, under a name that says who it is, with the " + "external id",
    async () => {
      await announce(recordOf("create_thing"));

      const [assumed] = aws.assumed;
      expect(assumed?.get("RoleArn")).to.equal(PARTNER_ROLE);
      expect(assumed?.get("RoleSessionName")).to.equal(`${CUSTOMER}-announce-7f3a`);
      expect(assumed?.get("ExternalId")).to.equal("customer-one");
      const signedFor = aws.calls.map(
        ({ headers }) => /\/([\w-]+\/\w+)\/aws4_request/.exec(headers.authorization ?? "")?.[1],
      );
      expect(signedFor).to.deep.equal(["eu-central-1/sts", "us-east-1/iot", "eu-west-1/iotdata"]);
    },
  );

  it("publishes with quality of service 1 and the partner role's credentials", async () => {
    await announce(recordOf("create_thing"));

    const { call } = onlyMessage();
    expect(call.query.get("qos")).to.equal("1");
    expect(call.headers["x-amz-security-token"]).to.match(/^token-\d+$/);
  });

  it("assumes the role once for many events", async () => {
    for (let events = 0; events < 3; events++) await announce(recordOf("create_thing"));

    expect(aws.published).to.have.length(3);
    expect(aws.assumed).to.have.length(1);
  });

  it("tries a denied publish once more, with new credentials", async () => {
    aws.answers.set(PUBLISH, () => {
      aws.answers.delete(PUBLISH);
      return FORBIDDEN;
    });

    await announce(recordOf("create_thing"));

    expect(aws.published).to.have.length(2);
    expect(new Set(aws.published.map(({ call }) => call.headers["x-amz-security-token"]))).to.have.property("size", 2);
    expect(lines).to.have.length(1);
  });

  it("gives up after the second denial, naming topic, role and event", async () => {
    aws.answers.set(PUBLISH, () => FORBIDDEN);

    const failure = await failureOf(recordOf("create_thing"));

    expect(aws.published).to.have.length(2);
    expect(failure).to.include({ reason: "publish failed", eventId: EVENT_ID });
    expect(failure.message)
      .to.include(`cross_account_hooks/${CUSTOMER}/create_thing`)
      .and.include(PARTNER_ROLE)
      .and.include("ForbiddenException");
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({
      outcome: "failed",
      eventId: EVENT_ID,
      reason: "publish failed",
      about: "thing/lamp",
    });
  });

  it("does not repeat a publish that failed for another reason than a denial", async () => {
    aws.answers.set(PUBLISH, () => ({
      status: 400,
      code: "InvalidRequestException",
    }));

    expect((await rejectionOf(recordOf("create_thing"))).errorMessage).to.include("InvalidRequestException");
    expect(aws.published).to.have.length(1);
  });

  /** Answers a call `times` times with an error, then as it is answered otherwise. */
  const failing = (call: string, times: number, answer: Answer) => {
    const otherwise = aws.answers.get(call);
    let left = times;
    aws.answers.set(call, (asked) => {
      if (left-- > 0) return answer;
      return otherwise?.(asked) ?? { status: 200 };
    });
  };
  const attempts = (call: string) =>
    aws.calls.filter(({ method, path }) => `${method} ${decodeURIComponent(path)}` === call).length;
  for (const [what, call, answer] of [
    ["a throttled description", "GET /things/lamp", { status: 400, code: "ThrottlingException" }],
    ["a description that fails inside AWS", "GET /things/lamp", { status: 500, code: "InternalFailureException" }],
    ["a throttled publish", PUBLISH, { status: 429, code: "ThrottlingException" }],
    ["a publish that AWS has no room for", PUBLISH, { status: 503, code: "ServiceUnavailableException" }],
  ] as const) {
    it(`tries ${what} again within the invocation`, async () => {
      failing(call, 1, answer);

      await announce(recordOf("create_thing"));

      expect(attempts(call)).to.equal(2);
      expect(lines).to.have.length(1);
      expect(lines[0]).to.include({ outcome: "announced" });
    });
  }

  it("leaves what lasts to Lambda, without a letter", async () => {
    failing(PUBLISH, Infinity, { status: 503, code: "ServiceUnavailableException" });

    const failure = await failureOf(recordOf("create_thing"));

    expect(failure).to.include({ reason: "publish failed", eventId: EVENT_ID });
    expect([attempts(PUBLISH), aws.sent]).to.deep.equal([5, []]);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ outcome: "failed", eventId: EVENT_ID });
  });

  it("gives up a call that hangs before Lambda stops the function, and says of which event", async () => {
    aws.answers.set("GET /things/lamp", () => ({ status: 200, hang: true }));

    const failure = await failureOf(recordOf("create_thing"), 400);

    expect(failure).to.include({ reason: "describe failed", eventId: EVENT_ID });
    expect(lines).to.have.length(1);
  });

  it("throws when the failure queue refuses the letter: Lambda keeps the event", async () => {
    aws.answers.set(`POST /`, () => ({ status: 403, code: "AccessDenied", body: { message: "no" } }));

    const failure = await failureOf(recordOf("create_thing", { eventName: "CreateThingTypo" }));

    expect(failure).to.include({ reason: "failure queue refused", eventId: EVENT_ID });
    expect(failure.message).to.include(
      "a letter about it (operation not announced) to the failure queue: AccessDenied",
    );
    expect(failure.cause).to.be.an("error");
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ outcome: "failed", reason: "failure queue refused" });
  });

  it("fails with the cause when the partner's role can't be assumed", async () => {
    aws.answers.set("POST /", () => ({ status: 403, code: "AccessDenied" }));
    await load();

    const failure = await failureOf(recordOf("create_thing"));

    expect(failure.reason).to.equal("publish failed");
    expect(failure.cause).to.be.an("error");
    expect(aws.published).to.deep.equal([]);
  });

  it("fails when the description is refused, rather than sending half of it", async () => {
    aws.answers.set("GET /things/lamp", () => ({
      status: 403,
      code: "AccessDeniedException",
      body: { message: "no" },
    }));

    const failure = await failureOf(recordOf("create_thing"));

    expect(failure).to.include({ reason: "describe failed", eventId: EVENT_ID });
    expect(failure.message).to.include("iot:DescribeThing of lamp").and.include("AccessDeniedException: no");
    expect(failure.cause).to.have.property("name", "AccessDeniedException");
    expect(aws.published).to.deep.equal([]);
  });
});
