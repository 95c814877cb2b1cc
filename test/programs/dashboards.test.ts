// What the dashboards draw: what the functions measure by those names, and what AWS measures of each part.
import { expect } from "chai";
import { METRICS, METRICS_NAMESPACE } from "../../shared/contract/metrics.ts";
import { type Recorded, inputsOf } from "../harness/run-stack.ts";
import { runCustomer, runPartner } from "../harness/stacks.ts";

interface Widget {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly title: string; readonly region: string; readonly metrics: unknown[][] };
}
const dashboardOf = (resources: readonly Recorded[]) => {
  const { dashboardName, dashboardBody } = inputsOf(resources, "aws:cloudwatch/dashboard:Dashboard");
  return { name: dashboardName as string, ...(JSON.parse(dashboardBody as string) as { widgets: Widget[] }) };
};
const metricsOf = (widgets: readonly Widget[]) => widgets.flatMap(({ properties }) => properties.metrics);
/** Names of the functions' own metrics. */
const searched = (widgets: readonly Widget[]) =>
  metricsOf(widgets).flatMap(([first]) => {
    const { expression = "" } = (typeof first === "object" ? first : {}) as { expression?: string };
    const [, namespace, name] = /^SEARCH\('\{(\w+),[\w,]+\} MetricName="(\w+)"', '\w+', 300\)$/.exec(expression) ?? [];
    if (namespace !== undefined) expect(namespace).to.equal(METRICS_NAMESPACE);
    return name === undefined ? [] : [name];
  });

for (const preview of [false, true]) {
  describe(`dashboards (${preview ? "preview" : "up"})`, () => {
    const sides = async () => ({
      customer: dashboardOf((await runCustomer({}, { preview })).resources),
      partner: dashboardOf((await runPartner({ "aws:region": "eu-west-1" }, { preview })).resources),
    });

    it("are named after the function, since an account has one dashboard of a name in all Regions", async () => {
      const { customer, partner } = await sides();
      expect(customer.name).to.equal("iot-hooks-announce-1234567");
      expect(partner.name).to.equal("iot-hooks-receive-1234567");
      for (const { properties } of partner.widgets) expect(properties.region).to.equal("eu-west-1");
    });

    it("draw each thing that the functions measure, on the side that measures it", async () => {
      const { customer, partner } = await sides();
      const all = new Set([...searched(customer.widgets), ...searched(partner.widgets)]);
      expect(all).to.deep.equal(new Set(Object.keys(METRICS)));
      expect(searched(customer.widgets)).to.include.members(["Announced", "Ignored", "Rejected", "Failed"]);
      expect(searched(partner.widgets)).to.include.members(["Received", "Applied", "Duplicate", "Stale", "AgeMs"]);
    });

    it("find what the functions measure by customer, and what they rejected by reason too", async () => {
      const { customer, partner } = await sides();
      for (const { widgets } of [customer, partner]) {
        const dimensions = (name: string) =>
          metricsOf(widgets).flatMap(([first]) => {
            const { expression = "" } = first as { expression?: string };
            return expression.includes(`MetricName="${name}"`)
              ? [/^SEARCH\('\{\w+,([\w,]+)\}/.exec(expression)?.[1]]
              : [];
          });
        expect(dimensions("Rejected")).to.deep.equal(["customer,reason"]);
        expect(dimensions("Failed")).to.deep.equal(["customer"]);
      }
    });

    it("draw queues, functions and rules by the names that they have", async () => {
      const { customer, partner } = await sides();
      expect(metricsOf(customer.widgets)).to.deep.include.members([
        ["AWS/Events", "FailedInvocations", "RuleName", "iot-hooks-registry-1234567"],
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "iot-hooks-announce-dead-letters-1234567"],
      ]);
      expect(metricsOf(partner.widgets)).to.deep.include.members([
        ["AWS/IoT", "TopicMatch", "RuleName", "iot_hooks_receive"],
        [
          ...["AWS/Lambda", "AsyncEventAge", "FunctionName", "iot-hooks-receive-1234567"],
          ...["Resource", "iot-hooks-receive-1234567:live"],
        ],
      ]);
    });

    it("lay their graphs side by side, none over another", async () => {
      const { customer, partner } = await sides();
      for (const { widgets } of [customer, partner]) {
        const places = widgets.map(({ x, y }) => `${x} ${y}`);
        expect(new Set(places)).to.have.lengthOf(widgets.length);
        for (const { x, y, width, height } of widgets)
          expect([x % width, y % height, x + width <= 24]).to.deep.equal([0, 0, true]);
      }
    });
  });
}
