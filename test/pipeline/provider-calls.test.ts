// What the code behind the aws provider was seen to call for the resources of a side, call by call: all of it is
// allowed to the role that deploys, its reads to the role that previews, and none of its writes.
import { IAM } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { deployStack } from "embedded-aws/pulumi";
import { assumeWith, type ProviderCall, providerCalls, send } from "embedded-aws/testing";
import { SIDES, type Side } from "../../pipeline/permissions.ts";
import { pipelineProgram } from "../../pipeline/program.ts";
import { CUSTOMER, DEFAULT_REGION, PARTNER, type RunningCloud, startCloud } from "../flow/deployment.ts";
import { runBoth } from "../harness/stacks.ts";

/**
 * The calls for a resource of each type that a program may declare. A type that a program gets needs a line, and its
 * calls permissions.
 */
const CALLS: Readonly<Record<string, RegExp>> = {
  "aws:iam/role:Role": /^iam .*Role(?!Polic)|^iam List(Attached)?RolePolicies/,
  "aws:iam/rolePolicy:RolePolicy": /^iam (Get|Put|Delete)RolePolicy$/,
  "aws:lambda/function:Function":
    /^lambda \w+ \S+\/(functions|X|versions\S*|configuration\S*|code-signing-config|arn\S+)$/,
  "aws:lambda/alias:Alias": /^lambda .*\/aliases/,
  "aws:lambda/permission:Permission": /^lambda .*\/policy/,
  "aws:cloudwatch/logGroup:LogGroup": /^logs /,
  "aws:cloudwatch/eventRule:EventRule": /^events .*(Rule$|Resource)/,
  "aws:cloudwatch/eventTarget:EventTarget": /^events .*Targets/,
  "aws:cloudtrail/trail:Trail": /^cloudtrail /,
  "aws:s3/bucket:Bucket": /^s3 \w+ \/X(\?(?!policy|publicAccessBlock)|$)/,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": /^s3 .*lifecycle=/,
  "aws:s3/bucketPolicy:BucketPolicy": /^s3 .*policy=/,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": /^s3 .*publicAccessBlock=/,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": /^lambda .*\/event-invoke-config/,
  "aws:iot/topicRule:TopicRule": /^iot \w+ (\/rules|\/tags\S+rule)/,
  "aws:iot/getEndpoint:getEndpoint": /^iot GET \/endpoint/,
  "aws:sqs/queue:Queue": /^sqs /,
  "aws:sqs/queuePolicy:QueuePolicy": /^sqs (Get|Set)QueueAttributes$/,
  // None was recorded: its calls are PutDashboard, GetDashboard and DeleteDashboards, and permissions.flow.ts makes
  // them.
  "aws:cloudwatch/dashboard:Dashboard": /^monitoring \w+Dashboards?$/,
  "aws:cloudwatch/metricAlarm:MetricAlarm": /^monitoring /,
  "aws:dynamodb/table:Table": /^dynamodb /,
  // None was recorded: its calls are those of table_item.go in terraform-provider-aws, and permissions.flow.ts makes
  // them.
  "aws:dynamodb/tableItem:TableItem": /^dynamodb (Put|Get|Update|Delete)Item$/,
};
/** What a declared resource stands for whose calls aren't its own. */
const NO_CALLS = /^(pulumi:|iot-hooks:|cross-account-iot-hooks:)/;

const ACCOUNTS = { customer: CUSTOMER, partner: PARTNER } as const;

/**
 * In the side's account, with the names that programs give now: the recording has roles, functions and log groups of
 * the customer's side only, and queues, what belongs to them and a table of a program that was made for it.
 */
function asSide(side: Side, call: ProviderCall): ProviderCall {
  const own = call.account === ACCOUNTS[side];
  const renamed = (text: string) => {
    const named =
      call.service === "logs"
        ? text.replaceAll(/(?<=log-group:|Prefix":"|Name":")iot-hooks/g, "/aws/lambda/iot-hooks")
        : text;
    if (own) return named;
    return named
      .replace(/111111111111|222222222222/g, (id) => (id === CUSTOMER ? PARTNER : CUSTOMER))
      .replaceAll("publish-to-partner-role", "publish-from-customer-role");
  };
  const ours = (text: string) =>
    renamed(text)
      .replaceAll(/\bthings-dlq\b|(?<=\d{12}\/)things\b/g, "iot-hooks-announce-dead-letters-1a2b3c4")
      .replaceAll(/\bseen\b/g, "iot-hooks-registry-1a2b3c4")
      .replaceAll(/dlq-not-empty/g, "iot-hooks-announce-letters-1a2b3c4")
      .replaceAll(/(?<=functions\/)extra\b/g, "iot-hooks-announce-1a2b3c4");
  return { ...call, account: ACCOUNTS[side], path: ours(call.path), body: ours(call.body) };
}

