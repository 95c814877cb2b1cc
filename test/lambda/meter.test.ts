// What the functions measure, as CloudWatch reads it out of the log.
import { expect } from "chai";
import { meter } from "../../shared/lambda/meter.ts";
import { setEnvironment } from "./aws-stub.ts";

describe("what the functions measure", () => {
  const written: Record<string, unknown>[] = [];
  const write = console.log.bind(console);
  let restore: () => void;
  beforeEach(() => {
    restore = setEnvironment({ POWERTOOLS_DEV: "true", POWERTOOLS_METRICS_DISABLED: "false" });
    written.length = 0;
    console.log = (line: string) => written.push(JSON.parse(line) as Record<string, unknown>);
  });
  afterEach(() => {
    console.log = write;
    restore();
  });

  const measured = () =>
    written.map(({ _aws, ...values }) => {
      const [{ Dimensions, Namespace }] = (_aws as { CloudWatchMetrics: [{ Dimensions: unknown; Namespace: string }] })
        .CloudWatchMetrics;
      return [Namespace, Dimensions, values];
    });

  it("is written by customer, and by reason once more where there is one", () => {
    meter()("111111111111", { Rejected: 1 }, "not JSON");
    expect(measured()).to.deep.equal([
      ["CrossAccountIotHooks", [["customer"]], { customer: "111111111111", Rejected: 1 }],
      ["CrossAccountIotHooks", [["customer", "reason"]], { customer: "111111111111", reason: "not JSON", Rejected: 1 }],
    ]);
  });

  it("is written of all customers together too where a reconciliation corrected something, for one alarm on all", () => {
    const measure = meter();
    measure("111111111111", { Applied: 1, Corrected: 1 });
    measure("111111111111", { Applied: 1 });
    expect(measured().map(([, dimensions, values]) => [dimensions, values])).to.deep.equal([
      [[["customer"]], { customer: "111111111111", Applied: 1, Corrected: 1 }],
      [[[]], { Corrected: 1 }],
      [[["customer"]], { customer: "111111111111", Applied: 1 }],
    ]);
  });
});
