// What the functions measure, as CloudWatch reads it out of the log.
import { expect } from "chai";
import { meter } from "../../shared/lambda/meter.ts";
import { setEnvironment } from "./aws-stub.ts";

describe("what came of an event", () => {
  const written: Record<string, unknown>[] = [];
  const { log, warn } = console;
  const warnings: unknown[] = [];
  let restore: () => void;
  beforeEach(() => {
    restore = setEnvironment({ POWERTOOLS_DEV: "true", POWERTOOLS_METRICS_DISABLED: "false" });
    written.length = 0;
    warnings.length = 0;
    console.warn = (...warning: unknown[]) => warnings.push(...warning);
    console.log = (line: string) => written.push(JSON.parse(line) as Record<string, unknown>);
  });
  afterEach(() => {
    Object.assign(console, { log, warn });
    restore();
  });

  const measured = () =>
    written.map(({ _aws, ...values }) => {
      const [{ Dimensions, Namespace }] = (_aws as { CloudWatchMetrics: [{ Dimensions: unknown; Namespace: string }] })
        .CloudWatchMetrics;
      return [Namespace, Dimensions, values];
    });

  it("is one line, which CloudWatch measures by customer, and what was rejected by reason too", () => {
    const measure = meter();
    measure({ outcome: "rejected", reason: "not JSON", about: undefined }, "111111111111", { Rejected: 1 });
    measure({ outcome: "failed", reason: "own code failed" }, "111111111111", { Failed: 1 });
    const customer = "111111111111";
    expect(warnings).to.deep.equal([]);
    expect(measured()).to.deep.equal([
      [
        "CrossAccountIotHooks",
        [["customer"], ["customer", "reason"]],
        { outcome: "rejected", customer, reason: "not JSON", Rejected: 1 },
      ],
      ["CrossAccountIotHooks", [["customer"]], { outcome: "failed", reason: "own code failed", customer, Failed: 1 }],
    ]);
  });

  it("is written of all customers together too where a reconciliation corrected something, for one alarm on all", () => {
    const measure = meter();
    const outcome = "applied";
    measure({ outcome }, "111111111111", { Applied: 1, Corrected: 1 });
    measure({ outcome }, "111111111111", { Applied: 1 });
    expect(measured().map(([, dimensions, values]) => [dimensions, values])).to.deep.equal([
      [[["customer"]], { outcome, customer: "111111111111", Applied: 1, Corrected: 1 }],
      [[[]], { Corrected: 1 }],
      [[["customer"]], { outcome, customer: "111111111111", Applied: 1 }],
    ]);
  });
});
