// The announce function as Lambda loads it: settings from the environment, the real SDK clients, a stub that answers
// them.
import { expect } from "chai";
import type * as announceModule from "../../customer/lambda/announce.ts";
import type { AnnounceFailure } from "../../customer/lambda/failure.ts";
// With the file, not within a test: what it does while it loads would be the first test's.
import "../../customer/lambda/announcement.ts";
import { METRICS } from "../../shared/contract/metrics.ts";
import type { Letter, Rejection } from "../../shared/lambda/letter.ts";
import { AwsStub, setEnvironment } from "./aws-stub.ts";
import { BILLING_GROUP, GROUP, THING, TYPE } from "./descriptions.ts";
import { invocation } from "./invocation.ts";
import { CUSTOMER, EVENT_OPERATIONS, PARTNER } from "./records.ts";

export const PARTNER_ROLE = `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}`;
/** The publish of a thing that was created, by the stub's name of it. */
export const PUBLISH = `POST /topics/cross_account_hooks/${CUSTOMER}/create_thing`;

type Lines = Record<string, unknown>[];

/** Of the module, by all test files: each is evaluated under a name of its own. */
let loads = 0;

/** What a line says, and what is measured in it. */
const partition = (line: Readonly<Record<string, unknown>>) =>
  [false, true].map((measured) =>
    Object.fromEntries(Object.entries(line).filter(([name]) => name in METRICS === measured)),
  ) as [Record<string, unknown>, Record<string, unknown>];

/** Its own for each test of the `describe` block that calls this; all it returns is of the test that runs. */
export function announcing() {
  const aws = new AwsStub();
  const lines: Lines = [];
  const metrics: Lines = [];
  const write = console.log.bind(console);
  let restore: () => void;
  let handler: (typeof announceModule)["handler"];

  /**
   * A new execution environment, its module evaluated again, where these variables are set. It has asked for the
   * partner's role then.
   */
  async function load(variables: Readonly<Record<string, string>> = {}): Promise<void> {
    const path = `../../customer/lambda/announce.ts?${++loads}`;
    const undo = setEnvironment(variables);
    try {
      const assuming = aws.nextCall();
      ({ handler } = (await import(path)) as typeof announceModule);
      await assuming;
    } finally {
      undo();
    }
  }
  const announce = (event: unknown, remaining?: number) => handler(event as never, invocation(remaining));

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
    aws.answers.set("GET /billing-groups/north", () => ({ status: 200, body: BILLING_GROUP }));
    lines.length = 0;
    metrics.length = 0;
    console.log = (line: Record<string, unknown> | string) => {
      if (typeof line !== "string") {
        lines.push(line);
        return;
      }
      const { _aws, requestId, customer, ...rest } = JSON.parse(line) as Record<string, unknown>;
      const [said, values] = partition(rest);
      lines.push(said);
      metrics.push({ _aws, requestId, customer, ...values });
    };
    await load();
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

  return { aws, lines, metrics, load, announce, failureOf, rejectionOf, onlyMessage };
}
