// AWS's parts know of one another only a while later: roles, policies, trails. Programs and functions come through it.
import { expect } from "chai";
import {
  CUSTOMER,
  PARTNER,
  changeRolePolicy,
  createThing,
  deployCustomer,
  deployPartner,
  startCloud,
  watch,
  type RunningCloud,
  type Statement,
} from "./deployment.ts";

describe("with an AWS that takes its time", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());

  const calls = (name: string, account: string) =>
    running.cloud.trace.since().filter((entry) => entry.name === name && entry.account === account);

  describe("to know roles and policies", () => {
    before(async () => {
      running.cloud.delivery.set({ iamDelaySeconds: 60 });
      // However long a deployment takes here: a role isn't known until somebody was refused for it.
      const stop = running.cloud.trace.subscribe(({ name, outcome }) => {
        if (name === "CreateFunction" && outcome !== "ok") void running.cloud.advance(60_000);
      });
      await deployPartner(running);
      await deployCustomer(running);
      stop();
      await running.cloud.advance(60_000);
      running.cloud.delivery.set({ iamDelaySeconds: 0 });
    });
    afterEach(() => {
      running.cloud.faults.set([]);
    });
    after(() => running.cloud.reset());

    it("a first deployment waits for its roles, and what it made works", async () => {
      for (const account of [CUSTOMER, PARTNER]) {
        const made = calls("CreateFunction", account);
        expect(made[0]?.error?.message).to.equal("The role defined for the function cannot be assumed by Lambda.");
        expect(made.at(-1)?.outcome).to.equal("ok");
      }
      expect(await createThing(running, "first")).to.have.length(1);
    });

    it("a publish that is denied once is tried again at once, with new credentials", async () => {
      running.cloud.faults.set([{ service: "iotdata", operation: "Publish", fault: "deny", times: 1 }]);
      const before = calls("AssumeRole", CUSTOMER).length;
      expect(await createThing(running, "denied-once")).to.have.length(1);
      const announcing = calls("AssumeRole", CUSTOMER)
        .slice(before)
        .filter(({ principal }) => principal?.includes("assumed-role"));
      expect(announcing).to.have.length(1);
    });

    it("a publish that is denied for a minute is tried again by Lambda", async () => {
      running.cloud.faults.set([{ service: "iotdata", operation: "Publish", fault: "deny", times: 2 }]);
      expect(await createThing(running, "denied-twice")).to.deep.equal([]);
      const { messages, stop } = watch(running);
      await running.cloud.advance(61_000);
      stop();
      expect(messages.map(({ thingName }) => thingName)).to.deep.equal(["denied-twice"]);
    });

    it("a thing that is created before a policy is in effect arrives with Lambda's retry", async () => {
      const role = `publish-to-partner-role-${PARTNER}`;
      let kept: Statement[] = [];
      const without = (statements: Statement[]) => {
        kept = statements;
        return statements.filter(({ Action }) => ![Action].flat().includes("sts:AssumeRole"));
      };
      await changeRolePolicy(running, CUSTOMER, role, without);
      // Past the session that a warm function keeps.
      await running.cloud.advance(3_600_000);
      running.cloud.delivery.set({ iamDelaySeconds: 30 });
      await changeRolePolicy(running, CUSTOMER, role, () => kept);
      expect(await createThing(running, "early")).to.deep.equal([]);
      const { messages, stop } = watch(running);
      await running.cloud.advance(61_000);
      stop();
      expect(messages.map(({ thingName }) => thingName)).to.deep.equal(["early"]);
    });
  });

  describe("to switch on Regions and trails", () => {
    afterEach(() => running.cloud.reset());

    it("a partner in a Region that the customer hasn't switched on is reached by a session from another one", async () => {
      const REGION = "me-central-1";
      running.cloud.delivery.set({ disabledRegions: { [CUSTOMER]: [REGION] } });
      await deployPartner(running, undefined, { "aws:region": REGION });
      const customer = await deployCustomer(running, { partnerRegion: REGION });
      const { messages } = watch(running, REGION);
      await createThing(running);
      expect(messages.map(({ thingName }) => thingName)).to.deep.equal(["lamp"]);

      // In the strict reading that is played here, the partner's own Region would not do.
      await customer.destroy();
      await deployCustomer(running, { partnerRegion: REGION, stsRegion: REGION });
      await createThing(running, "unheard");
      expect(calls("AssumeRole", CUSTOMER).at(-1)?.error?.code).to.equal("InvalidClientTokenId");
      expect(messages).to.have.length(1);
    });

    it("a thing that is created before the trail is warm is missed, the next one arrives", async () => {
      running.cloud.delivery.set({ trailWarmUpSeconds: 300 });
      await deployPartner(running);
      await deployCustomer(running);
      expect(await createThing(running, "early")).to.deep.equal([]);
      await running.cloud.advance(300_000);
      expect(await createThing(running, "late")).to.have.length(1);
    });
  });
});
