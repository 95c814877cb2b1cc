// How far the pipeline's two roles reach, statement by statement: no further than the names that the programs give.
// That it is far enough, permissions.flow.ts and provider-calls.test.ts show.
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import type * as permissions from "../../pipeline/permissions.ts";
import type { Inputs } from "../harness/run-stack.ts";

type Side = permissions.Side;
const SIDES = ["customer", "partner"] as const;

/**
 * Evaluated anew for each test, with all of the pipeline's modules: what they say, they say while they load, and
 * Stryker breaks it between two tests.
 */
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const { search } = new URL(context.parentURL ?? import.meta.url);
    return search.startsWith("?anew") && found.url.includes("/pipeline/")
      ? { ...found, url: found.url + search }
      : found;
  },
});
let loads = 0;
let deployPolicy: (typeof permissions)["deployPolicy"];
let previewPolicy: (typeof permissions)["previewPolicy"];
async function load(): Promise<void> {
  const path = `../../pipeline/permissions.ts?anew${++loads}`;
  ({ deployPolicy, previewPolicy } = (await import(path)) as typeof permissions);
}

const ACCOUNT = "111111111111";
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/hooks-boundary`;
const STATE = "example-pulumi-state";
const PUBLISH_ROLE = { customer: "publish-to-partner-role-*", partner: "publish-from-customer-role-*" } as const;

const projectIn = (folder: string) =>
  /^name: (.*)$/m.exec(readFileSync(join(import.meta.dirname, "..", "..", folder, "Pulumi.yaml"), "utf8"))?.[1] ?? "";
/** Pulumi's projects of a side. */
const STATE_OF = { customer: ["customer"], partner: ["partner", "partner/customer"] } as const;

interface Granted {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: unknown;
}
const statementsOf = (policy: unknown) =>
  ((policy as Inputs).Statement as Inputs[]).map(
    ({ Action, Resource, ...rest }) =>
      ({ ...rest, Action: [Action].flat(), Resource: [Resource].flat() }) as unknown as Granted,
  );
const args = (side: Side, region = "us-east-1", permissionsBoundaryArn?: string) => ({
  ...{ side, account: { accountId: ACCOUNT, region }, stateBucket: STATE },
  ...(permissionsBoundaryArn === undefined ? {} : { permissionsBoundaryArn }),
});
const deploys = (side: Side, boundary?: string) => statementsOf(deployPolicy(args(side, undefined, boundary)));
const previews = (side: Side, boundary?: string) => statementsOf(previewPolicy(args(side, undefined, boundary)));
const sids = (statements: readonly Granted[]) => statements.map(({ Sid }) => Sid);
const find = (statements: readonly Granted[], sid: string) => statements.filter(({ Sid }) => Sid === sid);

const regional = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${ACCOUNT}:${resource}`;
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** Reads, by AWS's own names of them, and what no resource can be named for. */
const READ = /^[a-z0-9]+:(Get|List|Describe)[A-Z]\w+$/;
const LISTS: Readonly<Record<string, readonly string[]>> = {
  FindLogGroups: [regional("logs", "log-group:*")],
  FindAlarms: [regional("cloudwatch", "alarm:*")],
  FindTrails: ["*"],
  FindTopicRules: ["*"],
  FindState: [`arn:aws:s3:::${STATE}`],
  StateLayout: [`arn:aws:s3:::${STATE}/.pulumi/meta.yaml`],
};
const NAMED: Readonly<Record<string, readonly string[]>> = {
  Functions: [regional("lambda", "function:iot-hooks-*")],
  LogGroups: [regional("logs", "log-group:/aws/lambda/iot-hooks-*")],
  DeadLetterQueues: [regional("sqs", "iot-hooks-*")],
  Tables: [regional("dynamodb", "table/iot-hooks-*")],
  Customers: [regional("dynamodb", "table/iot-hooks-customers-*")],
  Alarms: [regional("cloudwatch", "alarm:iot-hooks-*"), `arn:aws:cloudwatch::${ACCOUNT}:dashboard/iot-hooks-*`],
  EventRules: [regional("events", "rule/iot-hooks-*")],
  Trail: [regional("cloudtrail", "trail/iot-hooks-*")],
  TrailBucket: ["arn:aws:s3:::iot-hooks-trail-*"],
  TopicRules: [regional("iot", "rule/iot_hooks_*")],
  // One setting of the account and Region.
  RegistryEvents: ["*"],
};

