import { expect } from "chai";
import { type Parts, announcer } from "../../customer/lambda/announcement.ts";
import { Gauge, invocation } from "./invocation.ts";
import { announcing } from "./announcing.ts";
import { THING } from "./descriptions.ts";
import { CUSTOMER, EVENT_ID, recordOf } from "./records.ts";

describe("announce function", () => {
  const { aws, lines, metrics, announce, failureOf, onlyMessage } = announcing();

  it("publishes the thing's description with where it comes from, on the customer's topic", async () => {
    const before = Date.now();

    await announce(recordOf("create_thing"));

    const { topic, content, hook } = onlyMessage();
    expect(topic).to.equal(`cross_account_hooks/${CUSTOMER}/create_thing`);
    expect(content).to.deep.equal(THING);
    const { observedAt, ...rest } = hook;
    expect(rest).to.deep.equal({
      schemaVersion: 1,
      eventId: EVENT_ID,
      eventTime: "2026-01-02T03:04:05Z",
      eventName: "CreateThing",
      region: "us-east-1",
      snapshot: "registry",
    });
    expect(Date.parse(String(observedAt))).to.be.within(before, Date.now());
  });

  it("logs one line for the event, with its id and outcome", async () => {
    await announce(recordOf("create_thing"));

    expect(lines).to.deep.equal([
      {
        ...{ outcome: "announced", eventId: EVENT_ID, eventName: "CreateThing", operation: "create_thing" },
        ...{ snapshot: "registry", about: "thing/lamp" },
      },
    ]);
  });

  it("measures what it announced by customer, in CloudWatch's embedded metric format", async () => {
    await announce(recordOf("create_thing"));

    expect(metrics).to.have.length(1);
    const [{ _aws, ...values } = {}] = metrics;
    expect(values).to.deep.equal({ requestId: invocation().awsRequestId, customer: CUSTOMER, Announced: 1 });
    expect((_aws as { CloudWatchMetrics: unknown }).CloudWatchMetrics).to.deep.equal([
      {
        Namespace: "CrossAccountIotHooks",
        Dimensions: [["customer"]],
        Metrics: [{ Name: "Announced", Unit: "Count" }],
      },
    ]);
  });

  it("measures what it rejected by reason too, and what it left out or failed at by customer", async () => {
    await announce(recordOf("create_thing", { eventName: "CreateThingTypo" }));
    await announce(recordOf("create_thing", { errorCode: "AccessDenied" }));
    aws.answers.set("GET /things/lamp", () => ({ status: 403, code: "AccessDeniedException" }));
    await failureOf(recordOf("create_thing"));

    const dimensions = ({ _aws }: Record<string, unknown>) =>
      (_aws as { CloudWatchMetrics: { Dimensions: unknown }[] }).CloudWatchMetrics[0]?.Dimensions;
    expect(lines[0]?.["reason"]).to.equal("operation not announced");
    expect(metrics.map(({ _aws, requestId: _, ...values }) => [values, dimensions({ _aws })])).to.deep.equal([
      [{ customer: CUSTOMER, Rejected: 1 }, [["customer"], ["customer", "reason"]]],
      [{ customer: CUSTOMER, Ignored: 1 }, [["customer"]]],
      [{ customer: CUSTOMER, Failed: 1 }, [["customer"]]],
    ]);
  });

  it("says when it looked: before the look, so that what it missed is younger", async () => {
    let asked = 0;
    aws.answers.set("GET /things/lamp", () => {
      asked = Date.now();
      return { status: 200, body: THING };
    });

    await announce(recordOf("create_thing"));

    expect(Date.parse(String(onlyMessage().hook["observedAt"]))).to.be.at.most(asked);
  });

  it("sends the same event id for a duplicate delivery", async () => {
    await announce(recordOf("create_thing"));
    await announce(recordOf("create_thing"));

    expect(aws.published.map(({ message }) => (message["hook"] as { eventId: string }).eventId)).to.deep.equal([
      EVENT_ID,
      EVENT_ID,
    ]);
  });

  it("throws what nobody thought of for Lambda to try again, and says which error it was", async () => {
    const cause = new RangeError("no clock");
    const seen: Record<string, unknown>[] = [];
    const broken = announcer({
      settings: { accountId: CUSTOMER, operations: ["create_thing"] } as unknown as Parts["settings"],
      iot: { config: { region: () => Promise.resolve("us-east-1") } },
      now: () => {
        throw cause;
      },
      measure: new Gauge(seen).measure,
    } as unknown as Parts);

    const failure = await broken(recordOf("create_thing"), invocation()).then(
      () => expect.fail("the event was announced"),
      (error: unknown) => error as Error,
    );

    expect(failure).to.include({ name: "AnnounceFailure", reason: "unexpected error", cause });
    expect(seen).to.have.length(1);
    expect(seen[0]?.["error"]).to.include("RangeError: no clock");
  });

  it("ignores a call that failed, and says so", async () => {
    const denied = { errorCode: "AccessDenied", errorMessage: "no", requestParameters: null, responseElements: null };

    await announce(recordOf("create_thing", denied));

    expect(aws.afterStart).to.deep.equal([]);
    expect(lines).to.deep.equal([
      {
        outcome: "ignored: the call failed",
        eventId: EVENT_ID,
        eventName: "CreateThing",
        errorCode: "AccessDenied",
      },
    ]);
  });

  it("says of a failed call no more of its error's code than a line holds", async () => {
    await announce(recordOf("create_thing", { errorCode: `\u009b${"x".repeat(9_000)}` }));

    const [line] = lines;
    expect(line?.["errorCode"]).to.match(/^\\u009bx+… \(9001 characters\)$/);
    expect(JSON.stringify(line).length).to.be.below(4096);
  });

  it("says no more of an event's id and name than a line holds", async () => {
    const event = recordOf("create_thing", { eventID: "厨".repeat(1024) });
    const other = { eventID: "厨".repeat(1024), eventName: "厨".repeat(1024), errorCode: "AccessDenied" };
    const added = { eventID: "厨".repeat(1024), eventName: "UpdateThingGroupsForThing" };

    for (const one of [event, recordOf("create_thing", other), recordOf("create_thing", added)]) await announce(one);

    expect(lines.map(({ outcome }) => outcome)).to.deep.equal([
      "announced",
      "ignored: the call failed",
      "ignored: nothing that it changed is announced",
    ]);
    for (const line of lines) expect(Buffer.byteLength(JSON.stringify(line))).to.be.below(1000);
    expect(onlyMessage().hook["eventId"]).to.equal(event.detail.eventID);
  });
});
