import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { zipSync } from "fflate";
import { HISTORY } from "../services/cloudtrail/state.ts";
import { DEFAULT_REGION, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { documentOf } from "./names.ts";

const RULE = `arn:aws:iot:us-east-1:${PARTNER}:rule/hooks`;
const QUEUE = `arn:aws:sqs:us-east-1:${PARTNER}:failed`;
const trusting = (service: string) =>
  documentOf({ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" });

interface Session {
  readonly credentials: { readonly accessKeyId: string };
}
const isOfRule = (asked: unknown) => (asked as { roleSessionName?: string }).roleSessionName === "rule-hooks";

describe("IoT of the embedded AWS: actions of rules, at the services themselves", () => {
  let running: RunningCloud;
  let iam: IAM;
  let iot: IoT;
  let lambda: Lambda;
  let sqs: SQS;
  before(async () => {
    running = await startCloud();
    const config = running.config(PARTNER);
    iam = new IAM(config);
    iot = new IoT(config);
    lambda = new Lambda(config);
    sqs = new SQS(config);
  });
  beforeEach(() => running.cloud.reset());
  after(() => running.endpoint.close());

  const role = async (RoleName: string, service: string) =>
    (await iam.createRole({ RoleName, AssumeRolePolicyDocument: trusting(service) })).Role?.Arn ?? "";
  const failures = () =>
    running.cloud.trace.since().filter(({ name }) => name === "RuleActionFailed" || name === "ErrorActionFailed");
  const publish = async () => {
    await new IoTDataPlane(running.config(PARTNER)).publish({ topic: "hooks/a", payload: Buffer.from('{"n":1}') });
    await running.cloud.settled();
  };
  /** A rule that invokes a function; what fails goes to a queue. */
  const deploy = async () => {
    const code = 'exports.handler = async () => "done";';
    const { FunctionArn = "" } = await lambda.createFunction({
      FunctionName: "receive",
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: await role("receive", "lambda.amazonaws.com"),
      Code: { ZipFile: zipSync({ "index.js": Buffer.from(code) }) },
    });
    const { QueueUrl: queueUrl = "" } = await sqs.createQueue({ QueueName: "failed" });
    const roleArn = await role("errors", "iot.amazonaws.com");
    await iot.createTopicRule({
      ruleName: "hooks",
      topicRulePayload: {
        sql: "SELECT * FROM 'hooks/+'",
        awsIotSqlVersion: "2016-03-23",
        actions: [{ lambda: { functionArn: FunctionArn } }],
        errorAction: { sqs: { roleArn, queueUrl } },
      },
    });
    return { queueUrl, FunctionArn };
  };
  const permit = (SourceArn: string) =>
    lambda.addPermission({
      FunctionName: "receive",
      StatementId: "rule",
      Action: "lambda:InvokeFunction",
      Principal: "iot.amazonaws.com",
      SourceArn,
      SourceAccount: PARTNER,
    });

  it("invoke a function whose policy lets this rule", async () => {
    await deploy();
    await permit(RULE);
    await publish();
    expect(failures()).to.deep.equal([]);
    const invoked = running.cloud.trace.since().find(({ name }) => name === "Invoke");
    expect(invoked).to.include({ principal: "iot.amazonaws.com", outcome: "ok" });
  });

  for (const [what, permission] of Object.entries({
    "has no policy": undefined,
    "lets another rule": RULE.replace("hooks", "other"),
  }))
    it(
      `say that the function's side is missing when the function ${what}, and send the message to the error ` +
        "action",
      async () => {
        const { queueUrl, FunctionArn } = await deploy();
        const send = documentOf({ Effect: "Allow", Action: "sqs:SendMessage", Resource: QUEUE });
        await iam.putRolePolicy({ RoleName: "errors", PolicyName: "send", PolicyDocument: send });
        if (permission) await permit(permission);
        await publish();
        expect(failures().map(({ error }) => error?.message)).to.deep.equal([
          "User: iot.amazonaws.com is not authorized to perform: lambda:InvokeFunction on resource: " +
            `${FunctionArn} because no resource-based policy allows the lambda:InvokeFunction action`,
        ]);
        const { Messages = [] } = await sqs.receiveMessage({ QueueUrl: queueUrl });
        const report = JSON.parse(Messages[0]?.Body ?? "{}") as { failures: { failedResource: string }[] };
        expect(report).to.include({
          ruleName: "hooks",
          base64OriginalPayload: Buffer.from('{"n":1}').toString("base64"),
        });
        expect(report.failures[0]?.failedResource).to.equal(FunctionArn);
      },
    );

  it("keep no keys of the sessions that they make: a message more would be a session more", async () => {
    await deploy();
    await publish();
    const { records } = running.cloud.state(HISTORY, { account: PARTNER, region: DEFAULT_REGION });
    const keys = records
      .filter(({ eventName, requestParameters: asked }) => eventName === "AssumeRole" && isOfRule(asked))
      .map(({ responseElements }) => (responseElements as Session).credentials.accessKeyId);
    expect(keys.map((key) => [key.slice(0, 4), running.cloud.identities.credential(key)])).to.deep.equal(
      keys.map(() => ["ASIA", undefined]),
    );
    expect(keys).to.have.length(2); // one to try the role when the rule was made, one for the message
  });

  it("say that the role's side is missing when the role may not send", async () => {
    const { queueUrl } = await deploy();
    await publish();
    expect(failures().map(({ name }) => name)).to.deep.equal(["RuleActionFailed", "ErrorActionFailed"]);
    expect(failures()[1]?.error?.message).to.match(
      /assumed-role\/errors\/.* is not authorized to perform: sqs:SendMessage/,
    );
    expect((await sqs.receiveMessage({ QueueUrl: queueUrl })).Messages ?? []).to.deep.equal([]);
  });
});
