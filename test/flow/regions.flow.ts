// One customer with things in several Regions, one partner in another: a deployment per Region, told apart by suffixes.
import { IoT } from "@aws-sdk/client-iot";
import { expect } from "chai";
import {
  CUSTOMER,
  PARTNER,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  roleArnOf,
  startCloud,
  watch,
} from "./deployment.ts";

const PARTNER_REGION = "eu-central-1";
/** Of the customer's things. The partner hasn't switched the last one on: nothing of it is needed there. */
const REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-3"];
const suffixOf = (region: string) => region.replaceAll("-", "");

describe("a customer with things in several Regions", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
    await running.control("PUT", "delivery", { disabledRegions: { [PARTNER]: ["ap-southeast-3"] } });
    await deployPartner(
      running,
      REGIONS.map((region) => roleArnOf(CUSTOMER, `-${suffixOf(region)}`)),
      { "aws:region": PARTNER_REGION, operations: '["create_thing","delete_thing"]' },
    );
    for (const region of REGIONS)
      await deployCustomer(running, {
        "aws:region": region,
        partnerRegion: PARTNER_REGION,
        nameSuffix: suffixOf(region),
        operations: '["create_thing","delete_thing"]',
      });
  });
  after(() => running.endpoint.close());

  /** What the partner sees of it, as Region and operation. */
  async function seen(happens: () => Promise<unknown>): Promise<string[]> {
    const { messages, stop } = watch(running, PARTNER_REGION);
    await happens();
    await running.cloud.settled();
    stop();
    return messages.map(({ thingArn, operation }) => `${String(thingArn).split(":")[3]} ${String(operation)}`).sort();
  }
  const iot = (region: string) => new IoT(running.config(CUSTOMER, region));

  it("is heard from each, by one publish role, and things of one name are told apart by their Regions", async () => {
    const created = await seen(() =>
      Promise.all(REGIONS.map((region) => iot(region).createThing({ thingName: "lamp" }))),
    );
    expect(created).to.deep.equal(REGIONS.map((region) => `${region} create_thing`).sort());
    expect(await seen(() => iot("eu-west-1").deleteThing({ thingName: "lamp" }))).to.deep.equal([
      "eu-west-1 delete_thing",
    ]);
    // The others' things are still there: what is known of one Region's lamp is not of another's.
    expect(await seen(() => iot("eu-west-1").createThing({ thingName: "lamp" }))).to.deep.equal([
      "eu-west-1 create_thing",
    ]);
  });
});
