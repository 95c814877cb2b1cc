import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { availableParallelism } from "node:os";
import { METRICS } from "../../local/core/metrics.ts";
import { CUSTOMER, DEFAULT_REGION, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";
import { createFunction, createRole, read, zip } from "./functions.ts";

const LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];
const WHO = `const { STS } = require("${import.meta.dirname}/../../node_modules/@aws-sdk/client-sts");`;

describe("Lambda of the embedded AWS", () => {
  let running: RunningCloud;
  let lambda: Lambda;
  before(async () => {
    running = await startCloud();
  });
  beforeEach(async () => {
    await running.cloud.reset();
    lambda = new Lambda(running.config(CUSTOMER));
  });
  after(() => running.endpoint.close());

  const make = async (code: string, more: object = {}, actions: readonly string[] = LOGS) =>
    createFunction(running, CUSTOMER, "fn", code, {
      Role: await createRole(running, CUSTOMER, "fn", actions),
      ...more,
    });
  const invoke = async (event: unknown = {}, more: object = {}) => {
    const answer = await lambda.invoke({ FunctionName: "fn", Payload: JSON.stringify(event), ...more });
    return { ...answer, value: read(answer.Payload) };
  };
  const messages = async (logGroupName = "/aws/lambda/fn") => {
    await running.cloud.settled();
    const { events = [] } = await new CloudWatchLogs(running.config(CUSTOMER)).filterLogEvents({ logGroupName });
    return events.map(({ message = "" }) => message);
  };
  const effects = (name: string) => running.cloud.trace.since().filter((entry) => entry.name === name);
  const sum = (metric: string) =>
    [...running.cloud.state(METRICS, { account: CUSTOMER, region: DEFAULT_REGION }).values()]
      .filter(
        ({ name, dimensions }) => name === metric && dimensions["FunctionName"] === "fn" && !dimensions["Resource"],
      )
      .flatMap(({ datapoints }) => datapoints)
      .reduce((total, point) => total + point.sum, 0);

  describe("running a function", () => {
    it("answers with what the handler returns", async () => {
      await make("exports.handler = async (event) => ({ got: event });");
      const { value, StatusCode, ExecutedVersion, FunctionError } = await invoke({ a: 1 });
      expect([value, StatusCode, ExecutedVersion, FunctionError]).to.deep.equal([
        { got: { a: 1 } },
        200,
        "$LATEST",
        undefined,
      ]);
    });

    it("runs a function whose name is one letter, although a session's name has two", async () => {
      await createFunction(
        running,
        CUSTOMER,
        "f",
        `${WHO} exports.handler = async () => (await new STS().getCallerIdentity({})).Arn;`,
        {
          Role: await createRole(running, CUSTOMER, "fn"),
          Timeout: 10,
        },
      );
      const { value } = await invoke({}, { FunctionName: "f" });
      expect(value).to.equal(`arn:aws:sts::${CUSTOMER}:assumed-role/fn/f_`);
    });

    it("loads ECMAScript modules and handlers in folders", async () => {
      await make("", {
        Handler: "src/app.run",
        Code: { ZipFile: zip({ "src/app.mjs": "export const run = async () => 'esm';" }) },
      });
      expect((await invoke()).value).to.equal("esm");
    });

    it("gives the handler AWS's context", async () => {
      await make(
        "exports.handler = async (_, c) => ({ name: c.functionName, version: c.functionVersion, arn: c.invokedFunctionArn, memory: c.memoryLimitInMB, left: c.getRemainingTimeInMillis() <= 3000, stream: c.logStreamName.includes('[$LATEST]') });",
      );
      expect((await invoke()).value).to.deep.equal({
        name: "fn",
        version: "$LATEST",
        arn: `arn:aws:lambda:us-east-1:${CUSTOMER}:function:fn`,
        memory: "128",
        left: true,
        stream: true,
      });
    });

    it("builds the environment from scratch: nothing of the machine's own gets in", async () => {
      await make("exports.handler = async () => process.env;", { Environment: { Variables: { MINE: "yes" } } });
      const env = (await invoke()).value as Record<string, string>;
      expect(env).to.include({
        MINE: "yes",
        AWS_REGION: "us-east-1",
        AWS_ENDPOINT_URL: running.endpoint.url,
        _HANDLER: "index.handler",
      });
      const foreign = Object.keys(process.env).filter(
        (key) => key in env && !["PATH", "HOME", "LANG", "TZ", "TMPDIR", "PWD", "_", "SHLVL", "OLDPWD"].includes(key),
      );
      expect(foreign).to.deep.equal([]);
      expect(env["HOME"]).to.not.equal(process.env["HOME"]);
    });

    it("runs as a session of the execution role, and its calls are tied to the invocation in the trace", async () => {
      await make(`${WHO} exports.handler = async () => (await new STS().getCallerIdentity({})).Arn;`, { Timeout: 10 });
      expect((await invoke()).value).to.equal(`arn:aws:sts::${CUSTOMER}:assumed-role/fn/fn`);
      const [ran] = effects("FunctionRan");
      const [asked] = effects("GetCallerIdentity");
      expect([asked?.traceId, asked?.parentId]).to.deep.equal([ran?.traceId, ran?.spanId]);
    });

    it("gets calls through, with new keys, after the clock was advanced by hours", async () => {
      await make(`${WHO} exports.handler = async () => (await new STS().getCallerIdentity({})).Account;`, {
        Timeout: 10,
      });
      await invoke();
      await running.cloud.advance(2 * 3_600_000);
      lambda = new Lambda({ ...running.config(CUSTOMER), systemClockOffset: 2 * 3_600_000 });
      expect((await invoke()).value).to.equal(CUSTOMER);
    });

    it("uses a warm environment again, and a new one after an update", async () => {
      await make("let n = 0; exports.handler = async () => ++n;");
      expect([(await invoke()).value, (await invoke()).value]).to.deep.equal([1, 2]);
      await lambda.updateFunctionConfiguration({ FunctionName: "fn", Description: "changed" });
      expect((await invoke()).value).to.equal(1);
    });

    it("runs events side by side in environments of their own", async () => {
      await make(
        "let n = 0; exports.handler = async () => { await new Promise((r) => setTimeout(r, 300)); return ++n; };",
      );
      const answers = await Promise.all([invoke(), invoke()]);
      expect(answers.map(({ value }) => value)).to.deep.equal([1, 1]);
    });

    it("runs a custom runtime against the Runtime API", async () => {
      const bootstrap = `#!/bin/sh
exec ${process.execPath} -e '
const base = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/invocation/";
(async () => { for (;;) {
  const next = await fetch(base + "next");
  const id = next.headers.get("lambda-runtime-aws-request-id");
  await fetch(base + id + "/response", { method: "POST", body: JSON.stringify({ echo: await next.json() }) });
} })();'
`;
      await make("", { Runtime: "provided.al2023", Handler: "any", Code: { ZipFile: zip({ bootstrap }) } });
      expect((await invoke({ a: 1 })).value).to.deep.equal({ echo: { a: 1 } });
    });
  });

  describe("functions that fail", () => {
    it("says what was thrown", async () => {
      await make("exports.handler = async () => { throw new TypeError('no'); };");
      const { value, FunctionError, StatusCode } = await invoke();
      expect([FunctionError, StatusCode]).to.deep.equal(["Unhandled", 200]);
      expect(value)
        .to.include({ errorType: "TypeError", errorMessage: "no" })
        .and.to.have.property("trace")
        .that.is.an("array");
    });

    it("ends one that takes too long as Sandbox.Timedout", async () => {
      await make("exports.handler = () => { for (;;); };", { Timeout: 1 });
      const { value, $metadata } = await invoke();
      expect(value).to.deep.equal({
        errorType: "Sandbox.Timedout",
        errorMessage: `RequestId: ${$metadata.requestId ?? ""} Error: Task timed out after 1.00 seconds`,
      });
    });

    it("ends one that exits as Runtime.ExitError, and starts anew", async () => {
      await make("exports.handler = async (e) => { if (e.exit) process.exit(3); return 'well'; };");
      const { value, $metadata } = await invoke({ exit: true });
      expect(value).to.deep.equal({
        errorType: "Runtime.ExitError",
        errorMessage: `RequestId: ${$metadata.requestId ?? ""} Error: Runtime exited with error: exit status 3`,
      });
      expect((await invoke()).value).to.equal("well");
    });

    it("ends one that takes more memory than it has", async () => {
      await make(
        "exports.handler = async () => { const all = []; for (;;) { all.push(Buffer.alloc(8e6, 1)); await new Promise((r) => setTimeout(r, 5)); } };",
        { Timeout: 10 },
      );
      expect((await invoke()).value).to.include({ errorType: "Runtime.OutOfMemory" });
    });

    it("reports a module that can't be loaded", async () => {
      await make("require('nowhere');");
      expect((await invoke()).value).to.include({ errorType: "Runtime.ImportModuleError" });
    });

    it("refuses handlers with callbacks in nodejs24.x only", async () => {
      const code = "exports.handler = (event, context, callback) => callback(null, 'called back');";
      await make(code);
      expect((await invoke()).value).to.include({ errorType: "Runtime.CallbackHandlerDeprecated" });
      await lambda.updateFunctionConfiguration({ FunctionName: "fn", Runtime: "nodejs22.x" });
      expect((await invoke()).value).to.equal("called back");
    });

    it("refuses a response of more than 6 MB", async () => {
      await make("exports.handler = async () => 'x'.repeat(6400000);");
      expect((await invoke()).value).to.include({ errorType: "Function.ResponseSizeTooLarge" });
    });
  });

  describe("logs", () => {
    it("writes what the function says as its role, in JSON, with the platform's records", async () => {
      await make("exports.handler = async () => { console.log('two\\nlines'); console.debug('hidden'); };", {
        LoggingConfig: { LogFormat: "JSON" },
      });
      const { $metadata } = await invoke();
      const records = (await messages()).map((text) => JSON.parse(text) as Record<string, unknown>);
      expect(records.map(({ type, message }) => type ?? message)).to.deep.equal([
        "platform.start",
        "two\nlines",
        "platform.report",
      ]);
      expect(records[1]).to.include({ level: "INFO", requestId: $metadata.requestId });
    });

    it("gives the tail of a text log with the answer", async () => {
      await make("exports.handler = async () => { console.warn('careful %s', 1); };");
      const { LogResult = "" } = await invoke({}, { LogType: "Tail" });
      const tail = Buffer.from(LogResult, "base64").toString();
      expect(tail).to.match(
        /^START RequestId: .*\n.*\tWARN\tcareful 1\nEND RequestId: .*\nREPORT RequestId: .*Memory Size: 128 MB/,
      );
    });

    it("writes what an invocation says in one call", async () => {
      await make("exports.handler = async () => { for (let n = 0; n < 50; n++) console.log(n); };");
      await invoke(); // the start of the environment may take longer than messages wait for each other
      await running.cloud.settled();
      const before = effects("PutLogEvents").length;
      await invoke();
      expect(await messages()).to.have.length(2 * 53); // START, END and REPORT
      expect(effects("PutLogEvents").length - before).to.equal(1);
    });

    it("writes what a function says while it still runs", async () => {
      await make("exports.handler = () => { console.log('begun'); return new Promise((r) => setTimeout(r, 1500)); };");
      const { promise: written, resolve } = Promise.withResolvers<undefined>();
      const stop = running.cloud.trace.subscribe(({ name }) => {
        if (name === "PutLogEvents") resolve(undefined);
      });
      const ended = invoke();
      await written;
      stop();
      const { events = [] } = await new CloudWatchLogs(running.config(CUSTOMER)).filterLogEvents({
        logGroupName: "/aws/lambda/fn",
        filterPattern: "begun",
      });
      expect(events).to.have.length(1);
      expect(effects("FunctionRan")).to.deep.equal([]);
      await ended;
    });

    it("says once in the trace that the role may not log", async () => {
      await make("exports.handler = async () => { console.log('x'); };", {}, []);
      await invoke();
      await invoke();
      await running.cloud.settled();
      expect(effects("NotLogged").map(({ error }) => error?.message)).to.have.length(1);
      expect(effects("NotLogged")[0]?.error?.message).to.include("logs:CreateLogStream");
    });
  });

  describe("asynchronous invocation", () => {
    it("answers 202 at once and runs the event", async () => {
      await make("exports.handler = async (e) => { console.log('ran', e.n); };");
      expect((await invoke({ n: 7 }, { InvocationType: "Event" })).StatusCode).to.equal(202);
      expect((await messages()).some((text) => text.includes("ran 7"))).to.equal(true);
    });

    it("starts no more environments than there are cores, up to four", async () => {
      await make("exports.handler = () => new Promise((resolve) => setTimeout(resolve, 100));");
      for (let n = 0; n < 6; n++) await invoke({ n }, { InvocationType: "Event" });
      await running.cloud.settled();
      expect(effects("FunctionRan")).to.have.length(6);
      const started = effects("FunctionRan").filter(({ detail }) => detail?.["coldStartMs"] !== undefined);
      expect(started).to.have.length(Math.min(4, Math.max(2, availableParallelism())));
    });

    it("tries again after 1 and 2 minutes, and then says that the event is lost", async () => {
      await make("exports.handler = async () => { throw new Error('never'); };");
      await invoke({}, { InvocationType: "Event" });
      await running.cloud.settled();
      const counts = [effects("FunctionRan").length];
      for (const seconds of [59, 2, 118, 3, 3600]) {
        await running.cloud.advance(seconds * 1000);
        counts.push(effects("FunctionRan").length);
      }
      expect(counts).to.deep.equal([1, 1, 2, 2, 3, 3]);
      expect(effects("EventDropped")).to.have.length(1);
      expect([sum("Errors"), sum("AsyncEventsDropped")]).to.deep.equal([3, 1]);
    });

    it("keeps to the retries of the qualifier that was called, and to no other's", async () => {
      await make("exports.handler = async () => { throw new Error('never'); };", { Publish: true });
      await lambda.createAlias({ FunctionName: "fn", Name: "live", FunctionVersion: "1" });
      await lambda.putFunctionEventInvokeConfig({ FunctionName: "fn", Qualifier: "live", MaximumRetryAttempts: 0 });
      await invoke({}, { InvocationType: "Event", Qualifier: "live" });
      await running.cloud.advance(600_000);
      expect(effects("FunctionRan")).to.have.length(1);
    });

    it("refuses a destination to which the role may not send", async () => {
      await make("exports.handler = async () => {};");
      const destination = { OnFailure: { Destination: `arn:aws:sqs:us-east-1:${CUSTOMER}:dead` } };
      expect(
        await failure(lambda.putFunctionEventInvokeConfig({ FunctionName: "fn", DestinationConfig: destination })),
      ).to.equal(
        "InvalidParameterValueException: The provided execution role does not have permissions to call SendMessage on SQS",
      );
    });

    it("sends what failed for good to the on-failure queue, as the role, with AWS's record", async () => {
      await make("exports.handler = async () => { throw new Error('never'); };", {}, ["sqs:SendMessage"]);
      const sqs = new SQS(running.config(CUSTOMER));
      const { QueueUrl } = await sqs.createQueue({ QueueName: "dead" });
      await lambda.putFunctionEventInvokeConfig({
        FunctionName: "fn",
        MaximumRetryAttempts: 1,
        DestinationConfig: { OnFailure: { Destination: `arn:aws:sqs:us-east-1:${CUSTOMER}:dead` } },
      });
      const { $metadata } = await invoke({ n: 1 }, { InvocationType: "Event" });
      await running.cloud.advance(61_000);
      const { Messages = [] } = await sqs.receiveMessage({ QueueUrl });
      const { timestamp, responsePayload, ...record } = JSON.parse(Messages[0]?.Body ?? "{}") as Record<
        string,
        unknown
      >;
      expect(record).to.deep.equal({
        version: "1.0",
        requestContext: {
          requestId: $metadata.requestId,
          functionArn: `arn:aws:lambda:us-east-1:${CUSTOMER}:function:fn:$LATEST`,
          condition: "RetriesExhausted",
          approximateInvokeCount: 2,
        },
        requestPayload: { n: 1 },
        responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      });
      expect(timestamp).to.be.a("string");
      expect(responsePayload).to.include({ errorMessage: "never" });
    });

    it("ends an event that grew too old without running it again", async () => {
      await make("exports.handler = async () => { throw new Error('never'); };");
      await lambda.putFunctionEventInvokeConfig({ FunctionName: "fn", MaximumEventAgeInSeconds: 100 });
      await invoke({}, { InvocationType: "Event" });
      await running.cloud.advance(600_000);
      expect(effects("FunctionRan")).to.have.length(2);
      expect(effects("EventDropped")[0]?.error?.message).to.include("grew too old");
    });

    it("leaves nothing waiting when the cloud is reset", async () => {
      await make("exports.handler = () => new Promise((resolve) => setTimeout(resolve, 20000));", { Timeout: 30 });
      for (let n = 0; n < 6; n++) await invoke({ n }, { InvocationType: "Event" });
      await running.cloud.reset();
      await running.cloud.settled();
      expect(effects("FunctionRan").filter(({ outcome }) => outcome === "ok")).to.deep.equal([]);
    });

    it("is limited to 1 MB, where a synchronous event may have six", async () => {
      await make("exports.handler = async (e) => e.length;");
      const event = "x".repeat(2_000_000);
      expect(await failure(invoke(event, { InvocationType: "Event" }))).to.include("RequestTooLargeException");
      expect((await invoke(event)).value).to.equal(2_000_000);
    });
  });

  describe("who may call", () => {
    it("lets another account in by the policy of the qualifier that it names", async () => {
      await make("exports.handler = async () => 'hello';", { Publish: true });
      await lambda.createAlias({ FunctionName: "fn", Name: "live", FunctionVersion: "1" });
      await lambda.addPermission({
        FunctionName: "fn",
        Qualifier: "live",
        StatementId: "partner",
        Action: "lambda:InvokeFunction",
        Principal: PARTNER,
      });
      const partner = new Lambda(running.config(PARTNER));
      const arn = `arn:aws:lambda:us-east-1:${CUSTOMER}:function:fn`;
      expect(read((await partner.invoke({ FunctionName: `${arn}:live` })).Payload)).to.equal("hello");
      expect(await failure(partner.invoke({ FunctionName: arn }))).to.match(
        /^AccessDeniedException: .*no resource-based policy allows the lambda:InvokeFunction/,
      );
    });

    it("shows, refuses twice and removes a permission", async () => {
      await make("exports.handler = async () => {};");
      const permission = {
        FunctionName: "fn",
        StatementId: "rule",
        Action: "lambda:InvokeFunction",
        Principal: "events.amazonaws.com",
        SourceArn: `arn:aws:events:us-east-1:${CUSTOMER}:rule/r`,
      };
      await lambda.addPermission(permission);
      const { Policy = "" } = await lambda.getPolicy({ FunctionName: "fn" });
      expect(JSON.parse(Policy)).to.deep.nested.include({
        "Statement[0].Condition": { ArnLike: { "AWS:SourceArn": permission.SourceArn } },
      });
      expect(await failure(lambda.addPermission(permission))).to.include("ResourceConflictException");
      await lambda.removePermission({ FunctionName: "fn", StatementId: "rule" });
      expect(await failure(lambda.getPolicy({ FunctionName: "fn" }))).to.include("ResourceNotFoundException");
    });

    it("refuses a role that doesn't trust Lambda", async () => {
      const Role = `arn:aws:iam::${CUSTOMER}:role/nobody`;
      expect(await failure(createFunction(running, CUSTOMER, "fn", "", { Role }))).to.equal(
        "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.",
      );
    });
  });

  describe("versions, concurrency, limits", () => {
    it("makes a new version only when something changed, and keeps the old one running", async () => {
      await make("exports.handler = async () => 'one';", { Publish: true });
      expect((await lambda.publishVersion({ FunctionName: "fn" })).Version).to.equal("1");
      await lambda.updateFunctionCode({
        FunctionName: "fn",
        ZipFile: zip({ "index.js": "exports.handler = async () => 'two';" }),
      });
      expect((await lambda.publishVersion({ FunctionName: "fn" })).Version).to.equal("2");
      expect([
        (await invoke({}, { Qualifier: "1" })).value,
        (await invoke({}, { Qualifier: "2" })).value,
      ]).to.deep.equal(["one", "two"]);
      const { Versions = [] } = await lambda.listVersionsByFunction({ FunctionName: "fn" });
      expect(Versions.map(({ Version }) => Version)).to.deep.equal(["$LATEST", "1", "2"]);
    });

    it("throttles at the reserved concurrency", async () => {
      await make("exports.handler = async () => {};");
      await lambda.putFunctionConcurrency({ FunctionName: "fn", ReservedConcurrentExecutions: 0 });
      expect(await failure(invoke())).to.include("TooManyRequestsException");
      expect(sum("Throttles")).to.equal(1);
    });

    it("refuses reserved environment variables, and endpoints that lead out", async () => {
      const role = await createRole(running, CUSTOMER, "r");
      const create = (name: string) =>
        failure(
          createFunction(running, CUSTOMER, "fn", "", { Role: role, Environment: { Variables: { [name]: "x" } } }),
        );
      expect(await create("AWS_REGION")).to.match(/^InvalidParameterValueException: .*reserved keys.*AWS_REGION$/);
      expect(await create("AWS_ENDPOINT_URL_STS")).to.include("NotModelledHere");
    });
  });
});
