// The page's button by which one customer tries to pass as another, of what is deployed by then.
import { IAM } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { impersonate } from "../../start/impersonation.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  PARTNER,
  type RunningCloud,
  createThing,
  deployCustomer,
  deployPartner,
  lastEntry,
  refusals,
  roleArnOf,
  startCloud,
} from "./deployment.ts";

describe("one customer passes as another", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());

  it("says that there is nothing before somebody deploys", async () => {
    const error: unknown = await impersonate(running.cloud, CUSTOMER2, CUSTOMER).catch((thrown: unknown) => thrown);
    expect((error as Error).message).to.contain("has the tag cross-account-iot-hooks:function=announce");
  });

  it("is refused by the other's role and by the policy of its own, and leaves everything as it was", async () => {
    for (const account of [CUSTOMER, CUSTOMER2])
      await deployCustomer(running, { externalId: `of-${account}` }, account);
    const externalIds = { [CUSTOMER]: `of-${CUSTOMER}`, [CUSTOMER2]: `of-${CUSTOMER2}` };
    await deployPartner(running, [roleArnOf(CUSTOMER), roleArnOf(CUSTOMER2)], {
      externalIds: JSON.stringify(externalIds),
    });
    const iam = new IAM(running.config(CUSTOMER2));
    const RoleName = roleArnOf(CUSTOMER2).split("/").at(-1);
    const trust = async () => (await iam.getRole({ RoleName })).Role?.AssumeRolePolicyDocument;
    const before = await trust();
    const since = lastEntry(running);
    const said = await impersonate(running.cloud, CUSTOMER2, CUSTOMER);
    expect(said).to.match(
      /wanted the role of 111111111111: refused, AccessDenied.* cross_account_hooks\/111111111111\/create_thing: refused, Forb/,
    );
    const refused = refusals(running.cloud, since);
    expect(refused.map(({ action, missing }) => [action, ...missing.map(({ side, account }) => `${side} ${account}`)]))
      // The function's own role isn't meant to assume another's either.
      .to.deep.equal([
        ["sts:AssumeRole", `identity ${CUSTOMER2}`, `trust ${PARTNER}`],
        ["iot:Publish", `identity ${PARTNER}`],
      ]);
    expect(await trust()).to.equal(before);
    expect(await createThing(running, "afterwards", CUSTOMER2)).to.have.length(1);
  });
});
