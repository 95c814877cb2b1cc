// The functions as they are made, whole, with everything on: whatever else becomes of one is seen here.
import { expect } from "chai";
import { DEFAULT_REGIONS, defaultStsRegion } from "../../customer/sts-region.ts";
import { type Recorded, inputsOf } from "../harness/run-stack.ts";
import { CUSTOMER, PARTNER, customerRoleIn } from "../harness/stacks.ts";
import { customerWithEverything as customer, partnerWithEverything as partner } from "./everything-on.ts";

/** Without its code, which has tests of its own. */
function functionOf(resources: readonly Recorded[], name: string) {
  const { code, ...inputs } = inputsOf(resources, "aws:lambda/function:Function", name);
  expect(code, "code").to.not.equal(undefined);
  return inputs;
}
const made = (name: string, rest: object) => ({
  name: `${name}-1234567`,
  runtime: "nodejs24.x",
  architectures: ["arm64"],
  handler: "index.handler",
  memorySize: 256,
  timeout: 30,
  reservedConcurrentExecutions: -1,
  loggingConfig: {
    logFormat: "JSON",
    applicationLogLevel: "INFO",
    systemLogLevel: "WARN",
    logGroup: `/aws/lambda/${name}-1234567`,
  },
  publish: true,
  ...rest,
});
/** `hooks` finds deployments by these where it isn't told of a stack. */
const tags = (of: string, deployment: string) => ({
  "cross-account-iot-hooks:function": of,
  "cross-account-iot-hooks:deployment": deployment,
  "cross-account-iot-hooks:contract": "1",
});
const queueUrl = (account: string, name: string) =>
  `https://sqs.us-east-1.amazonaws.com/${account}/${name}-dead-letters-1234567`;

describe("the announce function", () => {
  it("is told of the partner, runs as the role that it trusts, and says by tags whose it is", async () => {
    const { resources } = await customer();
    expect(functionOf(resources, "iot-hooks-announce")).to.deep.equal(
      made("iot-hooks-announce", {
        description: `Announces things of AWS IoT to account ${PARTNER}`,
        role: customerRoleIn(CUSTOMER),
        environment: {
          variables: {
            ACCOUNT_ID: CUSTOMER,
            PARTNER_ROLE_ARN: `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}`,
            PARTNER_REGION: "us-east-1",
            STS_REGION: "us-east-1",
            OPERATIONS: "create_thing,delete_thing",
            FAILURE_QUEUE_URL: queueUrl(CUSTOMER, "iot-hooks-announce"),
          },
        },
        tags: tags("announce", PARTNER),
      }),
    );
  });

  it("has its deployment's suffix in its tags, and what the partner must do for it in a preview", async () => {
    const { resources } = await customer({ nameSuffix: "line-2" });
    expect(functionOf(resources, "iot-hooks-announce").tags).to.deep.equal(tags("announce", `${PARTNER}-line-2`));
    expect(inputsOf(resources, "iot-hooks:customer:AnnounceFunction")).to.deep.equal({
      partnerMust: `trust ${customerRoleIn(CUSTOMER, "-line-2")}, by its setting customers`,
    });
  });
});

describe("the schedule's function", () => {
  it("is told of the announce function's alias, and has as long as Lambda gives any", async () => {
    const { resources } = await customer();
    expect(functionOf(resources, "iot-hooks-reconcile")).to.deep.equal(
      made("iot-hooks-reconcile", {
        description: "Has all things of AWS IoT announced as they are",
        role: `arn:aws:iam::${CUSTOMER}:role/iot-hooks-reconcile-1234567`,
        timeout: 900,
        environment: {
          variables: {
            ANNOUNCE_ALIAS_ARN: `arn:aws:lambda:us-east-1:${CUSTOMER}:function:iot-hooks-announce-1234567:live`,
          },
        },
        tags: tags("reconcile", PARTNER),
      }),
    );
  });
});

describe("the receive function", () => {
  it("is told what customers may announce and where its tables are, and says by tags whose it is", async () => {
    const { resources } = await partner();
    expect(functionOf(resources, "iot-hooks-receive")).to.deep.equal(
      made("iot-hooks-receive", {
        description: "Receives what customers announce of their things",
        role: `arn:aws:iam::${PARTNER}:role/iot-hooks-receive-1234567`,
        environment: {
          variables: {
            OPERATIONS: "create_thing,sync_thing,delete_thing",
            CUSTOMERS_TABLE: "iot-hooks-customers-1234567",
            DEBUG: "true",
            BASIC_INGEST: "true",
            SENDER_CHECK: "observe",
            FAILURE_QUEUE_URL: queueUrl(PARTNER, "iot-hooks-receive"),
            REGISTRY_TABLE: "iot-hooks-registry-1234567",
          },
        },
        tags: tags("receive", PARTNER),
      }),
    );
  });
});

describe("each function", () => {
  it("has an alias for its newest version, which its triggers call, and logs for thirty days", async () => {
    const all = [...(await customer()).resources, ...(await partner()).resources];
    for (const name of ["iot-hooks-announce", "iot-hooks-reconcile", "iot-hooks-receive"]) {
      expect(inputsOf(all, "aws:lambda/alias:Alias", name), name).to.deep.equal({
        name: "live",
        description: "What the triggers call",
        functionName: `${name}-1234567`,
        functionVersion: "7",
      });
      const group = inputsOf(all, "aws:cloudwatch/logGroup:LogGroup", `/aws/lambda/${name}`);
      expect(group, name).to.deep.equal({ retentionInDays: 30 });
    }
  });
});

describe("the Region whose STS is asked", () => {
  it("is the partner's, where every account of its partition has that", () => {
    // Launched before 20 March 2019; AWS lists them, and adds none.
    expect(DEFAULT_REGIONS.aws).to.have.lengthOf(17);
    for (const region of Object.values(DEFAULT_REGIONS).flat()) expect(defaultStsRegion(region)).to.equal(region);
    const chosen = { "eu-south-1": "us-east-1", "ap-east-1": "us-east-1", "me-south-1": "us-east-1" };
    for (const [region, other] of Object.entries(chosen)) expect(defaultStsRegion(region), region).to.equal(other);
  });
});
