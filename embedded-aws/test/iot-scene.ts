// A partner's account for tests of topic rules: roles that rules may use, and stand-ins for the two services that
// rules call. What these two do with a call has tests of its own; here it counts who calls, and with what.
import { IAM } from "@aws-sdk/client-iam";
import { IoT, type Action, type TopicRulePayload } from "@aws-sdk/client-iot";
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { STS } from "@aws-sdk/client-sts";
import { REST_JSON } from "../core/common-errors.ts";
import type { Call, Service } from "../core/service.ts";
import { SERVICES } from "../services/index.ts";
import { subscribe, type Message } from "../services/iotdata.ts";
import { DEFAULT_REGION, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { arnOf, documentOf } from "./names.ts";

export const PLACE = { account: PARTNER, region: DEFAULT_REGION };
export const ruleArn = (name: string) => arnOf("iot", `rule/${name}`, PARTNER);
export const topicArn = (topic: string) => arnOf("iot", `topic/${topic}`, PARTNER);
export const FUNCTION = `arn:aws:lambda:${DEFAULT_REGION}:${PARTNER}:function:receive:live`;

export interface Asked {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly call: Call;
}

const REAL = ["iam", "iot", "iotdata", "sts"];

export class Scene {
  readonly running: RunningCloud;
  readonly asked: Asked[];
  readonly iot: IoT;
  readonly data: IoTDataPlane;
  readonly iam: IAM;

  private constructor(running: RunningCloud, asked: Asked[]) {
    this.running = running;
    this.asked = asked;
    this.iot = new IoT(running.config(PARTNER));
    this.data = new IoTDataPlane(running.config(PARTNER));
    this.iam = new IAM(running.config(PARTNER));
  }

  static async start(): Promise<Scene> {
    const asked: Asked[] = [];
    const standIn = (name: string, operation: string, action: string): Service => ({
      name,
      signingNames: [name],
      eventSource: `${name}.amazonaws.com`,
      model: () => Promise.reject(new Error("Nobody calls a stand-in over the wire.")),
      inputModel: new URL(`../services/constraints/${name}.json`, import.meta.url),
      errors: REST_JSON,
      operations: {
        [operation]: {
          authorize: (_input: unknown, { caller }: Call) =>
            caller.kind === "service" ? [] : { action, resource: "*" },
          run: (input: Readonly<Record<string, unknown>>, call: Call) => {
            asked.push({ operation, input, call });
            return {};
          },
        },
      },
    });
    const others = [
      standIn("lambda", "Invoke", "lambda:InvokeFunction"),
      standIn("sqs", "SendMessage", "sqs:SendMessage"),
    ];
    return new Scene(await startCloud([...SERVICES.filter(({ name }) => REAL.includes(name)), ...others]), asked);
  }

  async reset(): Promise<void> {
    await this.running.cloud.reset();
    this.asked.length = 0;
  }

  /** ARN of a role that IoT may assume for any rule of the account, and that may do `action` on `resource`. */
  async role(
    name: string,
    action: string,
    resource: string | string[],
    service = "iot.amazonaws.com",
  ): Promise<string> {
    const trust = {
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": PARTNER }, ArnLike: { "aws:SourceArn": ruleArn("*") } },
    };
    const { Role } = await this.iam.createRole({ RoleName: name, AssumeRolePolicyDocument: documentOf(trust) });
    await this.allow(name, action, resource);
    return Role?.Arn ?? "";
  }

  async allow(role: string, action: string | string[], resource: string | string[]): Promise<void> {
    const PolicyDocument = documentOf({ Effect: "Allow", Action: action, Resource: resource });
    await this.iam.putRolePolicy({ RoleName: role, PolicyName: "allow", PolicyDocument });
  }

  rule(ruleName: string, sql: string, actions: Action[], more: Partial<TopicRulePayload> = {}) {
    return this.iot.createTopicRule({
      ruleName,
      topicRulePayload: { sql, actions, awsIotSqlVersion: "2016-03-23", ...more },
    });
  }

  /** Publishes, and waits until all that follows from it is done. */
  async publish(topic: string, payload: unknown): Promise<void> {
    await this.data.publish({ topic, payload: Buffer.from(JSON.stringify(payload)) });
    await this.running.cloud.settled();
  }

  /** What arrives on topics from now on. */
  hear(filter: string): { messages: Message[]; json: () => { topic: string; payload: unknown }[]; stop: () => void } {
    const messages: Message[] = [];
    const stop = subscribe(this.running.cloud, PLACE, filter, (message) => messages.push(message));
    const json = () =>
      messages.map(({ topic, payload }) => ({
        topic,
        payload: JSON.parse(Buffer.from(payload).toString()) as unknown,
      }));
    return { messages, json, stop };
  }

  /** Clients with the session of a role in the partner's account that its administrator may assume. */
  async session(name: string, action: string | string[], resource: string | string[]) {
    const trust = { Effect: "Allow", Principal: { AWS: PARTNER }, Action: "sts:AssumeRole" };
    const { Role } = await this.iam.createRole({ RoleName: name, AssumeRolePolicyDocument: documentOf(trust) });
    await this.allow(name, action, resource);
    const sessions = new STS(this.running.config(PARTNER));
    const { Credentials, AssumedRoleUser } = await sessions.assumeRole({
      RoleArn: Role?.Arn,
      RoleSessionName: "tester",
    });
    const config = this.running.config({
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    });
    return { iot: new IoT(config), data: new IoTDataPlane(config), id: AssumedRoleUser?.AssumedRoleId ?? "" };
  }

  effects(name: string) {
    return this.running.cloud.trace.since().filter((entry) => entry.kind === "effect" && entry.name === name);
  }
}
