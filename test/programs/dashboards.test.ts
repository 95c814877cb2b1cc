// What the dashboards draw: what the functions measure by those names, and what AWS measures of each part.
import { expect } from "chai";
import { METRICS, METRICS_NAMESPACE } from "../../shared/contract/metrics.ts";
import { type Recorded, inputsOf } from "../harness/run-stack.ts";
import { PARTNER, runCustomer, runPartner } from "../harness/stacks.ts";

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title: string;
    readonly region: string;
    readonly stat: string;
    readonly period: number;
    readonly metrics: readonly (readonly unknown[])[];
  };
}

const dashboardOf = (resources: readonly Recorded[]) => {
  const { dashboardName, dashboardBody } = inputsOf(resources, "aws:cloudwatch/dashboard:Dashboard");
  return { name: dashboardName as string, ...(JSON.parse(dashboardBody as string) as { widgets: Widget[] }) };
};

const SEARCH = /^SEARCH\('\{(\w+),([\w,]+)\} MetricName="(\w+)"', '(\w+)', (\d+)\)$/;

/** `namespace metric dimension=value…`, or `metric by dimension,… statistic` of what the functions measure. */
function lineOf(line: readonly unknown[]): string {
  const [first, metric, ...dimensions] = line as readonly string[];
  if (typeof first === "string") {
    const pairs = dimensions.flatMap((name, index) => (index % 2 === 0 ? [`${name}=${dimensions[index + 1]}`] : []));
    return [first, metric, ...pairs].join(" ");
  }
  const { expression, label } = first as unknown as { readonly expression: string; readonly label: string };
  const [, namespace, by, name, statistic, period] = SEARCH.exec(expression) ?? [];
  expect({ namespace, label, period }, expression).to.deep.equal({
    namespace: METRICS_NAMESPACE,
    label: name,
    period: "300",
  });
  return `${name} by ${by} ${statistic}`;
}

/** Statistic and lines of each graph, by title. */
const shown = (widgets: readonly Widget[]) =>
  Object.fromEntries(
    widgets.map(({ properties: { title, stat, metrics } }) => [title, [stat, ...metrics.map(lineOf)]]),
  );

const each = (namespace: string, metrics: string, ...dimensions: readonly string[]): string[] =>
  metrics.split(" ").map((metric) => [namespace, metric, ...dimensions].join(" "));
/** Graphs that both sides have. */
const ofEitherSide = (handler: string, queues: readonly string[]) => {
  const of = [`FunctionName=${handler}`, `Resource=${handler}:live`];
  const ofQueues = (metric: string) => queues.map((queue) => `AWS/SQS ${metric} QueueName=${queue}`);
  return {
    "Rejected, by reason": ["Sum", "Rejected by customer,reason Sum"],
    Function: [
      "Sum",
      ...each("AWS/Lambda", "Invocations Errors Throttles AsyncEventsDropped DestinationDeliveryFailures", ...of),
    ],
    "Waiting for the function, milliseconds": ["Maximum", ...each("AWS/Lambda", "AsyncEventAge", ...of)],
    "Dead letters": ["Maximum", ...ofQueues("ApproximateNumberOfMessagesVisible")],
    "Age of the oldest dead letter, seconds": ["Maximum", ...ofQueues("ApproximateAgeOfOldestMessage")],
  };
};

const ANNOUNCED = ["Sum", ...["Announced", "Synced", "Ignored", "Failed"].map((name) => `${name} by customer Sum`)];
const EVENT_RULE = each(
  "AWS/Events",
  "TriggeredRules Invocations FailedInvocations InvocationsSentToDlq",
  "RuleName=iot-hooks-registry-1234567",
);
const TOPIC_RULE = each("AWS/IoT", "TopicMatch RuleMessageThrottled", `RuleName=iot_hooks_events_${PARTNER}_thing`);
const REGISTRY_LETTERS = "iot-hooks-registry-dead-letters-1234567";
const EVENTS_LETTERS = "iot-hooks-events-rules-dead-letters-1234567";
const ANNOUNCE_LETTERS = "iot-hooks-announce-dead-letters-1234567";
const ANNOUNCE = "iot-hooks-announce-1234567";

