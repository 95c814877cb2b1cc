import { Lambda } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { CUSTOMER, PARTNER } from "./cloud.ts";
import { failure } from "./failure.ts";
import { createFunction, createRole, read, zip } from "./functions.ts";
import { LambdaScene } from "./lambda-scene.ts";

describe("functions of the embedded AWS", () => {
  let scene: LambdaScene;
  before(async () => {
    scene = await LambdaScene.start();
  });
  beforeEach(() => scene.reset());
  after(() => scene.running.endpoint.close());

  describe("who may call", () => {
    it("lets another account in by the policy of the qualifier that it names", async () => {
      await scene.make("exports.handler = async () => 'hello';", { Publish: true });
      await scene.lambda.createAlias({ FunctionName: "fn", Name: "live", FunctionVersion: "1" });
      await scene.lambda.addPermission({
        FunctionName: "fn",
        Qualifier: "live",
        StatementId: "partner",
        Action: "lambda:InvokeFunction",
        Principal: PARTNER,
      });
      const partner = new Lambda(scene.running.config(PARTNER));
      const arn = `arn:aws:lambda:us-east-1:${CUSTOMER}:function:fn`;
      expect(read((await partner.invoke({ FunctionName: `${arn}:live` })).Payload)).to.equal("hello");
      expect(await failure(partner.invoke({ FunctionName: arn }))).to.match(
        /^AccessDeniedException: .*no resource-based policy allows the lambda:InvokeFunction/,
      );
    });

    it("shows, refuses twice and removes a permission", async () => {
      await scene.make("exports.handler = async () => {};");
      const permission = {
        FunctionName: "fn",
        StatementId: "rule",
        Action: "lambda:InvokeFunction",
        Principal: "events.amazonaws.com",
        SourceArn: `arn:aws:events:us-east-1:${CUSTOMER}:rule/r`,
      };
      await scene.lambda.addPermission(permission);
      const { Policy = "" } = await scene.lambda.getPolicy({ FunctionName: "fn" });
      expect(JSON.parse(Policy)).to.deep.nested.include({
        "Statement[0].Condition": { ArnLike: { "AWS:SourceArn": permission.SourceArn } },
      });
      expect(await failure(scene.lambda.addPermission(permission))).to.include("ResourceConflictException");
      await scene.lambda.removePermission({ FunctionName: "fn", StatementId: "rule" });
      expect(await failure(scene.lambda.getPolicy({ FunctionName: "fn" }))).to.include("ResourceNotFoundException");
    });

    it("keeps the permissions of function, version and alias apart, and has none for $LATEST", async () => {
      await scene.make("exports.handler = async () => {};", { Publish: true });
      await scene.lambda.createAlias({ FunctionName: "fn", Name: "live", FunctionVersion: "1" });
      const allow = (Qualifier?: string) =>
        scene.lambda.addPermission({
          ...{ FunctionName: "fn", Action: "lambda:InvokeFunction", Principal: PARTNER, Qualifier },
          StatementId: `of-${Qualifier?.replace("$", "") ?? "function"}`,
        });
      const policy = async (Qualifier?: string) => {
        const { Policy = "" } = await scene.lambda.getPolicy({ FunctionName: "fn", Qualifier });
        return (JSON.parse(Policy) as { Statement: { Sid: string; Resource: string }[] }).Statement.map(
          ({ Sid, Resource }) => [Sid, Resource],
        );
      };
      const arn = `arn:aws:lambda:us-east-1:${CUSTOMER}:function:fn`;
      await allow("live");
      await allow("1");
      expect(await failure(policy())).to.include("ResourceNotFoundException");
      await allow();
      expect(await policy("live")).to.deep.equal([["of-live", `${arn}:live`]]);
      expect(await policy("1")).to.deep.equal([["of-1", `${arn}:1`]]);
      expect(await policy()).to.deep.equal([["of-function", arn]]);
      expect(await failure(allow("$LATEST"))).to.include("InvalidParameterValueException");
      expect(await failure(allow("gone"))).to.include("ResourceNotFoundException");
    });

    it("refuses a role that doesn't trust Lambda", async () => {
      const Role = `arn:aws:iam::${CUSTOMER}:role/nobody`;
      expect(await failure(createFunction(scene.running, CUSTOMER, "fn", "", { Role }))).to.equal(
        "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.",
      );
    });
  });

  describe("versions, concurrency, limits", () => {
    it("makes a new version only when something changed, and keeps the old one running", async () => {
      await scene.make("exports.handler = async () => 'one';", { Publish: true });
      expect((await scene.lambda.publishVersion({ FunctionName: "fn" })).Version).to.equal("1");
      await scene.lambda.updateFunctionCode({
        FunctionName: "fn",
        ZipFile: zip({ "index.js": "exports.handler = async () => 'two';" }),
      });
      expect((await scene.lambda.publishVersion({ FunctionName: "fn" })).Version).to.equal("2");
      expect([
        (await scene.invoke({}, { Qualifier: "1" })).value,
        (await scene.invoke({}, { Qualifier: "2" })).value,
      ]).to.deep.equal(["one", "two"]);
      const { Versions = [] } = await scene.lambda.listVersionsByFunction({ FunctionName: "fn" });
      expect(Versions.map(({ Version }) => Version)).to.deep.equal(["$LATEST", "1", "2"]);
    });

    it("lists 50 a page at most, whatever is asked for", async () => {
      const Role = await createRole(scene.running, CUSTOMER, "fn");
      for (let n = 0; n < 51; n++)
        await createFunction(scene.running, CUSTOMER, `fn${n}`, "exports.handler = () => 1;", { Role });
      const first = await scene.lambda.listFunctions({ MaxItems: 10_000 });
      const second = await scene.lambda.listFunctions({ Marker: first.NextMarker });
      expect([first.Functions?.length, second.Functions?.length, second.NextMarker]).to.deep.equal([50, 1, undefined]);
      expect(await failure(scene.lambda.listFunctions({ MaxItems: 10_001 }))).to.include("ValidationException");
    });

    it("throttles at the reserved concurrency", async () => {
      await scene.make("exports.handler = async () => {};");
      await scene.lambda.putFunctionConcurrency({ FunctionName: "fn", ReservedConcurrentExecutions: 0 });
      expect(await failure(scene.invoke())).to.include("TooManyRequestsException");
      expect(scene.sum("Throttles")).to.equal(1);
    });

    it("says what reservations leave of the account's concurrency", async () => {
      await scene.make("exports.handler = async () => {};");
      await scene.lambda.putFunctionConcurrency({ FunctionName: "fn", ReservedConcurrentExecutions: 300 });
      const { AccountLimit, AccountUsage } = await scene.lambda.getAccountSettings({});
      expect(AccountLimit).to.include({ ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 700 });
      expect(AccountUsage?.FunctionCount).to.equal(1);
    });

    it("refuses reserved environment variables, and endpoints that lead out", async () => {
      const role = await createRole(scene.running, CUSTOMER, "r");
      const create = (name: string) =>
        failure(
          createFunction(scene.running, CUSTOMER, "fn", "", {
            Role: role,
            Environment: { Variables: { [name]: "x" } },
          }),
        );
      expect(await create("AWS_REGION")).to.match(/^InvalidParameterValueException: .*reserved keys.*AWS_REGION$/);
      expect(await create("AWS_ENDPOINT_URL_STS")).to.include("NotModelledHere");
    });
  });
});
