// The deploy role may make roles and write code for them. Without a permissions boundary that is a way to every
// permission of the account; with one it isn't.
import { expect } from "chai";
import { IAM } from "@aws-sdk/client-iam";
import { Lambda } from "@aws-sdk/client-lambda";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { authorize, parsePolicy } from "embedded-aws";
import { deployStack } from "embedded-aws/pulumi";
import { assumeWith, documentOf, takeRejections } from "embedded-aws/testing";
import { customerProgram } from "../../customer/program.ts";
import { deployPolicy } from "../../pipeline/permissions.ts";
import { pipelineProgram } from "../../pipeline/program.ts";
import {
  CUSTOMER,
  DEFAULT_REGION,
  PARTNER,
  type RunningCloud,
  createThing,
  deployPartner,
  startCloud,
} from "../flow/deployment.ts";

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}
const EVERYTHING = documentOf({ Effect: "Allow", Action: "*", Resource: "*" });
const LAMBDA = documentOf({
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal: { Service: "lambda.amazonaws.com" },
});
const ROLE = `arn:aws:iam::${CUSTOMER}:role/github-iot-hooks-deploy`;
const BOUNDARY = `arn:aws:iam::${CUSTOMER}:policy/hooks-boundary`;

describe("the pipeline's deploy role", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());
  afterEach(() => running.cloud.reset());

  const access = (keys: Keys) => ({ endpoint: running.cloud.endpoint, credentials: () => Promise.resolve(keys) });
  const admin = () => new IAM(running.config(CUSTOMER));

  /** Keys of a session with the policy that the pipeline's stack gives its deploy role. */
  async function deployRole(config: Readonly<Record<string, string>> = {}): Promise<Keys> {
    const { resources } = await deployStack(access(running.cloud.administrator(CUSTOMER)), {
      project: "iot-hooks-pipeline",
      program: pipelineProgram,
      config: {
        ...{ "aws:region": DEFAULT_REGION, accountId: CUSTOMER, side: "customer", repository: "example/hooks" },
        ...{ stateBucket: "example-pulumi-state", ...config },
      },
    });
    const made = resources.find(({ type, name }) => type.endsWith("RolePolicy") && name.endsWith("deploy"));
    const { policy } = made?.state as { policy: string };
    return assumeWith(running, CUSTOMER, (JSON.parse(policy) as { Statement: object[] }).Statement);
  }

  /** What the side's roles need, and nothing about IAM. */
  const makeBoundary = () =>
    admin().createPolicy({
      PolicyName: "hooks-boundary",
      PolicyDocument: documentOf({
        Effect: "Allow",
        Action: ["sts:AssumeRole", "iot:Describe*", "logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"],
        Resource: "*",
      }),
    });

  /**
   * What somebody who can change the program would deploy: a role that may do anything, and a function that hands its
   * keys to another account.
   */
  const escalation = (permissionsBoundary?: string) => () => {
    const provider = new aws.Provider("own", { region: DEFAULT_REGION, allowedAccountIds: [CUSTOMER] });
    const role = new aws.iam.Role(
      "iot-hooks-x",
      { assumeRolePolicy: LAMBDA, ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }) },
      { provider },
    );
    const policy = new aws.iam.RolePolicy("iot-hooks-x", { role: role.name, policy: EVERYTHING }, { provider });
    const code = new pulumi.asset.AssetArchive({
      "index.js": new pulumi.asset.StringAsset("exports.handler = async () => process.env;"),
    });
    const thief = new aws.lambda.Function(
      "iot-hooks-x",
      { role: role.arn, code, handler: "index.handler", runtime: "nodejs24.x" },
      { provider, dependsOn: [policy] },
    );
    new aws.lambda.Permission(
      "iot-hooks-x",
      { function: thief.name, action: "lambda:InvokeFunction", principal: PARTNER },
      { provider },
    );
    return Promise.resolve({ functionArn: thief.arn });
  };

  const deploy = (keys: Keys, program: () => Promise<{ functionArn: pulumi.Output<string> }>) =>
    deployStack(access(keys), { project: "escalation", program, config: {} });

  /** IAM as the role of the function. */
  async function stolen(FunctionName: string): Promise<IAM> {
    const { Payload } = await new Lambda(running.config(PARTNER)).invoke({ FunctionName });
    const env = JSON.parse(Buffer.from(Payload ?? []).toString()) as Record<string, string>;
    return new IAM(
      running.config({
        accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
        secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
        sessionToken: env.AWS_SESSION_TOKEN ?? "",
      }),
    );
  }

  it("can become an administrator through a role that it makes, where it has no boundary", async () => {
    const { outputs } = await deploy(await deployRole(), escalation());
    const iam = await stolen(outputs.functionArn);
    await iam.createRole({ RoleName: "mine", AssumeRolePolicyDocument: LAMBDA });
    await admin().getRole({ RoleName: "mine" });
  });

  describe("with a boundary", () => {
    let keys: Keys;
    const iam = () => new IAM(running.config(keys));
    beforeEach(async () => {
      await makeBoundary();
      keys = await deployRole({ permissionsBoundaryArn: BOUNDARY });
    });

    it("makes no role without it", async () => {
      expect(await wordsOf(deploy(keys, escalation()))).to.match(/not authorized to perform: iam:CreateRole/);
      await takeRejections(); // of what depended on the role
    });

    it("gains nothing by a role with it, whatever that role's policy says", async () => {
      const { outputs } = await deploy(keys, escalation(BOUNDARY));
      const thief = await stolen(outputs.functionArn);
      expect(await wordsOf(thief.createRole({ RoleName: "mine", AssumeRolePolicyDocument: LAMBDA }))).to.match(
        /no permissions boundary allows the iam:CreateRole action/,
      );
    });

    it("neither takes it off a role, nor puts another on, nor rewrites it", async () => {
      const RoleName = "iot-hooks-x";
      const trust = { AssumeRolePolicyDocument: LAMBDA };
      await iam().createRole({ RoleName, ...trust, PermissionsBoundary: BOUNDARY });
      const wider = "arn:aws:iam::aws:policy/AdministratorAccess";
      const attempts = [
        () => iam().deleteRolePermissionsBoundary({ RoleName }),
        () => iam().putRolePermissionsBoundary({ RoleName, PermissionsBoundary: wider }),
        () => iam().attachRolePolicy({ RoleName, PolicyArn: wider }),
        () => iam().deletePolicy({ PolicyArn: BOUNDARY }),
        () => iam().createRole({ RoleName: "iot-hooks-y", ...trust, PermissionsBoundary: wider }),
      ];
      for (const attempt of attempts) expect(await wordsOf(attempt())).to.match(/not authorized to perform: iam:/);
    });

    it("may change no managed policy at all, so not the boundary either", () => {
      const document = deployPolicy({
        side: "customer",
        account: { accountId: CUSTOMER, region: DEFAULT_REGION },
        stateBucket: "example-pulumi-state",
        permissionsBoundaryArn: BOUNDARY,
      });
      const policy = parsePolicy(JSON.stringify(document), "identity");
      for (const action of ["CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicyVersion", "DeletePolicy"]) {
        const { allowed } = authorize({
          principal: { kind: "role", arn: ROLE, account: CUSTOMER, uniqueId: "AROA" },
          action: `iam:${action}`,
          resource: BOUNDARY,
          resourceAccount: CUSTOMER,
          context: {},
          identity: [{ name: "deploy", policy }],
        });
        expect(allowed, action).to.equal(false);
      }
    });

    it("widens no role that was made without it, until it has it", async () => {
      const RoleName = "iot-hooks-old";
      await admin().createRole({ RoleName, AssumeRolePolicyDocument: LAMBDA });
      const widen = () => iam().putRolePolicy({ RoleName, PolicyName: "p", PolicyDocument: EVERYTHING });
      expect(await wordsOf(widen())).to.match(/not authorized to perform: iam:PutRolePolicy/);
      await iam().putRolePermissionsBoundary({ RoleName, PermissionsBoundary: BOUNDARY });
      await widen();
    });

    it("deploys a side whose roles have it, and takes it down; things come across", async () => {
      await deployPartner(running);
      const side = await deployStack(access(keys), {
        project: "iot-hooks-customer",
        program: customerProgram,
        config: {
          ...{ "aws:region": DEFAULT_REGION, accountId: CUSTOMER, partnerAccountId: PARTNER, createTrail: "true" },
          permissionsBoundaryArn: BOUNDARY,
        },
      });
      expect(await createThing(running)).to.have.length(1);
      await side.destroy();
    });
  });
});

/** The words with which an attempt failed. */
const wordsOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => "it succeeded",
    (error: unknown) => String(error),
  );