for (const side of SIDES)
  describe(`the reach of the ${side}'s pipeline`, () => {
    beforeEach(load);
    const own = role(PUBLISH_ROLE[side]);
    const state = STATE_OF[side].map((folder) => `arn:aws:s3:::${STATE}/.pulumi/*/${projectIn(folder)}/*`);
    const resourcesOf = (sid: string) =>
      sid === "State" ? state : (LISTS[sid] ?? NAMED[sid] ?? [own, role("iot-hooks-*")]);

    it("is actions by their whole names, on resources that begin as this side's do", () => {
      for (const boundary of [undefined, BOUNDARY])
        for (const { Sid, Effect, Action, Resource } of deploys(side, boundary)) {
          expect(Effect).to.equal("Allow");
          expect(Action, Sid).to.not.be.empty;
          for (const action of Action) expect(action, Sid).to.match(/^[a-z0-9]+:[A-Z]\w+$/);
          if (!Sid.startsWith("Pass")) expect(Resource, Sid).to.deep.equal(resourcesOf(Sid));
        }
    });

    it("is each service's own actions", () => {
      for (const { Sid, Action, Resource } of deploys(side)) {
        const services = new Set(Resource.map((arn) => arn.split(":")[2]));
        if (!Resource.includes("*"))
          expect([...new Set(Action.map((action) => action.split(":")[0]))], Sid).to.deep.equal([...services]);
      }
    });

    it("is to read alone before a deployment, and to change what it names at one", () => {
      const [preview, deploy] = [previews(side), deploys(side)];
      expect(sids(deploy)).to.deep.equal([...sids(preview), "PassRolesToFunctions", "PassRoleToTopicRule"]);
      for (const { Sid, Action } of preview) {
        for (const action of Action) expect(action, Sid).to.match(READ);
        const [deployed] = find(deploy, Sid);
        expect(deployed?.Action.slice(0, Action.length)).to.deep.equal(Action);
        const changes = deployed?.Action.slice(Action.length) ?? [];
        for (const action of changes) expect(action, Sid).to.not.match(READ);
        expect(changes.length > 0, Sid).to.equal(!(Sid in LISTS));
      }
    });

    it("is over all that the side's program makes: tables are the partner's, trail and event rules the customer's", () => {
      const both = ["Functions", "LogGroups", "FindLogGroups", "DeadLetterQueues", "Alarms", "FindAlarms"];
      const topicRules = ["TopicRules", "FindTopicRules"];
      const own = {
        customer: ["EventRules", "Trail", "FindTrails", "TrailBucket", ...topicRules, "RegistryEvents"],
        partner: ["Tables", "Customers", ...topicRules],
      };
      expect(sids(previews(side))).to.deep.equal(["Roles", ...both, ...own[side], "FindState", "StateLayout", "State"]);
      expect(deployPolicy(args(side)).Version).to.equal("2012-10-17");
    });

    it("passes the side's roles to Lambda, and the one of its topic rules to AWS IoT", () => {
      const passes = (sid: string, Resource: readonly string[], service: string) => ({
        ...{ Sid: sid, Effect: "Allow", Action: ["iam:PassRole"], Resource },
        Condition: { StringEquals: { "iam:PassedToService": service } },
      });
      const ofRules = role(side === "partner" ? "iot-hooks-receive-rule-*" : "iot-hooks-events-rules-*");
      expect(deploys(side).filter(({ Action }) => Action.includes("iam:PassRole"))).to.deep.equal([
        passes("PassRolesToFunctions", [own, role("iot-hooks-*")], "lambda.amazonaws.com"),
        passes("PassRoleToTopicRule", [ofRules], "iot.amazonaws.com"),
      ]);
    });

    it("makes no role wider but within the boundary, where there is one, and takes that off none", () => {
      const widening = /^iam:(CreateRole|(Put|Delete)RolePolicy|(Put|Delete)RolePermissionsBoundary|AttachRolePolicy)$/;
      const wide = (boundary?: string) =>
        deploys(side, boundary).flatMap(({ Sid, Action, Condition }) =>
          Action.filter((action) => widening.test(action)).map((action) => [Sid, action, Condition]),
        );
      const within = { StringEquals: { "iam:PermissionsBoundary": BOUNDARY } };
      expect(wide(BOUNDARY)).to.deep.equal(
        ["CreateRole", "DeleteRolePolicy", "PutRolePermissionsBoundary", "PutRolePolicy"].map((action) => [
          ...["RolesWithinTheBoundary", `iam:${action}`],
          within,
        ]),
      );
      expect(wide().map(([sid]) => sid)).to.deep.equal(Array.from({ length: 5 }, () => "Roles"));
      // What is no wider for it is changed all the same.
      expect(find(deploys(side, BOUNDARY), "Roles")[0]?.Action).to.include("iam:DeleteRole");
      expect(sids(previews(side, BOUNDARY))).to.deep.equal(sids(previews(side)));
    });

    it("is spelled in the partition of its Region", () => {
      const text = JSON.stringify(deployPolicy(args(side, "cn-north-1")));
      expect(text).to.include(`arn:aws-cn:lambda:cn-north-1:${ACCOUNT}:`).and.not.include("arn:aws:");
    });
  });