for (const side of SIDES) {
  describe(`the ${side}'s pipeline, for each call that the provider was seen to make`, () => {
    let running: RunningCloud;
    let keys: Record<"preview" | "deploy", Awaited<ReturnType<typeof assumeWith>>>;
    const account = ACCOUNTS[side];
    const calls: ProviderCall[] = [];
    before(async () => {
      running = await startCloud();
      const environment = {
        endpoint: running.endpoint.url,
        credentials: () => Promise.resolve(running.cloud.administrator(account)),
      };
      const { resources } = await deployStack(environment, {
        project: "pipeline",
        program: pipelineProgram,
        config: {
          "aws:region": DEFAULT_REGION,
          accountId: account,
          side,
          repository: "example/hooks",
          stateBucket: "example-pulumi-state",
        },
      });
      const session = async (purpose: "preview" | "deploy") => {
        const made = resources.find(
          ({ type, name }) => type === "aws:iam/rolePolicy:RolePolicy" && name.endsWith(purpose),
        );
        const { role: RoleName, name: PolicyName } = made?.state as { role: string; name: string };
        const { PolicyDocument = "" } = await new IAM(running.config(account)).getRolePolicy({ RoleName, PolicyName });
        const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument)) as { Statement: object[] };
        return assumeWith(running, account, Statement, `session-to-${purpose}`);
      };
      keys = { preview: await session("preview"), deploy: await session("deploy") };
      const made = await runBoth({ createTrail: "true" });
      const types = new Set(made[side].resources.map(({ type }) => type).filter((type) => !NO_CALLS.test(type)));
      if (side === "partner") types.add("aws:iot/getEndpoint:getEndpoint");
      for (const type of types) expect(CALLS, `${type} needs a line in this file's table`).to.have.property(type);
      const patterns = [...types].map((type) => CALLS[type] as RegExp);
      calls.push(
        ...providerCalls()
          .filter(({ name }) => patterns.some((pattern) => pattern.test(name)) && !/extra(?!\/)/.test(name))
          .map((call) => asSide(side, call)),
      );
    });
    after(() => running.endpoint.close());

    /** Lambda refuses a destination that the function's role may not send to, as the recorded one might not. */
    async function allowDeadLetters(allowed: boolean) {
      const iam = new IAM(running.config(account));
      const { Roles = [] } = await iam.listRoles({});
      const RoleName = Roles.map((role) => role.RoleName).find((name) => name?.startsWith("publish-"));
      const policy = { RoleName, PolicyName: "letters" };
      if (!allowed) return iam.deleteRolePolicy(policy);
      const Statement = { Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" };
      const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
      return iam.putRolePolicy({ ...policy, PolicyDocument });
    }

    it("allows those that read to both roles, and those that write to the one that deploys only", async () => {
      expect(calls).to.have.length.above(side === "customer" ? 70 : 35);
      for (const call of calls) {
        if (/Attach|Detach/.test(call.name)) continue;
        if (/PUT .*event-invoke-config/.test(call.name)) await allowDeadLetters(true);
        if (call.name === "iam DeleteRole") await allowDeadLetters(false);
        const previewed = await send(running.endpoint.url, call, keys.preview);
        expect(isDenied(previewed), `preview: ${call.name}: ${previewed.text}`).to.equal(!call.reads);
        const deployed = await send(running.endpoint.url, call, keys.deploy);
        expect(isDenied(deployed), `deploy: ${call.name}: ${deployed.text}`).to.equal(false);
        // It came through, so that what follows finds it.
        if (!call.reads) expect(deployed.status, `${call.name}: ${deployed.text}`).to.be.within(200, 204);
      }
    });
  });
}

const isDenied = ({ status, code = "" }: Awaited<ReturnType<typeof send>>): boolean =>
  status === 403 || /AccessDenied|Unauthorized|Forbidden/.test(code);
