import { expect } from "chai";
import type * as announceModule from "../../customer/lambda/announce.ts";
import type { AnnounceFailure } from "../../customer/lambda/failure.ts";
import { aboutOf, recreationOf, rowOf } from "../../shared/contract/operations.ts";
import { type Answer, AwsStub, setEnvironment } from "./aws-stub.ts";
import { invocation } from "./invocation.ts";
import type { Letter, Rejection } from "../../shared/lambda/letter.ts";
import { THING, GROUP, TYPE } from "./descriptions.ts";
import {
  CERTIFICATE_ARN,
  CUSTOMER,
  EVENT_ID,
  EVENT_OPERATIONS,
  type EventOperation,
  GROUP_ARN,
  PARTNER,
  THING_ARN,
  TYPE_ARN,
  recordOf,
} from "./records.ts";

const PARTNER_ROLE = `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}`;
const FORBIDDEN = { status: 403, code: "ForbiddenException", body: { message: null, traceId: "t" } };

// The handler as Lambda loads it: settings from the environment, the real SDK clients.
describe("announce function", () => {
  const aws = new AwsStub();
  let restore: () => void;
  let lines: Record<string, unknown>[] = [];
  let metrics: Record<string, unknown>[] = [];
  const write = console.log.bind(console);
  let loads = 0;

  /** A new execution environment: the module is evaluated again. */
  async function load(): Promise<(event: unknown, remaining?: number) => Promise<unknown>> {
    const path = `../../customer/lambda/announce.ts?${++loads}`;
    const { handler } = (await import(path)) as typeof announceModule;
    return (event, remaining) => handler(event as never, invocation(remaining));
  }
  let announce: Awaited<ReturnType<typeof load>>;

  before(async () => {
    const url = await aws.start();
    restore = setEnvironment({
      AWS_ENDPOINT_URL: url,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "ASIAFUNCTION",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
      AWS_PROFILE: undefined,
      AWS_LAMBDA_FUNCTION_NAME: "announce-7f3a",
      ACCOUNT_ID: CUSTOMER,
      PARTNER_ROLE_ARN: PARTNER_ROLE,
      PARTNER_REGION: "eu-west-1",
      STS_REGION: "eu-central-1",
      EXTERNAL_ID: "customer-one",
      OPERATIONS: EVENT_OPERATIONS.join(","),
      // The library's way to write to the console that is there.
      POWERTOOLS_DEV: "true",
      POWERTOOLS_METRICS_DISABLED: "false",
      FAILURE_QUEUE_URL: `${url}/${CUSTOMER}/failures`,
    });
  });
  after(async () => {
    restore();
    await aws.stop();
  });
  beforeEach(async () => {
    aws.reset();
    aws.answers.set("GET /things/lamp", () => ({ status: 200, body: THING }));
    aws.answers.set("GET /thing-groups/kitchen", () => ({ status: 200, body: GROUP }));
    aws.answers.set("GET /thing-types/bulb", () => ({ status: 200, body: TYPE }));
    lines = [];
    metrics = [];
    console.log = (line: Record<string, unknown> | string) => {
      if (typeof line === "string") metrics.push(JSON.parse(line) as Record<string, unknown>);
      else lines.push(line);
    };
    announce = await load();
  });
  afterEach(() => {
    console.log = write;
  });

  const failureOf = async (event: unknown, remaining?: number): Promise<AnnounceFailure> => {
    try {
      await announce(event, remaining);
    } catch (error) {
      expect((error as Error).name).to.equal("AnnounceFailure");
      return error as AnnounceFailure;
    }
    throw new Error("the event was announced");
  };
  /** Of an event that no retry makes announceable: what the one letter about it says. */
  const rejectionOf = async (event: unknown): Promise<Rejection> => {
    const before = aws.sent.length;
    await announce(event);
    const [letter, ...more] = aws.sent.slice(before).map((body) => JSON.parse(body) as Letter);
    expect(more).to.deep.equal([]);
    expect(letter?.requestPayload).to.deep.equal(event);
    if (!letter) throw new Error("no letter was written");
    return letter.responsePayload;
  };
  const onlyMessage = () => {
    expect(aws.published).to.have.length(1);
    const [published] = aws.published;
    if (!published) throw new Error("nothing was published");
    const { hook, ...content } = published.message;
    return { topic: published.topic, content, hook: hook as Record<string, unknown>, call: published.call };
  };

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

    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ outcome: "announced", eventId: EVENT_ID, snapshot: "registry" });
  });

  it("measures what it announced by customer, in CloudWatch's embedded metric format", async () => {
    await announce(recordOf("create_thing"));

    expect(metrics).to.have.length(1);
    const [{ _aws, ...values } = {}] = metrics;
    expect(values).to.deep.equal({ customer: CUSTOMER, Announced: 1 });
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
    expect(metrics.map(({ _aws, ...values }) => [values, dimensions({ _aws })])).to.deep.equal([
      [{ customer: CUSTOMER, Rejected: 1 }, [["customer"]]],
      [{ customer: CUSTOMER, reason: "operation not announced", Rejected: 1 }, [["customer", "reason"]]],
      [{ customer: CUSTOMER, Ignored: 1 }, [["customer"]]],
      [{ customer: CUSTOMER, Failed: 1 }, [["customer"]]],
    ]);
  });

  const names = { thingName: "lamp", thingArn: THING_ARN };
  const group = { thingGroupName: "kitchen", thingGroupArn: GROUP_ARN };
  const creationDate = "2026-01-02T03:04:05.000Z";
  const describedGroup = { ...GROUP, thingGroupMetadata: { parentGroupName: "home", creationDate }, attributes: {} };
  const describedType = { ...TYPE, thingTypeMetadata: { deprecated: false, creationDate }, attributes: {} };
  const contents: Readonly<Record<(typeof EVENT_OPERATIONS)[number], object>> = {
    create_thing: THING,
    update_thing: THING,
    delete_thing: { ...names, attributes: {} },
    create_thing_type: describedType,
    deprecate_thing_type: describedType,
    delete_thing_type: { thingTypeName: "bulb", thingTypeArn: TYPE_ARN, attributes: {} },
    create_thing_group: describedGroup,
    update_thing_group: describedGroup,
    delete_thing_group: { ...group, attributes: {} },
    add_thing_to_thing_group: { ...names, ...group, attributes: {} },
    remove_thing_from_thing_group: { ...names, ...group, attributes: {} },
    attach_thing_principal: { ...names, principal: CERTIFICATE_ARN, attributes: {} },
    detach_thing_principal: { ...names, principal: CERTIFICATE_ARN, attributes: {} },
  };
  for (const operation of EVENT_OPERATIONS) {
    it(`${operation}: sends what the contract lists, on the operation's own topic`, async () => {
      const isDeletion = recreationOf(operation) !== undefined;
      if (isDeletion) aws.answers.clear();

      await announce(recordOf(operation));

      const { topic, content, hook } = onlyMessage();
      expect(topic).to.equal(`cross_account_hooks/${CUSTOMER}/${operation}`);
      expect(content).to.deep.equal(contents[operation]);
      expect(hook["snapshot"]).to.equal(rowOf(operation).describes && !isDeletion ? "registry" : "event");
    });
  }

  const recreations = EVENT_OPERATIONS.flatMap((deletion) => {
    const creation = recreationOf(deletion) as EventOperation | undefined;
    return creation === undefined ? [] : [[deletion, creation] as const];
  });
  for (const [deletion, creation] of recreations) {
    it(`${deletion}: what is there again goes as ${creation}, as the registry describes it`, async () => {
      await announce(recordOf(deletion));

      const { topic, content, hook } = onlyMessage();
      expect(topic).to.equal(`cross_account_hooks/${CUSTOMER}/${creation}`);
      expect(content).to.deep.equal(contents[creation]);
      expect(hook).to.include({ snapshot: "registry", eventName: rowOf(deletion).eventName, eventId: EVENT_ID });
    });

    it(`${deletion}: what is there again is left out where ${creation} isn't announced, and the line says so`, async () => {
      const restoreOperations = setEnvironment({ OPERATIONS: deletion });
      announce = await load();
      restoreOperations();

      await announce(recordOf(deletion));

      expect(aws.published).to.deep.equal([]);
      expect(lines).to.deep.equal([
        {
          outcome: `ignored: it is there again, and ${creation} is not announced`,
          eventId: EVENT_ID,
          eventName: rowOf(deletion).eventName,
          about: aboutOf(deletion, { thingName: "lamp", thingTypeName: "bulb", thingGroupName: "kitchen" }),
        },
      ]);
    });
  }

  it("says when it looked: before the look, so that what it missed is younger", async () => {
    let asked = 0;
    aws.answers.set("GET /things/lamp", () => {
      asked = Date.now();
      return { status: 200, body: THING };
    });

    await announce(recordOf("create_thing"));

    expect(Date.parse(String(onlyMessage().hook["observedAt"]))).to.be.at.most(asked);
  });

  it("makes names of ARNs where a membership's event has only those", async () => {
    const requestParameters = { thingArn: THING_ARN, thingGroupArn: GROUP_ARN };

    await announce(recordOf("add_thing_to_thing_group", { requestParameters }));

    expect(onlyMessage().content).to.deep.equal({ ...names, ...group, attributes: {} });
  });

  it("builds ARNs of the event's own Region and its partition", async () => {
    aws.answers.clear();

    await announce(recordOf("delete_thing", { awsRegion: "cn-north-1" }));

    expect(onlyMessage().content["thingArn"]).to.equal(`arn:aws-cn:iot:cn-north-1:${CUSTOMER}:thing/lamp`);
  });

  it("sends what the event says when the thing is gone before it is described", async () => {
    aws.answers.delete("GET /things/lamp");

    await announce(recordOf("create_thing"));

    const { content, hook } = onlyMessage();
    expect(content).to.deep.equal({
      ...names,
      thingId: "id-1",
      thingTypeName: "bulb",
      attributes: { room: "kitchen" },
    });
    expect(hook["snapshot"]).to.equal("event");
  });

  it("sends what the event says when a group or a type is gone before it is described", async () => {
    aws.answers.delete("GET /thing-groups/kitchen");
    aws.answers.delete("GET /thing-types/bulb");

    await announce(recordOf("create_thing_group"));
    await announce(recordOf("create_thing_type"));

    const [first, second] = aws.published.map(({ message: { hook: _, ...content } }) => content);
    expect(first).to.deep.equal({
      ...group,
      thingGroupId: "group-1",
      thingGroupProperties: { thingGroupDescription: "warm" },
      thingGroupMetadata: { parentGroupName: "home" },
      attributes: {},
    });
    expect(second).to.deep.equal({
      thingTypeName: "bulb",
      thingTypeArn: TYPE_ARN,
      thingTypeId: "type-1",
      thingTypeProperties: { thingTypeDescription: "gives light" },
      attributes: {},
    });
  });

  it("sends attributes as an empty object when the thing has none", async () => {
    const { attributes: _, ...bare } = THING;
    aws.answers.set("GET /things/lamp", () => ({ status: 200, body: bare }));

    await announce(recordOf("create_thing"));

    expect(onlyMessage().content["attributes"]).to.deep.equal({});
  });

  it("sends the same event id for a duplicate delivery", async () => {
    await announce(recordOf("create_thing"));
    await announce(recordOf("create_thing"));

    expect(aws.published.map(({ message }) => (message["hook"] as { eventId: string }).eventId)).to.deep.equal([
      EVENT_ID,
      EVENT_ID,
    ]);
  });

  it("ignores a call that failed, and says so", async () => {
    const denied = { errorCode: "AccessDenied", errorMessage: "no", requestParameters: null, responseElements: null };

    await announce(recordOf("create_thing", denied));

    expect(aws.calls).to.deep.equal([]);
    expect(lines).to.deep.equal([
      {
        outcome: "ignored: the call failed",
        eventId: EVENT_ID,
        eventName: "CreateThing",
        errorCode: "AccessDenied",
      },
    ]);
  });

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
      expect(signedFor).to.deep.equal(["us-east-1/iot", "eu-central-1/sts", "eu-west-1/iotdata"]);
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
    const topic = `POST /topics/cross_account_hooks/${CUSTOMER}/create_thing`;
    aws.answers.set(topic, () => {
      aws.answers.delete(topic);
      return FORBIDDEN;
    });

    await announce(recordOf("create_thing"));

    expect(aws.published).to.have.length(2);
    expect(new Set(aws.published.map(({ call }) => call.headers["x-amz-security-token"]))).to.have.property("size", 2);
    expect(lines).to.have.length(1);
  });

  it("gives up after the second denial, naming topic, role and event", async () => {
    aws.answers.set(`POST /topics/cross_account_hooks/${CUSTOMER}/create_thing`, () => FORBIDDEN);

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
    aws.answers.set(`POST /topics/cross_account_hooks/${CUSTOMER}/create_thing`, () => ({
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
  const TOPIC = `POST /topics/cross_account_hooks/${CUSTOMER}/create_thing`;
  for (const [what, call, answer] of [
    ["a throttled description", "GET /things/lamp", { status: 400, code: "ThrottlingException" }],
    ["a description that fails inside AWS", "GET /things/lamp", { status: 500, code: "InternalFailureException" }],
    ["a throttled publish", TOPIC, { status: 429, code: "ThrottlingException" }],
    ["a publish that AWS has no room for", TOPIC, { status: 503, code: "ServiceUnavailableException" }],
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
    failing(TOPIC, Infinity, { status: 503, code: "ServiceUnavailableException" });

    const failure = await failureOf(recordOf("create_thing"));

    expect(failure).to.include({ reason: "publish failed", eventId: EVENT_ID });
    expect([attempts(TOPIC), aws.sent]).to.deep.equal([5, []]);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ outcome: "failed", eventId: EVENT_ID });
  });

  it("gives up a call that hangs before Lambda stops the function, and says of which event", async () => {
    aws.answers.set("GET /things/lamp", () => ({ status: 200, hang: true }));

    const failure = await failureOf(recordOf("create_thing"), 400);

    expect(failure).to.include({ reason: "describe failed", eventId: EVENT_ID });
    expect(lines).to.have.length(1);
  });

  it("fails with the cause when the partner's role can't be assumed", async () => {
    aws.answers.set("POST /", () => ({ status: 403, code: "AccessDenied" }));

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
    expect(aws.published).to.deep.equal([]);
  });

  it("says how large a message is that AWS IoT would refuse", async () => {
    const attributes = { note: "x".repeat(128 * 1024) };
    aws.answers.set("GET /things/lamp", () => ({ status: 200, body: { ...THING, attributes } }));

    const failure = await rejectionOf(recordOf("create_thing"));

    expect(failure.reason).to.equal("message too large");
    expect(failure.errorMessage).to.match(/has 131\d{3} bytes, AWS IoT takes 131072/);
    expect(aws.published).to.deep.equal([]);
  });

  it("sends nothing that the contract doesn't call a message", async () => {
    aws.answers.delete("GET /things/lamp");
    const requestParameters = { thingName: "lamp", attributePayload: { attributes: "(truncated)" } };

    const failure = await rejectionOf(recordOf("create_thing", { requestParameters }));

    expect(failure.reason).to.equal("malformed message");
    expect(failure.errorMessage).to.include("attributes");
    expect(aws.published).to.deep.equal([]);
  });

  it("refuses another account's event", async () => {
    expect((await rejectionOf({ ...recordOf("create_thing"), account: PARTNER })).reason).to.equal("another account");
  });

  it("refuses a call that isn't configured", async () => {
    expect((await rejectionOf(recordOf("create_thing", { eventName: "CreateThingTypo" }))).reason).to.equal(
      "operation not announced",
    );
    const restoreOperations = setEnvironment({ OPERATIONS: "create_thing" });
    announce = await load();
    restoreOperations();
    const failure = await rejectionOf(recordOf("delete_thing"));
    expect(failure.errorMessage).to.include("DeleteThing is none of the configured operations create_thing");
  });

  for (const [what, detail, words] of [
    ["a Region that doesn't exist", { awsRegion: "xx-nowhere-1" }, "must be a Region"],
    ["a time that isn't UTC", { eventTime: "2026-01-02T03:04:05+01:00" }, "eventTime"],
    ["an id that a terminal obeys", { eventID: "\u001b[2J" }, "can't be printed"],
    ["a name that AWS IoT doesn't have", { requestParameters: { thingName: "../lamp" } }, "no name of AWS IoT"],
  ] as const) {
    it(`refuses ${what}, before it asks anybody`, async () => {
      const failure = await rejectionOf(recordOf("update_thing", detail));

      expect(failure.reason).to.equal("malformed event");
      expect(failure.errorMessage).to.include(words);
      expect(aws.calls.map(({ path }) => path)).to.deep.equal(["/"]); // the letter
    });
  }

  for (const [what, described, words] of [
    ["of another account", { ...THING, thingArn: THING_ARN.replace(CUSTOMER, PARTNER) }, "sent thingArn"],
    ["with characters that a terminal obeys", { ...THING, attributes: { room: "\u001b[31m" } }, "can't be printed"],
    ["with a version that is no whole number", { ...THING, version: 1.5 }, "version"],
  ] as const) {
    it(`sends no description ${what}: the partner would reject it`, async () => {
      aws.answers.set("GET /things/lamp", () => ({ status: 200, body: described }));

      const failure = await rejectionOf(recordOf("create_thing"));

      expect(failure.reason).to.equal("malformed message");
      expect(failure.errorMessage).to.include(words);
      expect(aws.published).to.deep.equal([]);
    });
  }

  it("refuses a record without the thing's name, naming what is missing", async () => {
    const failure = await rejectionOf(recordOf("delete_thing", { requestParameters: null }));

    expect(failure).to.include({ reason: "malformed event", eventId: EVENT_ID });
    expect(failure.errorMessage).to.include("DeleteThing has neither thingName nor thingArn");
  });

  for (const event of [
    null,
    "text",
    {},
    { detail: { eventID: 7 } },
    recordOf("create_thing", { eventSource: "ec2" }),
  ]) {
    it(`refuses ${JSON.stringify(event).slice(0, 40)} as an event`, async () => {
      expect((await rejectionOf(event)).reason).to.equal("malformed event");
      expect(lines).to.have.length(1);
      expect(lines[0]).to.include({ outcome: "rejected", reason: "malformed event" });
    });
  }
});
