// A function "fn" in the customer's account for the tests of Lambda, and what is seen of it.
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { Lambda } from "@aws-sdk/client-lambda";
import { METRICS } from "../core/metrics.ts";
import type { TraceEntry } from "../core/trace.ts";
import { CUSTOMER, DEFAULT_REGION, startCloud, type RunningCloud } from "./cloud.ts";
import { createFunction, createRole, read } from "./functions.ts";

const LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

export class LambdaScene {
  readonly running: RunningCloud;
  lambda: Lambda;

  constructor(running: RunningCloud) {
    this.running = running;
    this.lambda = new Lambda(running.config(CUSTOMER));
  }

  static async start(): Promise<LambdaScene> {
    return new LambdaScene(await startCloud());
  }

  async reset(): Promise<void> {
    await this.running.cloud.reset();
    this.lambda = new Lambda(this.running.config(CUSTOMER));
  }

  /** Creates the function from the text of its index.js, with a role that may do what is said. */
  async make(code: string, more: object = {}, actions: readonly string[] = LOGS) {
    const Role = await createRole(this.running, CUSTOMER, "fn", actions);
    return createFunction(this.running, CUSTOMER, "fn", code, { Role, ...more });
  }

  async invoke(event: unknown = {}, more: object = {}) {
    const answer = await this.lambda.invoke({ FunctionName: "fn", Payload: JSON.stringify(event), ...more });
    return { ...answer, value: read(answer.Payload) };
  }

  async messages(logGroupName = "/aws/lambda/fn"): Promise<string[]> {
    await this.running.cloud.settled();
    const { events = [] } = await new CloudWatchLogs(this.running.config(CUSTOMER)).filterLogEvents({ logGroupName });
    return events.map(({ message = "" }) => message);
  }

  effects(name: string): TraceEntry[] {
    return this.running.cloud.trace.since().filter((entry) => entry.name === name);
  }

  /** The sum of one of the function's own metrics. */
  sum(metric: string): number {
    return [...this.running.cloud.state(METRICS, { account: CUSTOMER, region: DEFAULT_REGION }).values()]
      .filter(
        ({ name, dimensions }) => name === metric && dimensions["FunctionName"] === "fn" && !dimensions["Resource"],
      )
      .flatMap(({ datapoints }) => datapoints)
      .reduce((total, point) => total + point.sum, 0);
  }
}
