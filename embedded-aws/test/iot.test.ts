import { IoT } from "@aws-sdk/client-iot";
import { expect } from "chai";
import { REGISTRY } from "../services/iot/state.ts";
import { CUSTOMER, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";

describe("IoT of the embedded AWS: things and endpoint", () => {
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
    it("can't be created again with another type", async () => {
      await iot.createThingType({ thingTypeName: "light" });
      await iot.createThing({ thingName: "lamp" });
      const call = iot.createThing({ thingName: "lamp", thingTypeName: "light" });
      expect(await failure(call)).to.match(/^ResourceAlreadyExistsException: /);
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
      const { things, nextSerial } = cloud.state(REGISTRY, { account: CUSTOMER, region: "us-east-1" });
      const [model] = [...things.values()];
      if (!model) throw new Error("Ten things were created.");
      for (let at = 10; at < 100_000; at++)
        things.set(`thing-${at}`, { ...model, name: `thing-${at}`, serial: nextSerial() });
      // Generous: a search would take a thousand times as long.
      expect(await time()).to.be.lessThan(few * 20 + 50);
    });
  });

  it("keeps policies of devices, to be looked at", async () => {
    const policyDocument = '{"Version":"2012-10-17","Statement":[]}';
    const created = await iot.createPolicy({ policyName: "fleet", policyDocument });
    expect(created.policyArn).to.equal(`arn:aws:iot:us-east-1:${CUSTOMER}:policy/fleet`);
    expect(await failure(iot.createPolicy({ policyName: "fleet", policyDocument }))).to.match(/^ResourceAlreadyExists/);
    expect(await failure(iot.createPolicy({ policyName: "b", policyDocument: "{}" }))).to.match(/^MalformedPolicy/);
    await iot.createPolicy({ policyName: "other", policyDocument });
    const first = await iot.listPolicies({ pageSize: 1 });
    const second = await iot.listPolicies({ marker: first.nextMarker });
    const names = [first, second].flatMap(({ policies = [] }) => policies.map(({ policyName }) => policyName));
    expect(names).to.deep.equal(["fleet", "other"]);
    expect(await iot.getPolicy({ policyName: "fleet" })).to.include({ policyDocument, defaultVersionId: "1" });
    await iot.deletePolicy({ policyName: "fleet" });
    expect(await failure(iot.getPolicy({ policyName: "fleet" }))).to.match(/^ResourceNotFoundException/);
  });

  it("answers DescribeEndpoint with its own host", async () => {
    const { endpointAddress } = await iot.describeEndpoint({ endpointType: "iot:Data-ATS" });
    expect(endpointAddress).to.equal(new URL(running.endpoint.url).host);
    expect(await failure(iot.describeEndpoint({ endpointType: "iot:Jobs" }))).to.match(/^NotModelledHere: /);
    expect(await failure(iot.describeEndpoint({ endpointType: "bogus" }))).to.match(/^InvalidRequestException: /);
  });
});
