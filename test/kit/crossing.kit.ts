// The customer's side made of the template instead of by Pulumi: does a thing cross, and is what lies in the account
// the same?
import { expect } from "chai";
import { Clients } from "embedded-aws/pulumi";
import { templateOf } from "../../kit/cloudformation/template.ts";
import { plan } from "../../kit/plan.ts";
import type { Json } from "../../kit/value.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  DEFAULT_REGION,
  PARTNER,
  type RunningCloud,
  createThing,
  deployCustomer,
  deployPartner,
  roleArnOf,
  startCloud,
} from "../flow/deployment.ts";
import { UUID, parametersOf } from "./deployments.ts";
import { contentOf } from "./content.ts";
import { createStack } from "./stack.ts";

describe("a customer without Pulumi", () => {
  let running: RunningCloud;
  let outputs: Readonly<Record<string, Json>>;
  const clientsOf = (account: string) =>
    new Clients({
      endpoint: running.endpoint.url,
      region: DEFAULT_REGION,
      credentials: running.cloud.administrator(account),
    });
  const settings = {
    partnerAccountId: PARTNER,
    partnerRegion: DEFAULT_REGION,
    externalId: "customer-17",
    operations: ["create_thing" as const, "delete_thing" as const],
    createTrail: true,
    reconcile: "rate(1 day)",
  };

  before(async function () {
    this.timeout(120_000);
    running = await startCloud();
    await deployPartner(running, [roleArnOf(CUSTOMER)], {
      operations: JSON.stringify(["create_thing", "delete_thing"]),
      externalIds: JSON.stringify({ [CUSTOMER]: "customer-17" }),
    });
    outputs = await createStack(clientsOf(CUSTOMER), templateOf(await plan()), {
      accountId: CUSTOMER,
      region: DEFAULT_REGION,
      uuid: UUID,
      parameters: parametersOf(settings),
    });
  });
  after(() => running.endpoint.close());

  it("announces a thing from a stack of the template", async () => {
    const arrived = await createThing(running, "from-a-stack");
    expect(arrived.map(({ thingName, accountId }) => [thingName, accountId])).to.deep.equal([
      ["from-a-stack", CUSTOMER],
    ]);
  });

  it("puts out what the component puts out, and has in the account what the component makes", async () => {
    const { outputs: expected } = await deployCustomer(
      running,
      {
        operations: JSON.stringify(["create_thing", "delete_thing"]),
        externalId: "customer-17",
        reconcile: "rate(1 day)",
      },
      CUSTOMER2,
    );
    expect(Object.keys(outputs)).to.include.members(["RoleArn", "FunctionAliasArn", "DeadLetterQueueUrlsAnnounce"]);
    expect(outputs.FunctionVersion).to.equal(expected.functionVersion);
    const ofStack = await contentOf(clientsOf(CUSTOMER));
    const ofComponent = await contentOf(clientsOf(CUSTOMER2));
    // By kind: what differs is shown, and not all of it.
    expect(Object.keys(ofStack)).to.deep.equal(Object.keys(ofComponent));
    for (const [kind, all] of Object.entries(ofComponent)) expect(ofStack[kind], kind).to.deep.equal(all);
  });
});
