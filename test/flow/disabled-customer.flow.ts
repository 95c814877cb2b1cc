// A customer that is cut off while its function has credentials: those are refused from then on, not when they end.
import { IAM } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { inputsOf } from "../harness/run-stack.ts";
import { runPartner } from "../harness/stacks.ts";
import {
  CUSTOMER,
  type RunningCloud,
  PARTNER,
  createThing,
  deployCustomer,
  deployPartner,
  lastEntry,
  roleArnOf,
  startCloud,
  watch,
} from "./deployment.ts";
import { redriveSide } from "./redriving.ts";

const RoleName = `publish-from-customer-role-${CUSTOMER}`;
/** Longer than Lambda's retries, shorter than the hour that the credentials last. */
const RETRIES_MS = 10 * 60_000;

describe("a customer in disabledCustomers", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());

  /** As an update of the partner's program does it: in place, by the policy of the customer's role. */
  const update = async (disabledCustomers: readonly string[]) => {
    const config = { customers: JSON.stringify([roleArnOf(CUSTOMER)]) };
    const { resources } = await runPartner({ ...config, disabledCustomers: JSON.stringify(disabledCustomers) });
    const { policy } = inputsOf(resources, "aws:iam/rolePolicy:RolePolicy", `iot-hooks-publish-${CUSTOMER}`);
    const iam = new IAM(running.config(PARTNER));
    const [PolicyName = ""] = (await iam.listRolePolicies({ RoleName })).PolicyNames ?? [];
    await iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: JSON.stringify(policy) });
  };
  const partnersSide = (since: number) =>
    running.cloud.trace
      .since(since)
      .filter(({ name, principal }) => ["AssumeRole", "Publish"].includes(name) && principal?.includes("publish-"))
      .map(({ name, outcome }) => `${name}: ${outcome}`);

  it("is refused with the credentials that it has already; what it announces waits in its own queue", async () => {
    const customer = await deployCustomer(running);
    await deployPartner(running);
    const started = lastEntry(running);
    expect(await createThing(running)).to.have.length(1);
    expect(partnersSide(started)).to.deep.equal(["AssumeRole: ok", "Publish: ok"]);

    await update([CUSTOMER]);
    const cutOff = lastEntry(running);
    expect(await createThing(running, "bulb")).to.deep.equal([]);
    // The live session first. Then the function asks for another, in case that the first is of before a permission.
    expect(partnersSide(cutOff)).to.deep.equal(["Publish: denied", "AssumeRole: ok", "Publish: denied"]);
    await running.cloud.advance(RETRIES_MS);

    await update([]);
    const { messages, stop } = watch(running);
    await redriveSide(running, "customer", customer.outputs);
    await running.cloud.settled();
    stop();
    expect(messages.map(({ thingName }) => thingName)).to.deep.equal(["bulb"]);
  });
});
