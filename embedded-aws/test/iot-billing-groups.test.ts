import { CloudTrail } from "@aws-sdk/client-cloudtrail";
import { IoT } from "@aws-sdk/client-iot";
import { expect } from "chai";
import { CUSTOMER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";
import { assumeWith } from "./roles.ts";

const ARN = `arn:aws:iot:us-east-1:${CUSTOMER}`;
const GROUP = { billingGroupName: "north" };
const THING = { thingName: "lamp" };

describe("IoT of the embedded AWS: billing groups", () => {
  let running: RunningCloud;
  let iot: IoT;
  before(async () => {
    running = await startCloud();
    iot = new IoT(running.config(CUSTOMER));
  });
  beforeEach(() => running.cloud.reset());
  after(() => running.endpoint.close());

  const groupOf = async () => (await iot.describeThing(THING)).billingGroupName;
  const thingsIn = async (billingGroupName: string) =>
    (await iot.listThingsInBillingGroup({ billingGroupName })).things;

  it("are described as they were created, with tags", async () => {
    const { billingGroupId, billingGroupArn } = await iot.createBillingGroup({
      ...GROUP,
      billingGroupProperties: { billingGroupDescription: "cold" },
      tags: [{ Key: "team", Value: "one" }],
    });
    expect(billingGroupArn).to.equal(`${ARN}:billinggroup/north`);
    const { $metadata: _, ...described } = await iot.describeBillingGroup(GROUP);
    const creationDate = described.billingGroupMetadata?.creationDate;
    expect(creationDate).to.be.instanceOf(Date);
    expect(described).to.deep.equal({
      ...GROUP,
      ...{ billingGroupId, billingGroupArn, version: 1, billingGroupMetadata: { creationDate } },
      billingGroupProperties: { billingGroupDescription: "cold" },
    });
    const { tags } = await iot.listTagsForResource({ resourceArn: billingGroupArn });
    expect(tags).to.deep.equal([{ Key: "team", Value: "one" }]);
  });

  it("may be created again alike, but not otherwise", async () => {
    const { billingGroupId } = await iot.createBillingGroup(GROUP);
    expect((await iot.createBillingGroup(GROUP)).billingGroupId).to.equal(billingGroupId);
    const other = iot.createBillingGroup({ ...GROUP, billingGroupProperties: { billingGroupDescription: "x" } });
    expect(await failure(other)).to.match(/^ResourceAlreadyExistsException: /);
  });

  it("are updated and deleted under their version; deleting one that isn't there succeeds", async () => {
    await iot.createBillingGroup(GROUP);
    const billingGroupProperties = { billingGroupDescription: "warm" };
    const update = (expectedVersion: number) =>
      iot.updateBillingGroup({ ...GROUP, billingGroupProperties, expectedVersion });
    expect(await failure(update(3))).to.match(/^VersionConflictException: /);
    expect((await update(1)).version).to.equal(2);
    expect((await iot.describeBillingGroup(GROUP)).billingGroupProperties).to.deep.equal(billingGroupProperties);
    expect(await failure(iot.deleteBillingGroup({ ...GROUP, expectedVersion: 1 }))).to.match(/^VersionConflict/);
    await iot.deleteBillingGroup({ ...GROUP, expectedVersion: 2 });
    await iot.deleteBillingGroup(GROUP);
    expect(await failure(iot.describeBillingGroup(GROUP))).to.match(/^ResourceNotFoundException: /);
    expect(await failure(update(1))).to.match(/^ResourceNotFoundException: /);
  });

  it("take things in and let them go, by name or by ARN, and a thing is in one at most", async () => {
    const { thingArn } = await iot.createThing(THING);
    const { billingGroupArn } = await iot.createBillingGroup(GROUP);
    await iot.createBillingGroup({ billingGroupName: "south" });
    expect(await groupOf()).to.equal(undefined);
    await iot.addThingToBillingGroup({ thingArn, billingGroupArn });
    expect(await groupOf()).to.equal("north");
    expect(await thingsIn("north")).to.deep.equal(["lamp"]);
    await iot.removeThingFromBillingGroup({ ...THING, billingGroupName: "south" });
    expect(await groupOf()).to.equal("north");
    await iot.addThingToBillingGroup({ ...THING, billingGroupName: "south" });
    expect([await thingsIn("north"), await thingsIn("south")]).to.deep.equal([[], ["lamp"]]);
    await iot.removeThingFromBillingGroup({ ...THING, billingGroupName: "south" });
    expect(await groupOf()).to.equal(undefined);
    expect((await iot.describeThing(THING)).version).to.equal(1);
    const nowhere = iot.addThingToBillingGroup({ ...THING, billingGroupName: "nowhere" });
    expect(await failure(nowhere)).to.match(/^ResourceNotFoundException: The billing group nowhere /);
  });

  it("take a thing in when it is created, and let it go when they are deleted", async () => {
    const create = () => iot.createThing({ ...THING, ...GROUP });
    expect(await failure(create())).to.match(/^ResourceNotFoundException: The billing group north /);
    expect(await failure(iot.describeThing(THING))).to.match(/^ResourceNotFoundException: /);
    await iot.createBillingGroup(GROUP);
    await create();
    await create();
    expect(await groupOf()).to.equal("north");
    const elsewhere = iot.createThing({ ...THING, billingGroupName: "south" });
    expect(await failure(elsewhere)).to.match(/^ResourceAlreadyExistsException: /);
    await iot.deleteBillingGroup(GROUP);
    expect(await groupOf()).to.equal(undefined);
  });

  it("are listed by prefix", async () => {
    for (const billingGroupName of ["north", "south"]) await iot.createBillingGroup({ billingGroupName });
    const { billingGroups } = await iot.listBillingGroups({ namePrefixFilter: "so" });
    expect(billingGroups).to.deep.equal([{ groupName: "south", groupArn: `${ARN}:billinggroup/south` }]);
  });

  it("are asked for by their ARN, beside that of the thing, and of a thing that is created in one", async () => {
    await iot.createBillingGroup(GROUP);
    await iot.createThing(THING);
    const as = async (name: string, ...Resource: string[]) => {
      const credentials = await assumeWith(running, CUSTOMER, [{ Effect: "Allow", Action: "iot:*", Resource }], name);
      return new IoT(running.config(credentials));
    };
    const one = await as("one", `${ARN}:thing/*`);
    const denied = /^AccessDeniedException: .* on resource: \S+:billinggroup\/north/;
    expect(await failure(one.addThingToBillingGroup({ ...THING, ...GROUP }))).to.match(denied);
    expect(await failure(one.createThing({ thingName: "fan", ...GROUP }))).to.match(denied);
    expect(await failure(one.describeBillingGroup(GROUP))).to.match(denied);
    await one.createThing({ thingName: "fan" });
    const other = await as("other", `${ARN}:thing/*`, `${ARN}:billinggroup/north`);
    await other.addThingToBillingGroup({ ...THING, ...GROUP });
    expect(await failure(other.createBillingGroup({ billingGroupName: "south" }))).to.match(/iot:CreateBillingGroup/);
  });

  it("leave records of their calls in CloudTrail, found by their name", async () => {
    await iot.createThing(THING);
    const { billingGroupId } = await iot.createBillingGroup(GROUP);
    await iot.addThingToBillingGroup({ ...THING, ...GROUP });
    const { Events = [] } = await new CloudTrail(running.config(CUSTOMER)).lookupEvents({
      LookupAttributes: [{ AttributeKey: "ResourceName", AttributeValue: "north" }],
    });
    expect(Events.map(({ EventName }) => EventName)).to.deep.equal(["AddThingToBillingGroup", "CreateBillingGroup"]);
    const [added, created] = Events.map(
      ({ CloudTrailEvent = "" }) => JSON.parse(CloudTrailEvent) as Readonly<Record<string, object | null>>,
    );
    expect(added).to.deep.include({ requestParameters: { ...THING, ...GROUP }, responseElements: null });
    expect(created?.["responseElements"]).to.include({ ...GROUP, billingGroupId });
  });
});
