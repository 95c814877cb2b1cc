// What the pipeline's roles may do, asked of the embedded AWS with sessions that have their policies. The roles
// themselves trust GitHub's tokens alone.
import { expect } from "chai";
import { IAM } from "@aws-sdk/client-iam";
import { Lambda } from "@aws-sdk/client-lambda";
import { S3 } from "@aws-sdk/client-s3";
import { customerProgram } from "../../customer/program.ts";
import { deployStack, invoke, type Made, ProviderInstance } from "embedded-aws/pulumi";
import { partnerProgram } from "../../partner/program.ts";
import { pipelineProgram } from "../../pipeline/program.ts";
import { CUSTOMER, DEFAULT_REGION, PARTNER, type RunningCloud, roleArnOf, startCloud } from "../flow/deployment.ts";
import { assumeWith } from "embedded-aws/testing";

const STATE = "example-pulumi-state";
const PROJECTS = {
  customer: {
    account: CUSTOMER,
    program: customerProgram as () => Promise<unknown>,
    config: { partnerAccountId: PARTNER, createTrail: "true" },
  },
  partner: {
    account: PARTNER,
    program: partnerProgram as () => Promise<unknown>,
    // A device registry that stays is protected, and nobody can delete it.
    config: { customers: JSON.stringify([roleArnOf(CUSTOMER)]), keepOnDestroy: "false" },
  },
} as const;

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

