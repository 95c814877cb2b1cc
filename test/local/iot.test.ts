import { IoT } from "@aws-sdk/client-iot";
import { expect } from "chai";
import { CUSTOMER, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";

describe("IoT of the embedded AWS: the registry", () => {
  let running: RunningCloud;
  let iot: IoT;
  before(async () => {
    running = await startCloud();
    iot = new IoT(running.config(CUSTOMER));
  });
  beforeEach(() => running.cloud.reset());
  after(() => running.endpoint.close());

  describe("things", () => {
    it("are described as they were created, with version 1", async () => {
      const created = await iot.createThing({ thingName: "lamp", attributePayload: { attributes: { colour: "red" } } });
      const { $metadata: _, ...thing } = await iot.describeThing({ thingName: "lamp" });
      expect(thing).to.deep.equal({
        thingName: "lamp",
        thingArn: `arn:aws:iot:us-east-1:${CUSTOMER}:thing/lamp`,
        thingId: created.thingId,
        attributes: { colour: "red" },
        defaultClientId: "lamp",
        version: 1,
      });
    });
    it("have an empty object of attributes where they have none", async () => {
      await iot.createThing({ thingName: "lamp" });
      expect((await iot.describeThing({ thingName: "lamp" })).attributes).to.deep.equal({});
    });
    it("may be created again with the same configuration, and stay the same thing", async () => {
      const first = await iot.createThing({ thingName: "lamp", attributePayload: { attributes: { a: "1", b: "2" } } });
      const again = await iot.createThing({ thingName: "lamp", attributePayload: { attributes: { b: "2", a: "1" } } });
      expect(again.thingId).to.equal(first.thingId);
      expect((await iot.describeThing({ thingName: "lamp" })).version).to.equal(1);
    });
    it("can't be created again with another configuration", async () => {
      const { thingId, thingArn } = await iot.createThing({ thingName: "lamp" });
      const error = await iot
        .createThing({ thingName: "lamp", attributePayload: { attributes: { a: "1" } } })
        .catch((caught: unknown) => caught);
      expect(error).to.include({
        name: "ResourceAlreadyExistsException",
        message: "Thing lamp already exists in account with different attributes",
        resourceId: thingId,
        resourceArn: thingArn,
      });
    });
    it("of one account and Region are not seen in another", async () => {
      await iot.createThing({ thingName: "lamp" });
      const elsewhere = [new IoT(running.config(PARTNER)), new IoT(running.config(CUSTOMER, "eu-west-1"))];
      for (const other of elsewhere)
        expect(await failure(other.describeThing({ thingName: "lamp" }))).to.match(/^ResourceNotFoundException: /);
    });
    for (const thingName of ["lämp", "a b", "x".repeat(129)])
      it(`can't be called "${thingName.slice(0, 10)}"`, async () => {
        expect(await failure(iot.createThing({ thingName }))).to.match(/^InvalidRequestException: /);
      });
    it("have at most three attributes without a type, and more with one", async () => {
      const attributePayload = { attributes: { a: "1", b: "2", c: "3", d: "4" } };
      expect(await failure(iot.createThing({ thingName: "lamp", attributePayload }))).to.match(/at most 3 attributes/);
      await iot.createThingType({ thingTypeName: "light" });
      await iot.createThing({ thingName: "lamp", thingTypeName: "light", attributePayload });
      expect((await iot.describeThing({ thingName: "lamp" })).thingTypeName).to.equal("light");
    });
    for (const attributes of [{ "a b": "1" }, { a: "with blank" }, { a: "x".repeat(801) }] as Record<string, string>[])
      it(`can't have the attribute ${JSON.stringify(attributes).slice(0, 20)}`, async () => {
        const call = iot.createThing({ thingName: "lamp", attributePayload: { attributes } });
        expect(await failure(call)).to.match(/^InvalidRequestException: /);
      });
    it("with a billing group are refused, since there are none here", async () => {
      const call = iot.createThing({ thingName: "lamp", billingGroupName: "all" });
      expect(await failure(call)).to.match(/^NotModelledHere: The parameter billingGroupName of iot:CreateThing/);
    });

    it("take new attributes instead of all old ones, unless they are merged", async () => {
      await iot.createThing({ thingName: "lamp", attributePayload: { attributes: { a: "1", b: "2" } } });
      await iot.updateThing({ thingName: "lamp", attributePayload: { attributes: { a: "", c: "3" }, merge: true } });
      expect((await iot.describeThing({ thingName: "lamp" })).attributes).to.deep.equal({ b: "2", c: "3" });
      await iot.updateThing({ thingName: "lamp", attributePayload: { attributes: { d: "4" } } });
      const { attributes, version } = await iot.describeThing({ thingName: "lamp" });
      expect({ attributes, version }).to.deep.equal({ attributes: { d: "4" }, version: 3 });
    });
    it("keep their attributes when an update names none", async () => {
      await iot.createThing({ thingName: "lamp", attributePayload: { attributes: { a: "1" } } });
      await iot.updateThing({ thingName: "lamp" });
      expect((await iot.describeThing({ thingName: "lamp" })).attributes).to.deep.equal({ a: "1" });
    });
    it("lose their type when asked to", async () => {
      await iot.createThingType({ thingTypeName: "light" });
      await iot.createThing({ thingName: "lamp", thingTypeName: "light" });
      await iot.updateThing({ thingName: "lamp", removeThingType: true });
      expect((await iot.describeThing({ thingName: "lamp" })).thingTypeName).to.equal(undefined);
    });
    for (const [operation, change] of Object.entries({
      UpdateThing: (expectedVersion: number) => iot.updateThing({ thingName: "lamp", expectedVersion }),
      DeleteThing: (expectedVersion: number) => iot.deleteThing({ thingName: "lamp", expectedVersion }),
    }))
      it(`are guarded by their version: ${operation}`, async () => {
        await iot.createThing({ thingName: "lamp" });
        expect(await failure(change(2))).to.match(/^VersionConflictException: /);
        await change(1);
      });
    it("are gone when deleted, and may be deleted again", async () => {
      await iot.createThing({ thingName: "lamp" });
      await iot.deleteThing({ thingName: "lamp" });
      expect(await failure(iot.describeThing({ thingName: "lamp" }))).to.match(/^ResourceNotFoundException: /);
      await iot.deleteThing({ thingName: "lamp" });
    });

    it("are listed in pages; what is deleted between two pages shifts nothing", async () => {
      for (const name of ["a", "b", "c", "d", "e"]) await iot.createThing({ thingName: name });
      const first = await iot.listThings({ maxResults: 2 });
      expect(first.things?.map(({ thingName }) => thingName)).to.deep.equal(["a", "b"]);
      await iot.deleteThing({ thingName: "b" });
      const second = await iot.listThings({ maxResults: 2, nextToken: first.nextToken });
      expect(second.things?.map(({ thingName }) => thingName)).to.deep.equal(["c", "d"]);
      const third = await iot.listThings({ maxResults: 2, nextToken: second.nextToken });
      expect(third.things?.map(({ thingName }) => thingName)).to.deep.equal(["e"]);
      expect(third.nextToken).to.equal(undefined);
    });
    it("have no next page when they just fill the last one", async () => {
      for (const name of ["a", "b"]) await iot.createThing({ thingName: name });
      expect((await iot.listThings({ maxResults: 2 })).nextToken).to.equal(undefined);
    });
    it("are not listed by a token that no page gave out, nor more than 250 at once", async () => {
      expect(await failure(iot.listThings({ nextToken: "bogus" }))).to.match(/^InvalidRequestException: /);
      expect(await failure(iot.listThings({ maxResults: 251 }))).to.match(/^InvalidRequestException: /);
    });
    it("are listed by attribute, and by type", async () => {
      await iot.createThingType({ thingTypeName: "light" });
      await iot.createThing({ thingName: "a", thingTypeName: "light" });
      await iot.createThing({ thingName: "b", attributePayload: { attributes: { room: "kitchen" } } });
      const names = async (filter: object) => (await iot.listThings(filter)).things?.map(({ thingName }) => thingName);
      expect(await names({ thingTypeName: "light" })).to.deep.equal(["a"]);
      expect(await names({ attributeName: "room", attributeValue: "kitchen" })).to.deep.equal(["b"]);
      expect(await names({ attributeName: "room", attributeValue: "kit" })).to.deep.equal([]);
      expect(
        await names({ attributeName: "room", attributeValue: "kit", usePrefixAttributeValue: true }),
      ).to.deep.equal(["b"]);
    });
    it("are found as fast among a hundred thousand as among ten: nothing is searched", async () => {
      const { cloud } = running;
      const administrator = cloud.administrator(CUSTOMER);
      const describe = (thingName: string) =>
        cloud.call({
          service: "iot",
          operation: "DescribeThing",
          input: { thingName },
          caller: { ...administrator.caller, credential: administrator },
          account: CUSTOMER,
          region: "us-east-1",
        });
      const create = (name: string) => iot.createThing({ thingName: name });
      for (let at = 0; at < 10; at++) await create(`thing-${at}`);
      const time = async () => {
        const began = performance.now();
        for (let round = 0; round < 300; round++) await describe(`thing-${round % 10}`);
        return performance.now() - began;
      };
      await time();
      const few = await time();
      const { REGISTRY } = await import("../../local/services/iot/state.ts");
      const { things, nextSerial } = cloud.state(REGISTRY, { account: CUSTOMER, region: "us-east-1" });
      const [model] = [...things.values()];
      if (!model) throw new Error("Ten things were created.");
      for (let at = 10; at < 100_000; at++)
        things.set(`thing-${at}`, { ...model, name: `thing-${at}`, serial: nextSerial() });
      // Generous: a search would take a thousand times as long.
      expect(await time()).to.be.lessThan(few * 20 + 50);
    });
  });

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
      expect(await failure(remove())).to.match(/^InvalidRequestException: /);
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
      await iot.updateThingGroupsForThing({ thingName: "lamp", thingGroupsToAdd: ["room"] });
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
    it("are certificates that a client registers: attached, listed both ways, detached", async () => {
      await iot.createThing({ thingName: "lamp" });
      const { certificateArn } = await iot.registerCertificateWithoutCA({ certificatePem: PEM, status: "ACTIVE" });
      expect(certificateArn).to.equal(`arn:aws:iot:us-east-1:${CUSTOMER}:cert/${FINGERPRINT}`);
      await iot.attachThingPrincipal({ thingName: "lamp", principal: certificateArn });
      expect((await iot.listThingPrincipals({ thingName: "lamp" })).principals).to.deep.equal([certificateArn]);
      expect((await iot.listPrincipalThings({ principal: certificateArn })).things).to.deep.equal(["lamp"]);
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
    it("that are attached exclusively belong to no other thing", async () => {
      const { certificateArn } = await iot.registerCertificateWithoutCA({ certificatePem: PEM });
      for (const thingName of ["lamp", "fan"]) await iot.createThing({ thingName });
      const attach = (thingName: string, thingPrincipalType: "EXCLUSIVE_THING" | "NON_EXCLUSIVE_THING") =>
        iot.attachThingPrincipal({ thingName, principal: certificateArn, thingPrincipalType });
      await attach("lamp", "EXCLUSIVE_THING");
      expect(await failure(attach("fan", "NON_EXCLUSIVE_THING"))).to.match(/^InvalidRequestException: /);
    });
    it("that nobody registered can't be attached; Cognito identities are refused as not modelled", async () => {
      await iot.createThing({ thingName: "lamp" });
      const attach = (principal: string) => iot.attachThingPrincipal({ thingName: "lamp", principal });
      const unknown = `arn:aws:iot:us-east-1:${CUSTOMER}:cert/${"0".repeat(64)}`;
      expect(await failure(attach(unknown))).to.match(/^ResourceNotFoundException: /);
      expect(await failure(attach("me"))).to.match(/^InvalidRequestException: /);
      expect(await failure(attach("us-east-1:11111111-2222-4333-8444-555555555555"))).to.match(/^NotModelledHere: /);
    });
    it("are deleted only inactive and detached", async () => {
      await iot.createThing({ thingName: "lamp" });
      const { certificateArn, certificateId } = await iot.registerCertificateWithoutCA({
        certificatePem: PEM,
        status: "ACTIVE",
      });
      await iot.attachThingPrincipal({ thingName: "lamp", principal: certificateArn });
      expect(await failure(iot.deleteCertificate({ certificateId }))).to.match(/^DeleteConflictException: /);
      await iot.detachThingPrincipal({ thingName: "lamp", principal: certificateArn });
      expect(await failure(iot.deleteCertificate({ certificateId }))).to.match(/^CertificateStateException: /);
      await iot.updateCertificate({ certificateId, newStatus: "INACTIVE" });
      await iot.deleteCertificate({ certificateId });
      expect(await failure(iot.describeCertificate({ certificateId }))).to.match(/^ResourceNotFoundException: /);
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

  it("answers DescribeEndpoint with its own host", async () => {
    const { endpointAddress } = await iot.describeEndpoint({ endpointType: "iot:Data-ATS" });
    expect(endpointAddress).to.equal(new URL(running.endpoint.url).host);
    expect(await failure(iot.describeEndpoint({ endpointType: "iot:Jobs" }))).to.match(/^NotModelledHere: /);
    expect(await failure(iot.describeEndpoint({ endpointType: "bogus" }))).to.match(/^InvalidRequestException: /);
  });
});

// A self-signed certificate without a meaning, valid for a hundred years; its key was thrown away.
const PEM = `-----BEGIN CERTIFICATE-----
MIIBkDCCATWgAwIBAgIUDAessZVJ3P7aqDZokNPXUUCFdu4wCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRZW1iZWRkZWQgQVdTIHRlc3QwIBcNMjYxMTI0MDE1NzE2WhgP
MjEyNjEwMzEwMTU3MTZaMBwxGjAYBgNVBAMMEWVtYmVkZGVkIEFXUyB0ZXN0MFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2wCYc9sPFenDZphBz+Ei9RJLaB67VttI
RnFUV2dwuSLmyj+sdo2kRxI3cE22HzMuYILWEY+V+zjEvXo0u+p9raNTMFEwHQYD
VR0OBBYEFH9w0AwWW+PnO7fsWc4br15V2ShnMB8GA1UdIwQYMBaAFH9w0AwWW+Pn
O7fsWc4br15V2ShnMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIh
AICZDbOAzeECFTxt7eM+UFvcqyjWvzcJ6SdPRg+7IFI7AiEAn2N00W/T7VF4dg1t
oQUZKomcr9Gmta/szkBkO6wblec=
-----END CERTIFICATE-----
`;
const FINGERPRINT = "076c8813f052b398e81fb34fe07c44f775f3e10efbf34cec9252f3e118d8e36e";
