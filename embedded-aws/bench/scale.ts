// What doesn't grow with the number of things and rules, and what does. The cloud is in this process, so that many
// things are made in little time.
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { DEFAULT_REGION } from "../core/accounts.ts";
import { EmbeddedAws } from "../core/cloud.ts";
import { listen } from "../core/endpoint.ts";
import { SERVICES } from "../services/index.ts";
import { CUSTOMER, PARTNER } from "../test/cloud.ts";
import { milliseconds, quantile, row } from "./table.ts";

/** Milliseconds of a call: the median, after as many calls to warm up. */
export async function timeOf(count: number, call: (index: number) => Promise<unknown>): Promise<number> {
  for (let index = 0; index < count; index++) await call(index);
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const began = performance.now();
    await call(index);
    times.push(performance.now() - began);
  }
  return quantile(times, 0.5);
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

export async function scale(): Promise<void> {
  const cloud = new EmbeddedAws(SERVICES);
  const endpoint = await listen(cloud);
  await manyThings(cloud);
  await cloud.reset();
  await manyRules(cloud);
  await endpoint.close();
}

const clientOf = (cloud: EmbeddedAws, account: string) => ({
  endpoint: cloud.endpoint,
  region: DEFAULT_REGION,
  credentials: cloud.administrator(account),
});

async function manyThings(cloud: EmbeddedAws): Promise<void> {
  const iot = new IoT(clientOf(cloud, CUSTOMER));
  const { caller } = cloud.administrator(CUSTOMER);
  let made = 0;
  const makeUpTo = async (count: number) => {
    for (; made < count; made++) {
      const input = { thingName: `many-${made}` };
      const call = { service: "iot", operation: "CreateThing", input, caller };
      await cloud.call({ ...call, account: CUSTOMER, region: DEFAULT_REGION });
    }
  };
  const describing = () => timeOf(1000, (index) => iot.describeThing({ thingName: `many-${(index * 331) % made}` }));
  // By then the trace and the event history are full: what is added from here on are things.
  await makeUpTo(50_000);
  const half = heap();
  await makeUpTo(100_000);
  const perThing = (heap() - half) / 50_000;
  const many = await describing();
  // Afterwards, so that both find the same code warm.
  await cloud.reset();
  made = 0;
  await makeUpTo(10);
  const few = await describing();
  row(
    "DescribeThing with 10 and with 100,000 things",
    `${milliseconds(few)}, ${milliseconds(many)}: x${(many / few).toFixed(2)}`,
  );
  row("  memory of a thing in the registry", `${perThing.toFixed(0)} bytes`);
}

async function manyRules(cloud: EmbeddedAws): Promise<void> {
  const partner = new IoT(clientOf(cloud, PARTNER));
  const data = new IoTDataPlane(clientOf(cloud, PARTNER));
  const trust = { Effect: "Allow", Principal: { Service: "iot.amazonaws.com" }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  const { Role } = await new IAM(clientOf(cloud, PARTNER)).createRole({ RoleName: "bench", AssumeRolePolicyDocument });
  const results: string[] = [];
  let made = 0;
  let first = 0;
  for (const rules of [1, 10, 100, 1000]) {
    for (; made < rules; made++) {
      const sql = `SELECT * FROM 'bench/${made}/+'`;
      const sqs = { roleArn: Role?.Arn, queueUrl: `${cloud.endpoint}/${PARTNER}/never` };
      await partner.createTopicRule({
        ruleName: `bench_${made}`,
        topicRulePayload: { sql, awsIotSqlVersion: "2016-03-23", actions: [{ sqs }] },
      });
    }
    const taken = await timeOf(1000, () => data.publish({ topic: "bench/none/x", payload: Buffer.from("{}") }));
    first ||= taken;
    results.push(`${rules}: ${milliseconds(taken)} (x${(taken / first).toFixed(2)})`);
  }
  row("Publish beside rules that don't match", results.join(", "));
}
