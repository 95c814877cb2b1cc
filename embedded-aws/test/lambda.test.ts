import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { Lambda } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { CUSTOMER } from "./cloud.ts";
import { createFunction, createRole, zip } from "./functions.ts";
import { LambdaScene } from "./lambda-scene.ts";

const WHO = `const { STS } = require("${import.meta.dirname}/../../node_modules/@aws-sdk/client-sts");`;

describe("a function that is invoked", () => {
  let scene: LambdaScene;
  before(async () => {
    scene = await LambdaScene.start();
  });
  beforeEach(() => scene.reset());
  after(() => scene.running.endpoint.close());

  describe("running a function", () => {
    it("answers with what the handler returns", async () => {
      await scene.make("exports.handler = async (event) => ({ got: event });");
      const { value, StatusCode, ExecutedVersion, FunctionError } = await scene.invoke({ a: 1 });
      expect([value, StatusCode, ExecutedVersion, FunctionError]).to.deep.equal([
        { got: { a: 1 } },
        200,
        "$LATEST",
        undefined,
      ]);
    });

    it("runs a function whose name is one letter, although a session's name has two", async () => {
      await createFunction(
        scene.running,
        CUSTOMER,
        "f",
        `${WHO} exports.handler = async () => (await new STS().getCallerIdentity({})).Arn;`,
        {
          Role: await createRole(scene.running, CUSTOMER, "fn"),
          Timeout: 10,
        },
      );
      const { value } = await scene.invoke({}, { FunctionName: "f" });
      expect(value).to.equal(`arn:aws:sts::${CUSTOMER}:assumed-role/fn/f_`);
    });

    it("loads ECMAScript modules and handlers in folders", async () => {
      await scene.make("", {
        Handler: "src/app.run",
        Code: { ZipFile: zip({ "src/app.mjs": "export const run = async () => 'esm';" }) },
      });
      expect((await scene.invoke()).value).to.equal("esm");
    });

    it("gives the handler AWS's context", async () => {
      await scene.make(
        "exports.handler = async (_, c) => ({ name: c.functionName, version: c.functionVersion, arn: " +
          "c.invokedFunctionArn, memory: c.memoryLimitInMB, left: c.getRemainingTimeInMillis() <= 3000, stream: " +
          "c.logStreamName.includes('[$LATEST]') });",
      );
      expect((await scene.invoke()).value).to.deep.equal({
        name: "fn",
        version: "$LATEST",
        arn: `arn:aws:lambda:us-east-1:${CUSTOMER}:function:fn`,
        memory: "128",
        left: true,
        stream: true,
      });
    });

    it("builds the environment from scratch: nothing of the machine's own gets in", async () => {
      await scene.make("exports.handler = async () => process.env;", { Environment: { Variables: { MINE: "yes" } } });
      const env = (await scene.invoke()).value as Record<string, string>;
      expect(env).to.include({
        MINE: "yes",
        AWS_REGION: "us-east-1",
        AWS_ENDPOINT_URL: scene.running.endpoint.url,
        _HANDLER: "index.handler",
      });
      const foreign = Object.keys(process.env).filter(
        (key) => key in env && !["PATH", "HOME", "LANG", "TZ", "TMPDIR", "PWD", "_", "SHLVL", "OLDPWD"].includes(key),
      );
      expect(foreign).to.deep.equal([]);
      expect(env["HOME"]).to.not.equal(process.env["HOME"]);
    });

    it("runs as a session of the execution role, and its calls are tied to the invocation in the trace", async () => {
      await scene.make(`${WHO} exports.handler = async () => (await new STS().getCallerIdentity({})).Arn;`, {
        Timeout: 10,
      });
      expect((await scene.invoke()).value).to.equal(`arn:aws:sts::${CUSTOMER}:assumed-role/fn/fn`);
      const [ran] = scene.effects("FunctionRan");
      const [asked] = scene.effects("GetCallerIdentity");
      expect([asked?.traceId, asked?.parentId]).to.deep.equal([ran?.traceId, ran?.spanId]);
    });

    it("gets calls through, with new keys, after the clock was advanced by hours", async () => {
      await scene.make(`${WHO} exports.handler = async () => (await new STS().getCallerIdentity({})).Account;`, {
        Timeout: 10,
      });
      await scene.invoke();
      await scene.running.cloud.advance(2 * 3_600_000);
      scene.lambda = new Lambda({ ...scene.running.config(CUSTOMER), systemClockOffset: 2 * 3_600_000 });
      expect((await scene.invoke()).value).to.equal(CUSTOMER);
    });

    it("uses a warm environment again, and a new one after an update", async () => {
      await scene.make("let n = 0; exports.handler = async () => ++n;");
      expect([(await scene.invoke()).value, (await scene.invoke()).value]).to.deep.equal([1, 2]);
      await scene.lambda.updateFunctionConfiguration({ FunctionName: "fn", Description: "changed" });
      expect((await scene.invoke()).value).to.equal(1);
    });

    it("runs events side by side in environments of their own", async () => {
      await scene.make(
        "let n = 0; exports.handler = async () => { await new Promise((r) => setTimeout(r, 300)); return ++n; };",
      );
      const answers = await Promise.all([scene.invoke(), scene.invoke()]);
      expect(answers.map(({ value }) => value)).to.deep.equal([1, 1]);
    });

    it("runs a custom runtime against the Runtime API", async () => {
      const bootstrap = `#!/bin/sh
exec "${process.execPath}" -e '
const base = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/invocation/";
(async () => { for (;;) {
  const next = await fetch(base + "next");
  const id = next.headers.get("lambda-runtime-aws-request-id");
  await fetch(base + id + "/response", { method: "POST", body: JSON.stringify({ echo: await next.json() }) });
} })();'
`;
      await scene.make("", { Runtime: "provided.al2023", Handler: "any", Code: { ZipFile: zip({ bootstrap }) } });
      expect((await scene.invoke({ a: 1 })).value).to.deep.equal({ echo: { a: 1 } });
    });
  });

  describe("functions that fail", () => {
    it("says what was thrown", async () => {
      await scene.make("exports.handler = async () => { throw new TypeError('no'); };");
      const { value, FunctionError, StatusCode } = await scene.invoke();
      expect([FunctionError, StatusCode]).to.deep.equal(["Unhandled", 200]);
      expect(value)
        .to.include({ errorType: "TypeError", errorMessage: "no" })
        .and.to.have.property("trace")
        .that.is.an("array");
    });

    it("ends one that takes too long as Sandbox.Timedout", async () => {
      await scene.make("exports.handler = () => { for (;;); };", { Timeout: 1 });
      const { value, $metadata } = await scene.invoke();
      expect(value).to.deep.equal({
        errorType: "Sandbox.Timedout",
        errorMessage: `RequestId: ${$metadata.requestId ?? ""} Error: Task timed out after 1.00 seconds`,
      });
    });

    it("reports how much memory one had that was ended", async () => {
      await scene.make("exports.handler = () => { for (;;); };", { Timeout: 1 });
      const { LogResult = "" } = await scene.invoke({}, { LogType: "Tail" });
      expect(Buffer.from(LogResult, "base64").toString()).to.match(/Max Memory Used: [1-9]\d* MB/);
    });

    it("ends one that exits as Runtime.ExitError, and starts anew", async () => {
      await scene.make("exports.handler = async (e) => { if (e.exit) process.exit(3); return 'well'; };");
      const { value, $metadata } = await scene.invoke({ exit: true });
      expect(value).to.deep.equal({
        errorType: "Runtime.ExitError",
        errorMessage: `RequestId: ${$metadata.requestId ?? ""} Error: Runtime exited with error: exit status 3`,
      });
      expect((await scene.invoke()).value).to.equal("well");
    });

    for (const fault of ["kill", "memory"] as const)
      it(`is ended by a fault (${fault}) after the call that it made was done`, async () => {
        await scene.make(`${WHO} exports.handler = () => new STS().getCallerIdentity({});`, { Timeout: 20 });
        scene.running.cloud.faults.set([{ service: "sts", operation: "GetCallerIdentity", fault, times: 1 }]);
        const { value, $metadata } = await scene.invoke();
        const errorMessage = `RequestId: ${$metadata.requestId ?? ""} Error: Runtime exited with error: signal: killed`;
        expect(value).to.deep.equal({ errorType: "Runtime.ExitError", errorMessage });
        expect((await scene.invoke()).FunctionError).to.equal(undefined);
      });

    it("ends one that takes more memory than it has", async () => {
      await scene.make(
        "exports.handler = async () => { const all = []; for (;;) { all.push(Buffer.alloc(8e6, 1)); await new " +
          "Promise((r) => setTimeout(r, 5)); } };",
        { Timeout: 10 },
      );
      expect((await scene.invoke()).value).to.include({ errorType: "Runtime.ExitError" });
      expect((await scene.messages()).join()).to.match(/REPORT [^,]*Error Type: Runtime\.OutOfMemory/);
    });

    it("reports a module that can't be loaded", async () => {
      await scene.make("require('nowhere');");
      expect((await scene.invoke()).value).to.include({ errorType: "Runtime.ImportModuleError" });
    });

    it("refuses handlers with callbacks in nodejs24.x only", async () => {
      const code = "exports.handler = (event, context, callback) => callback(null, 'called back');";
      await scene.make(code);
      expect((await scene.invoke()).value).to.include({ errorType: "Runtime.CallbackHandlerDeprecated" });
      await scene.lambda.updateFunctionConfiguration({ FunctionName: "fn", Runtime: "nodejs22.x" });
      expect((await scene.invoke()).value).to.equal("called back");
    });

    it("refuses a response of more than 6 MB", async () => {
      await scene.make("exports.handler = async () => 'x'.repeat(6400000);");
      expect((await scene.invoke()).value).to.include({ errorType: "Function.ResponseSizeTooLarge" });
    });
  });

  describe("logs", () => {
    it("writes what the function says as its role, in JSON, with the platform's records", async () => {
      await scene.make("exports.handler = async () => { console.log('two\\nlines'); console.debug('hidden'); };", {
        LoggingConfig: { LogFormat: "JSON" },
      });
      const { $metadata } = await scene.invoke();
      const records = (await scene.messages()).map((text) => JSON.parse(text) as Record<string, unknown>);
      expect(records.map(({ type, message }) => type ?? message)).to.deep.equal([
        "platform.start",
        "two\nlines",
        "platform.report",
      ]);
      expect(records[1]).to.include({ level: "INFO", requestId: $metadata.requestId });
    });

    it("gives the tail of a text log with the answer", async () => {
      await scene.make("exports.handler = async () => { console.warn('careful %s', 1); };");
      const { LogResult = "" } = await scene.invoke({}, { LogType: "Tail" });
      const tail = Buffer.from(LogResult, "base64").toString();
      expect(tail).to.match(
        /^START RequestId: .*\n.*\tWARN\tcareful 1\nEND RequestId: .*\nREPORT RequestId: .*Memory Size: 128 MB/,
      );
    });

    it("writes what an invocation says in one call", async () => {
      await scene.make("exports.handler = async () => { for (let n = 0; n < 50; n++) console.log(n); };");
      await scene.invoke(); // the start of the environment may take longer than messages wait for each other
      await scene.running.cloud.settled();
      const before = scene.effects("PutLogEvents").length;
      await scene.invoke();
      expect(await scene.messages()).to.have.length(2 * 53); // START, END and REPORT
      expect(scene.effects("PutLogEvents").length - before).to.equal(1);
    });

    it("writes what a function says while it still runs", async () => {
      await scene.make(
        "exports.handler = () => { console.log('begun'); return new Promise((r) => setTimeout(r, 800_000)); };",
        { Timeout: 900 },
      );
      const logs = new CloudWatchLogs(scene.running.config(CUSTOMER));
      // The start may be written by itself, when the process takes long to begin.
      let written = Promise.withResolvers<undefined>();
      const stop = scene.running.cloud.trace.subscribe(({ name }) => {
        if (name === "PutLogEvents") written.resolve(undefined);
      });
      const ended = scene.invoke().catch((error: unknown) => error);
      const found = async (): Promise<number> => {
        await written.promise;
        written = Promise.withResolvers();
        const at = { logGroupName: "/aws/lambda/fn", filterPattern: "begun" };
        return (await logs.filterLogEvents(at)).events?.length || found();
      };
      expect(await found()).to.equal(1);
      stop();
      expect(scene.effects("FunctionRan")).to.deep.equal([]);
      await scene.reset();
      await ended;
    });

    it("says once in the trace that the role may not log", async () => {
      await scene.make("exports.handler = async () => { console.log('x'); };", {}, []);
      await scene.invoke();
      await scene.invoke();
      await scene.running.cloud.settled();
      expect(scene.effects("NotLogged").map(({ error }) => error?.message)).to.have.length(1);
      expect(scene.effects("NotLogged")[0]?.error?.message).to.include("logs:CreateLogStream");
    });
  });
});