for (const [side, { account, program, config }] of Object.entries(PROJECTS)) {
  describe(`the ${side}'s pipeline`, () => {
    let running: RunningCloud;
    let pipeline: Awaited<ReturnType<typeof deployPipeline>>;
    let deployed: Awaited<ReturnType<typeof deploySide>>;
    let previewing: Keys;
    let deploying: Keys;
    before(async () => {
      running = await startCloud();
      pipeline = await deployPipeline();
      await new S3(running.config(account)).createBucket({ Bucket: STATE });
      previewing = await session("preview");
      deploying = await session("deploy");
      deployed = await deploySide(deploying);
    });
    after(() => running.endpoint.close());

    const environment = (keys: Keys) => ({
      endpoint: running.cloud.endpoint,
      credentials: () => Promise.resolve(keys),
    });
    const deployPipeline = () =>
      deployStack(environment(running.cloud.administrator(account)), {
        project: "iot-hooks-pipeline",
        program: pipelineProgram,
        config: {
          "aws:region": DEFAULT_REGION,
          accountId: account,
          side,
          repository: "example/hooks",
          stateBucket: STATE,
        },
      });
    const deploySide = (keys: Keys) =>
      deployStack(environment(keys), {
        project: side,
        program,
        config: { "aws:region": DEFAULT_REGION, accountId: account, ...config },
      });
    const provider = (keys: Keys) =>
      new ProviderInstance({ region: DEFAULT_REGION, allowedAccountIds: [account] }, environment(keys));

    /** Keys of a session with the policy of one of the two roles. */
    async function session(purpose: "preview" | "deploy"): Promise<Keys> {
      const made = pipeline.resources.find(
        ({ type, name }) => type === "aws:iam/rolePolicy:RolePolicy" && name.endsWith(purpose),
      );
      const { role: RoleName, name: PolicyName } = made?.state as { role: string; name: string };
      const { PolicyDocument = "" } = await new IAM(running.config(account)).getRolePolicy({ RoleName, PolicyName });
      const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument)) as { Statement: object[] };
      return assumeWith(running, account, Statement, purpose);
    }
    const readAll = async (resources: readonly Made[], keys: Keys) => {
      const reader = provider(keys);
      return Promise.all(resources.map(({ type, id, state }) => reader.read(type, id, state)));
    };

    it("previews: it reads all that is deployed, and the account's endpoint", async () => {
      const { resources } = deployed;
      const seen = await readAll(resources, previewing);
      expect(seen).to.deep.equal(await readAll(resources, running.cloud.administrator(account)));
      expect(seen).not.to.include(undefined);
      if (side === "partner") {
        const endpoint = await invoke("aws:iot/getEndpoint:getEndpoint", await provider(previewing).clients(), {
          endpointType: "iot:Data-ATS",
        });
        expect(endpoint.endpointAddress).to.be.a("string");
      }
    });

    it("previews: it can change, make and delete none of it", async () => {
      const { resources } = deployed;
      const before = await readAll(resources, running.cloud.administrator(account));
      const viewer = provider(previewing);
      for (const { type, id, name, state } of resources) {
        await refused(viewer.delete(type, id, state), `delete ${name} (${type})`);
        await refused(viewer.create(type, renamed(type, state)), `create another ${name} (${type})`);
      }
      expect(await readAll(resources, running.cloud.administrator(account))).to.deep.equal(before);
    });

    // The keys that the real engine makes in a backend for these projects and stacks.
    const OWN_STATE = [
      `.pulumi/stacks/iot-hooks-${side}/prod.json`,
      `.pulumi/history/iot-hooks-${side}/prod/prod-1.checkpoint.json`,
      `.pulumi/locks/organization/iot-hooks-${side}/prod/1.json`,
      ...(side === "partner" ? [".pulumi/stacks/iot-hooks-partner-customer/c17.json"] : []),
    ];
    const OTHERS = [".pulumi/stacks/iot-hooks-pipeline/prod.json", ".pulumi/stacks/else/prod.json", "other.txt"];

    it("reads its side's state, which only a deployment writes, and nothing else of that bucket", async () => {
      const admin = new S3(running.config(account));
      for (const Key of [...OWN_STATE, ...OTHERS, ".pulumi/meta.yaml"])
        await admin.putObject({ Bucket: STATE, Key, Body: "{}" });
      const [viewer, deployer] = [new S3(running.config(previewing)), new S3(running.config(deploying))];
      for (const Key of [...OWN_STATE, ".pulumi/meta.yaml"]) {
        const { Body } = await viewer.getObject({ Bucket: STATE, Key });
        expect(await Body?.transformToString()).to.equal("{}");
        await refused(viewer.putObject({ Bucket: STATE, Key, Body: "x" }), `write ${Key}`);
        await refused(viewer.deleteObject({ Bucket: STATE, Key }), `delete ${Key}`);
        await deployer.getObject({ Bucket: STATE, Key });
      }
      for (const Key of OWN_STATE) {
        await deployer.putObject({ Bucket: STATE, Key, Body: "x" });
        await deployer.deleteObject({ Bucket: STATE, Key });
      }
      for (const Key of OTHERS) {
        await refused(viewer.getObject({ Bucket: STATE, Key }), `read ${Key}`);
        await refused(deployer.getObject({ Bucket: STATE, Key }), `read ${Key}`);
        await refused(deployer.putObject({ Bucket: STATE, Key, Body: "x" }), `write ${Key}`);
      }
    });

    it("deploys nothing but the stack: not its own roles, not others, and no role for another service", async () => {
      const iam = new IAM(running.config(deploying));
      for (const { type, state } of pipeline.resources) {
        if (type !== "aws:iam/role:Role") continue;
        const RoleName = state.name as string;
        await refused(iam.putRolePolicy({ RoleName, PolicyName: "p", PolicyDocument: POLICY }), `widen ${RoleName}`);
        await refused(iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: POLICY }), `open ${RoleName}`);
        await refused(iam.deleteRole({ RoleName }), `delete ${RoleName}`);
      }
      await refused(iam.createRole({ RoleName: "admin", AssumeRolePolicyDocument: TRUST }), "make another role");
      const other = { FunctionName: "other", Role: roleArnOf(account), Code: { ZipFile: new Uint8Array(1) } };
      await refused(new Lambda(running.config(deploying)).createFunction(other), "make another function");
    });

    it("deploys the whole stack and destroys it, with what its role may do", async () => {
      expect(deployed.resources).to.have.length.above(8);
      await deployed.destroy();
      expect(new Set(await readAll(deployed.resources, running.cloud.administrator(account)))).to.deep.equal(
        new Set([undefined]),
      );
    });
  });
}

const POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "iam:*", Resource: "*" }],
});
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
});

/** Under another physical name, so that a creation isn't refused because there is one already. */
function renamed(type: string, state: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const property = type === "aws:s3/bucket:Bucket" ? "bucket" : "name";
  const name = state[property];
  return typeof name === "string" ? { ...state, [property]: `${name}2` } : { ...state };
}

/** What services call a missing permission. */
const REFUSALS = ["AccessDenied", "AccessDeniedException", "ForbiddenException", "UnauthorizedException"];

/** Fails for an attempt that succeeds, and for one that fails for another reason. */
async function refused(attempt: Promise<unknown>, what: string): Promise<void> {
  const error = await attempt.then(
    () => new Error(`it could ${what}`),
    (cause: unknown) => cause as Error,
  );
  expect(error.name, `${what}: ${error.message}`).to.be.oneOf(REFUSALS);
}
