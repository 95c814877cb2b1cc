import { IoT } from "@aws-sdk/client-iot";
import { expect } from "chai";
import { FINGERPRINT, PEM } from "./certificate.ts";
import { CUSTOMER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";

describe("IoT of the embedded AWS: types, groups, principals, tags", () => {
  let running: RunningCloud;
  let iot: IoT;
  before(async () => {
    running = await startCloud();
    iot = new IoT(running.config(CUSTOMER));
  });
  beforeEach(() => running.cloud.reset());
  after(() => running.endpoint.close());

  describe("thing types", () => {
    it("are described as they were created", async () => {
      const { thingTypeId } = await iot.createThingType({
        thingTypeName: "light",
        thingTypeProperties: { thingTypeDescription: "It shines.", searchableAttributes: ["a", "b"] },
      });
      const type = await iot.describeThingType({ thingTypeName: "light" });
      expect(type.thingTypeId).to.equal(thingTypeId);
      expect(type.thingTypeArn).to.equal(`arn:aws:iot:us-east-1:${CUSTOMER}:thingtype/light`);
      expect(type.thingTypeProperties).to.deep.equal({
        thingTypeDescription: "It shines.",
        searchableAttributes: ["a", "b"],
      });
      expect(type.thingTypeMetadata?.deprecated).to.equal(false);
    });
    it("may be created again alike, but not otherwise", async () => {
      await iot.createThingType({ thingTypeName: "light" });
      await iot.createThingType({ thingTypeName: "light" });
      const other = iot.createThingType({ thingTypeName: "light", thingTypeProperties: { thingTypeDescription: "x" } });
      expect(await failure(other)).to.match(/^ResourceAlreadyExistsException: /);
    });
    it("that are deprecated take no new things, until that is undone", async () => {
      await iot.createThingType({ thingTypeName: "light" });
      await iot.deprecateThingType({ thingTypeName: "light" });
      const create = () => iot.createThing({ thingName: "lamp", thingTypeName: "light" });
      expect(await failure(create())).to.match(/^InvalidRequestException: .*deprecated/);
      await iot.deprecateThingType({ thingTypeName: "light", undoDeprecate: true });
      await create();
    });
    it("can be deleted five minutes after their deprecation, not before", async () => {
      await iot.createThingType({ thingTypeName: "light" });
      const remove = () => iot.deleteThingType({ thingTypeName: "light" });
      expect(await failure(remove())).to.match(/^InvalidRequestException: /);
      await iot.deprecateThingType({ thingTypeName: "light" });
      await running.cloud.advance(4 * 60_000);
      // The aws provider tries again on these words.
      expect(await failure(remove())).to.equal(
        "InvalidRequestException: Cannot delete thing type : light. Please wait for 5 minutes after deprecation and then " +
          "retry",
      );
      await running.cloud.advance(61_000);
      await remove();
      expect((await iot.listThingTypes({})).thingTypes).to.deep.equal([]);
    });
    it("of a thing can't be deleted", async () => {
      await iot.createThingType({ thingTypeName: "light" });
      await iot.createThing({ thingName: "lamp", thingTypeName: "light" });
      await iot.deprecateThingType({ thingTypeName: "light" });
      await running.cloud.advance(6 * 60_000);
      expect(await failure(iot.deleteThingType({ thingTypeName: "light" }))).to.match(/still associated/);
    });
    it("that don't exist can't be given to a thing", async () => {
      const call = iot.createThing({ thingName: "lamp", thingTypeName: "light" });
      expect(await failure(call)).to.match(/^ResourceNotFoundException: /);
    });
  });

  it("updates a type's description and searchable attributes", async () => {
    await iot.createThingType({ thingTypeName: "light", thingTypeProperties: { thingTypeDescription: "It shines." } });
    await iot.updateThingType({ thingTypeName: "light", thingTypeProperties: { searchableAttributes: ["colour"] } });
    const { thingTypeProperties } = await iot.describeThingType({ thingTypeName: "light" });
    expect(thingTypeProperties).to.deep.equal({
      ...{ thingTypeDescription: "It shines.", searchableAttributes: ["colour"] },
    });
  });

  describe("dynamic thing groups", () => {
    const group = { thingGroupName: "bright" };
    it("are described with their query, and have calls of their own", async () => {
      await iot.createDynamicThingGroup({ ...group, queryString: "attributes.colour:white" });
      await iot.createDynamicThingGroup({ ...group, queryString: "attributes.colour:white" });
      const described = await iot.describeThingGroup(group);
      expect(described).to.deep.include({
        ...{ queryString: "attributes.colour:white", indexName: "AWS_Things", queryVersion: "2017-09-30" },
        ...{ status: "ACTIVE", version: 1 },
      });
      const thingGroupProperties = { thingGroupDescription: "It shines." };
      const update = { ...group, thingGroupProperties, queryString: "attributes.colour:red" };
      expect((await iot.updateDynamicThingGroup(update)).version).to.equal(2);
      expect((await iot.describeThingGroup(group)).queryString).to.equal("attributes.colour:red");
      expect(await failure(iot.deleteThingGroup(group))).to.equal(
        "InvalidRequestException: This operation does not support dynamic thing groups. " +
          `Thing group arn: arn:aws:iot:us-east-1:${CUSTOMER}:thinggroup/${group.thingGroupName}`,
      );
      await iot.deleteDynamicThingGroup(group);
      expect(await failure(iot.describeThingGroup(group))).to.match(/^ResourceNotFoundException: /);
    });
    it("take no things by hand, and are no static ones", async () => {
      await iot.createDynamicThingGroup({ ...group, queryString: "thingName:*" });
      await iot.createThing({ thingName: "lamp" });
      const add = iot.addThingToThingGroup({ ...group, thingName: "lamp" });
      expect(await failure(add)).to.match(/^InvalidRequestException: This operation does not support dynamic/);
      await iot.createThingGroup({ thingGroupName: "hall" });
      const update = iot.updateDynamicThingGroup({ thingGroupName: "hall", thingGroupProperties: {} });
      expect(await failure(update)).to.match(/^InvalidRequestException: .*is no dynamic group/);
    });
  });

  it("changes several memberships of a thing in one call", async () => {
    await iot.createThing({ thingName: "lamp" });
    for (const thingGroupName of ["hall", "cellar"]) await iot.createThingGroup({ thingGroupName });
    await iot.addThingToThingGroup({ thingName: "lamp", thingGroupName: "cellar" });
    await iot.updateThingGroupsForThing({
      ...{ thingName: "lamp", thingGroupsToAdd: ["hall"], thingGroupsToRemove: ["cellar"] },
    });
    const { thingGroups } = await iot.listThingGroupsForThing({ thingName: "lamp" });
    expect(thingGroups?.map(({ groupName }) => groupName)).to.deep.equal(["hall"]);
  });

  describe("thing groups", () => {
    it("know the groups above them, from the root down", async () => {
      const root = await iot.createThingGroup({ thingGroupName: "house" });
      const floor = await iot.createThingGroup({ thingGroupName: "floor", parentGroupName: "house" });
      await iot.createThingGroup({ thingGroupName: "room", parentGroupName: "floor" });
      const { thingGroupMetadata, version } = await iot.describeThingGroup({ thingGroupName: "room" });
      expect(version).to.equal(1);
      expect(thingGroupMetadata?.parentGroupName).to.equal("floor");
      expect(thingGroupMetadata?.rootToParentThingGroups).to.deep.equal([
        { groupName: "house", groupArn: root.thingGroupArn },
        { groupName: "floor", groupArn: floor.thingGroupArn },
      ]);
    });
    it("may be created again alike, but not otherwise", async () => {
      await iot.createThingGroup({ thingGroupName: "house" });
      await iot.createThingGroup({ thingGroupName: "house" });
      const thingGroupProperties = { thingGroupDescription: "x" };
      const other = iot.createThingGroup({ thingGroupName: "house", thingGroupProperties });
      expect(await failure(other)).to.match(/^ResourceAlreadyExistsException: /);
    });
    it("are updated under their version", async () => {
      await iot.createThingGroup({ thingGroupName: "house" });
      const thingGroupProperties = { thingGroupDescription: "big", attributePayload: { attributes: { a: "1" } } };
      const update = (expectedVersion: number) =>
        iot.updateThingGroup({ thingGroupName: "house", thingGroupProperties, expectedVersion });
      expect(await failure(update(3))).to.match(/^VersionConflictException: /);
      expect((await update(1)).version).to.equal(2);
      const described = await iot.describeThingGroup({ thingGroupName: "house" });
      expect(described.thingGroupProperties).to.deep.equal(thingGroupProperties);
    });
    it("can't be deleted while they have children; deleting one that isn't there succeeds", async () => {
      await iot.createThingGroup({ thingGroupName: "house" });
      await iot.createThingGroup({ thingGroupName: "room", parentGroupName: "house" });
      expect(await failure(iot.deleteThingGroup({ thingGroupName: "house" }))).to.match(/still child groups/);
      await iot.deleteThingGroup({ thingGroupName: "room" });
      await iot.deleteThingGroup({ thingGroupName: "house" });
      await iot.deleteThingGroup({ thingGroupName: "house" });
    });
    it("are listed by parent and prefix", async () => {
      await iot.createThingGroup({ thingGroupName: "house" });
      await iot.createThingGroup({ thingGroupName: "floor", parentGroupName: "house" });
      await iot.createThingGroup({ thingGroupName: "room", parentGroupName: "floor" });
      const names = async (filter: object) =>
        (await iot.listThingGroups(filter)).thingGroups?.map(({ groupName }) => groupName);
      expect(await names({})).to.deep.equal(["house", "floor", "room"]);
      expect(await names({ recursive: false })).to.deep.equal(["house"]);
      expect(await names({ parentGroup: "house" })).to.deep.equal(["floor", "room"]);
      expect(await names({ parentGroup: "house", recursive: false })).to.deep.equal(["floor"]);
      expect(await names({ namePrefixFilter: "ro" })).to.deep.equal(["room"]);
    });
    it("take things in and let them go, by name or by ARN", async () => {
      const { thingArn } = await iot.createThing({ thingName: "lamp" });
      const { thingGroupArn } = await iot.createThingGroup({ thingGroupName: "house" });
      await iot.addThingToThingGroup({ thingArn, thingGroupArn });
      await iot.addThingToThingGroup({ thingName: "lamp", thingGroupName: "house" });
      expect((await iot.listThingsInThingGroup({ thingGroupName: "house" })).things).to.deep.equal(["lamp"]);
      const { thingGroups } = await iot.listThingGroupsForThing({ thingName: "lamp" });
      expect(thingGroups).to.deep.equal([{ groupName: "house", groupArn: thingGroupArn }]);
      await iot.removeThingFromThingGroup({ thingName: "lamp", thingGroupName: "house" });
      expect((await iot.listThingsInThingGroup({ thingGroupName: "house" })).things).to.deep.equal([]);
    });
    it("have no two places in one hierarchy for a thing", async () => {
      await iot.createThing({ thingName: "lamp" });
      await iot.createThingGroup({ thingGroupName: "house" });
      await iot.createThingGroup({ thingGroupName: "room", parentGroupName: "house" });
      await iot.addThingToThingGroup({ thingName: "lamp", thingGroupName: "room" });
      const second = iot.addThingToThingGroup({ thingName: "lamp", thingGroupName: "house" });
      expect(await failure(second)).to.match(/^InvalidRequestException: .*same hierarchy/);
    });
    it("show the things of their children when asked to", async () => {
      await iot.createThing({ thingName: "lamp" });
      await iot.createThingGroup({ thingGroupName: "house" });
      await iot.createThingGroup({ thingGroupName: "room", parentGroupName: "house" });
      await iot.addThingToThingGroup({ thingName: "lamp", thingGroupName: "room" });
      expect((await iot.listThingsInThingGroup({ thingGroupName: "house" })).things).to.deep.equal([]);
      const all = await iot.listThingsInThingGroup({ thingGroupName: "house", recursive: true });
      expect(all.things).to.deep.equal(["lamp"]);
    });
    it("forget a thing that is deleted, and things forget a group that is", async () => {
      await iot.createThing({ thingName: "lamp" });
      await iot.createThing({ thingName: "fan" });
      await iot.createThingGroup({ thingGroupName: "house" });
      for (const thingName of ["lamp", "fan"]) await iot.addThingToThingGroup({ thingName, thingGroupName: "house" });
      await iot.deleteThing({ thingName: "lamp" });
      expect((await iot.listThingsInThingGroup({ thingGroupName: "house" })).things).to.deep.equal(["fan"]);
      await iot.deleteThingGroup({ thingGroupName: "house" });
      expect((await iot.listThingGroupsForThing({ thingName: "fan" })).thingGroups).to.deep.equal([]);
    });
  });

  describe("principals", () => {
    it("are certificates that a client registers: attached, listed, detached", async () => {
      await iot.createThing({ thingName: "lamp" });
      const { certificateArn } = await iot.registerCertificateWithoutCA({ certificatePem: PEM, status: "ACTIVE" });
      expect(certificateArn).to.equal(`arn:aws:iot:us-east-1:${CUSTOMER}:cert/${FINGERPRINT}`);
      await iot.attachThingPrincipal({ thingName: "lamp", principal: certificateArn });
      expect((await iot.listThingPrincipals({ thingName: "lamp" })).principals).to.deep.equal([certificateArn]);
      await iot.detachThingPrincipal({ thingName: "lamp", principal: certificateArn });
      expect((await iot.listThingPrincipals({ thingName: "lamp" })).principals).to.deep.equal([]);
    });
    it("keep their thing from being deleted", async () => {
      await iot.createThing({ thingName: "lamp" });
      const { certificateArn } = await iot.registerCertificateWithoutCA({ certificatePem: PEM });
      await iot.attachThingPrincipal({ thingName: "lamp", principal: certificateArn });
      expect(await failure(iot.deleteThing({ thingName: "lamp" }))).to.equal(
        "InvalidRequestException: Cannot delete. Thing lamp is still attached to one or more principals",
      );
    });
    it("that nobody registered can't be attached; Cognito identities are refused as not modelled", async () => {
      await iot.createThing({ thingName: "lamp" });
      const attach = (principal: string) => iot.attachThingPrincipal({ thingName: "lamp", principal });
      const unknown = `arn:aws:iot:us-east-1:${CUSTOMER}:cert/${"0".repeat(64)}`;
      expect(await failure(attach(unknown))).to.match(/^ResourceNotFoundException: /);
      expect(await failure(attach("me"))).to.match(/^InvalidRequestException: /);
      expect(await failure(attach("us-east-1:11111111-2222-4333-8444-555555555555"))).to.match(/^NotModelledHere: /);
    });
    it("must be readable certificates", async () => {
      const call = iot.registerCertificateWithoutCA({ certificatePem: "no certificate" });
      expect(await failure(call)).to.match(/^CertificateValidationException: /);
    });
  });

  describe("tags", () => {
    it("of types and groups are set, listed and taken away", async () => {
      const { thingTypeArn: resourceArn } = await iot.createThingType({
        thingTypeName: "light",
        tags: [{ Key: "team", Value: "one" }],
      });
      await iot.tagResource({ resourceArn, tags: [{ Key: "stage", Value: "test" }] });
      await iot.untagResource({ resourceArn, tagKeys: ["team"] });
      expect((await iot.listTagsForResource({ resourceArn })).tags).to.deep.equal([{ Key: "stage", Value: "test" }]);
    });
    it("can't be put on things", async () => {
      const { thingArn } = await iot.createThing({ thingName: "lamp" });
      const call = iot.tagResource({ resourceArn: thingArn, tags: [{ Key: "a", Value: "b" }] });
      expect(await failure(call)).to.match(/^ResourceNotFoundException: /);
    });
  });
});
