// What Lambda answered on AWS, recorded by another project's tests. What those only assert, or did without recording,
// is marked.
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { CUSTOMER } from "./cloud.ts";
import { failure } from "./failure.ts";
import { LambdaScene } from "./lambda-scene.ts";

const ARN = `arn:aws:lambda:us-east-1:${CUSTOMER}:function:fn`;
const NOTHING = "exports.handler = async () => {};";

describe("what Lambda answers", () => {
  let scene: LambdaScene;
  let lambda: Lambda;
  before(async () => {
    scene = await LambdaScene.start();
  });
  beforeEach(async () => {
    await scene.reset();
    ({ lambda } = scene);
  });
  after(() => scene.running.endpoint.close());

  const permission = { StatementId: "s", Action: "lambda:InvokeFunction", Principal: "events.amazonaws.com" };
  const only =
    "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation.";
  const REFUSED: [what: string, call: (lambda: Lambda) => Promise<unknown>, error: string][] = [
    [
      "a function of another Region",
      (it) => it.getFunction({ FunctionName: ARN.replace("us-east-1", "eu-west-1") }),
      "ResourceNotFoundException: Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
    ],
    [
      "a function with a name of 65 characters",
      (it) => it.invoke({ FunctionName: "a".repeat(65) }),
      `ResourceNotFoundException: Function not found: ${ARN.replace(/fn$/, "a".repeat(65))}`,
    ],
    [
      "reserved concurrency of a version",
      (it) => it.putFunctionConcurrency({ FunctionName: "fn:$LATEST", ReservedConcurrentExecutions: 1 }),
      `InvalidParameterValueException: ${only} Please specify either a function name or an unqualified function ARN.`,
    ],
    [
      "reserved concurrency of a function that isn't there",
      (it) => it.putFunctionConcurrency({ FunctionName: "no", ReservedConcurrentExecutions: 1 }),
      `ResourceNotFoundException: Function not found: ${ARN.replace(/fn$/, "no")}:$LATEST`,
    ],
    [
      "an event invoke configuration without any setting",
      (it) => it.putFunctionEventInvokeConfig({ FunctionName: "fn" }),
      "InvalidParameterValueException: You must specify at least one of error handling or destination setting.",
    ],
    [
      "an event invoke configuration of an alias that isn't there",
      (it) => it.putFunctionEventInvokeConfig({ FunctionName: "fn:no", MaximumRetryAttempts: 1 }),
      "ResourceNotFoundException: The function doesn't exist.",
    ],
    [
      "reading one of a function that isn't there",
      (it) => it.getFunctionEventInvokeConfig({ FunctionName: "no" }),
      `ResourceNotFoundException: The function ${ARN.replace(/fn$/, "no")}:$LATEST doesn't have an EventInvokeConfig`,
    ],
    [
      "tagging with nothing",
      (it) => it.tagResource({ Resource: ARN, Tags: {} }),
      "InvalidParameterValueException: An error occurred and the request cannot be processed.",
    ],
    [
      "tags of a version",
      (it) => it.tagResource({ Resource: `${ARN}:1`, Tags: { a: "b" } }),
      "InvalidParameterValueException: Tags on function aliases and versions are not supported. Please " +
        "specify a function ARN.",
    ],
    [
      "51 tags",
      (it) =>
        it.tagResource({ Resource: ARN, Tags: Object.fromEntries([...Array(51).keys()].map((n) => [`k${n}`, ""])) }),
      "InvalidParameterValueException: Number of tags exceeds resource tag limit.",
    ],
    [
      "deleting $LATEST, even of a function that isn't there",
      (it) => it.deleteFunction({ FunctionName: "no:$LATEST" }),
      "InvalidParameterValueException: $LATEST version cannot be deleted without deleting the function.",
    ],
    [
      "a permission of an alias that isn't there",
      (it) => it.addPermission({ FunctionName: "fn:no", ...permission }),
      `ResourceNotFoundException: Cannot find alias arn: ${ARN}:no`,
    ],
    [
      "a permission of a version that isn't there",
      (it) => it.addPermission({ FunctionName: "fn:42", ...permission }),
      `ResourceNotFoundException: Function not found: ${ARN}:42`,
    ],
    [
      "removing a permission where there is no policy",
      (it) => it.removePermission({ FunctionName: "fn", StatementId: "s" }),
      "ResourceNotFoundException: No policy is associated with the given resource.",
    ],
    [
      "removing a permission of a function that isn't there",
      (it) => it.removePermission({ FunctionName: "no", StatementId: "s" }),
      `ResourceNotFoundException: No policy found for: ${ARN.replace(/fn$/, "no")}`,
    ],
    [
      "updating an alias that isn't there",
      (it) => it.updateAlias({ FunctionName: "fn", Name: "no", Description: "d" }),
      `ResourceNotFoundException: Alias not found: ${ARN}:no`,
    ],
    // Not AWS's: it would run the wrapper.
    [
      "a wrapper around the runtime",
      (it) => {
        const Environment = { Variables: { AWS_LAMBDA_EXEC_WRAPPER: "/opt/wrapper" } };
        return it.updateFunctionConfiguration({ FunctionName: "fn", Environment });
      },
      "NotModelledHere: The environment variable AWS_LAMBDA_EXEC_WRAPPER of a function is not modelled by " +
        "this embedded AWS, so it refuses instead of guessing. embedded-aws/README.md lists what is.",
    ],
  ];
  for (const [what, call, error] of REFUSED)
    it(`refuses ${what}`, async () => {
      await scene.make(NOTHING);
      expect(await failure(call(lambda))).to.equal(error);
    });

  it("makes no function in another Region, and none with a name of 65 characters", async () => {
    const asked = { Role: "", Code: { ZipFile: new Uint8Array([1]) }, Runtime: "nodejs24.x", Handler: "i.h" } as const;
    const Role = (await scene.make(NOTHING)).Role ?? "";
    const elsewhere = lambda.createFunction({ ...asked, Role, FunctionName: ARN.replace("us-east-1", "eu-west-1") });
    expect(await failure(elsewhere)).to.match(/^ResourceNotFoundException: Functions from 'eu-west-1' are not/);
    expect(await failure(lambda.createFunction({ ...asked, Role, FunctionName: "a".repeat(65) }))).to.match(
      /^InvalidParameterValueException: 1 validation error detected: Value 'a{65}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64$/,
    );
  });

  it("answers 204 to a deletion, also of a version that isn't there (done there, not recorded)", async () => {
    await scene.make(NOTHING);
    for (const FunctionName of ["fn:1233", "fn"]) {
      const { $metadata, StatusCode } = await lambda.deleteFunction({ FunctionName });
      expect([$metadata.httpStatusCode, StatusCode]).to.deep.equal([204, 204]);
    }
  });

  it("makes a new version after a change of the description alone, and none after no change", async () => {
    await scene.make(NOTHING);
    const publish = async () => (await lambda.publishVersion({ FunctionName: "fn", Description: "d" })).Version;
    const versions = [await publish(), await publish()];
    await lambda.updateFunctionConfiguration({ FunctionName: "fn", Description: "other" });
    expect([...versions, await publish(), await publish()]).to.deep.equal(["1", "1", "2", "2"]);
  });

  it("shows a function that is created and published by its version and its unqualified ARN", async () => {
    expect(await scene.make(NOTHING, { Publish: true })).to.include({ Version: "1", FunctionArn: ARN });
  });

  it(
    "shows the runtime's version and an empty environment, in listings neither state nor runtime's " + "version",
    async () => {
      await scene.make(NOTHING, { Environment: { Variables: {} } });
      const shown = await lambda.getFunctionConfiguration({ FunctionName: "fn" });
      expect(shown.RuntimeVersionConfig?.RuntimeVersionArn).to.match(
        /^arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}$/,
      );
      expect(shown.Environment).to.deep.equal({ Variables: {} });
      const { Functions = [] } = await lambda.listFunctions({});
      expect(Functions[0]).not.to.have.any.keys("State", "LastUpdateStatus", "RuntimeVersionConfig");
    },
  );

  it("keeps the lines of two environments that start at the same time without a log group", async () => {
    await scene.make(
      "exports.handler = (e) => new Promise((go) => { console.log('line', e.n); setTimeout(go, 300); });",
    );
    await Promise.all([scene.invoke({ n: 1 }), scene.invoke({ n: 2 })]);
    const lines = (await scene.messages()).filter((text) => text.includes("line "));
    expect(lines).to.have.length(2);
    expect(scene.effects("NotLogged")).to.have.length(0);
  });

  it("makes a log group anew that was deleted under a warm environment (seen there, not confirmed)", async () => {
    await scene.make("exports.handler = async (e) => { console.log('line', e.n); };");
    await scene.invoke({ n: 1 });
    await scene.running.cloud.settled();
    await new CloudWatchLogs(scene.running.config(CUSTOMER)).deleteLogGroup({ logGroupName: "/aws/lambda/fn" });
    await scene.invoke({ n: 2 });
    expect((await scene.messages()).filter((text) => text.includes("line 2"))).to.have.length(1);
  });

  it("counts an event as dropped that goes to a destination («Types of metrics for Lambda functions»)", async () => {
    const sqs = new SQS(scene.running.config(CUSTOMER));
    await sqs.createQueue({ QueueName: "dead" });
    await scene.make("exports.handler = async () => { throw new Error('never'); };", {}, ["sqs:SendMessage"]);
    await lambda.putFunctionEventInvokeConfig({
      FunctionName: "fn",
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: `arn:aws:sqs:us-east-1:${CUSTOMER}:dead` } },
    });
    await scene.invoke({}, { InvocationType: "Event" });
    await scene.running.cloud.settled();
    expect(scene.effects("DestinationDelivered")).to.have.length(1);
    expect(scene.effects("EventDropped")).to.have.length(0);
    expect(scene.sum("AsyncEventsDropped")).to.equal(1);
  });
});