/** By what brings the events. */
const CUSTOMER_SHOWS = {
  CloudTrail: {
    "Events in": ["Sum", ...EVENT_RULE],
    Announced: ANNOUNCED,
    ...ofEitherSide(ANNOUNCE, [REGISTRY_LETTERS, ANNOUNCE_LETTERS]),
  },
  "AWS IoT's own events": {
    "Events in": ["Sum", ...TOPIC_RULE],
    Announced: ANNOUNCED,
    ...ofEitherSide(ANNOUNCE, [EVENTS_LETTERS, ANNOUNCE_LETTERS]),
  },
  both: {
    "Events in": ["Sum", ...EVENT_RULE, ...TOPIC_RULE],
    Announced: ANNOUNCED,
    ...ofEitherSide(ANNOUNCE, [REGISTRY_LETTERS, EVENTS_LETTERS, ANNOUNCE_LETTERS]),
  },
};

const PARTNER_SHOWS = {
  "Messages in": [
    "Sum",
    "AWS/IoT TopicMatch RuleName=iot_hooks_receive",
    "AWS/IoT Failure RuleName=iot_hooks_receive ActionType=Lambda",
    "AWS/IoT PublishIn.AuthError Protocol=HTTP",
    "AWS/IoT PublishIn.Throttle Protocol=HTTP",
  ],
  "Received, by customer": ["Sum", "Received by customer Sum"],
  "Applied, of that corrected by a reconciliation, duplicate, stale": [
    "Sum",
    ...["Applied", "Corrected", "Duplicate", "Stale"].map((name) => `${name} by customer Sum`),
  ],
  "Failed, and not published or not by the customer's role": [
    "Sum",
    ...["Failed", "DebugFailed", "SenderMismatch"].map((name) => `${name} by customer Sum`),
  ],
  "From the call to here, milliseconds": ["p90", "AgeMs by customer p90"],
  ...ofEitherSide("iot-hooks-receive-1234567", [
    "iot-hooks-receive-rule-dead-letters-1234567",
    "iot-hooks-receive-dead-letters-1234567",
  ]),
};

const customer = async (config: Record<string, string>, preview = false) =>
  dashboardOf((await runCustomer(config, { preview })).resources);
const partner = async (preview = false) =>
  dashboardOf((await runPartner({ "aws:region": "eu-west-1" }, { preview })).resources);

for (const preview of [false, true]) {
  describe(`dashboards (${preview ? "preview" : "up"})`, () => {
    it("are named after the function, since an account has one dashboard of a name in all Regions", async () => {
      expect((await customer({}, preview)).name).to.equal(ANNOUNCE);
      const { name, widgets } = await partner(preview);
      expect(name).to.equal("iot-hooks-receive-1234567");
      for (const { properties } of widgets) expect(properties.region).to.equal("eu-west-1");
    });

    it("show what each side's rule, function and queues do", async () => {
      expect(shown((await customer({}, preview)).widgets)).to.deep.equal(CUSTOMER_SHOWS.CloudTrail);
      expect(shown((await partner(preview)).widgets)).to.deep.equal(PARTNER_SHOWS);
    });
  });
}

describe("dashboards", () => {
  it("show the rules that bring the customer's events, where they aren't CloudTrail's alone", async () => {
    const [own, both] = [await customer({ trigger: "registry-events" }), await customer({ trigger: "both" })];
    expect(shown(own.widgets)).to.deep.equal(CUSTOMER_SHOWS["AWS IoT's own events"]);
    expect(shown(both.widgets)).to.deep.equal(CUSTOMER_SHOWS.both);
  });

  it("show all that the functions measure, and nothing that they don't", () => {
    const found = [...Object.values(CUSTOMER_SHOWS.both), ...Object.values(PARTNER_SHOWS)]
      .flat()
      .flatMap((line) => /^(\w+) by /.exec(line)?.[1] ?? []);
    expect(new Set(found)).to.deep.equal(new Set(Object.keys(METRICS)));
  });

  it("lay graphs of five minutes out in two columns, one beside the other", async () => {
    for (const { widgets } of [await customer({}), await partner()])
      expect(
        widgets.map(({ type, x, y, width, height, properties: { period } }) => [type, x, y, width, height, period]),
      ).to.deep.equal(widgets.map((_, index) => ["metric", (index % 2) * 12, Math.floor(index / 2) * 6, 12, 6, 300]));
  });
});
