// The SDK exports its schemas, but nobody promises their form to a server. These claims fail when an upgrade changes
// it.
import { expect } from "chai";
import { conform, WrongType } from "../core/wire/conform.ts";
import { modelOf, type Model, type Shape } from "../core/wire/model.ts";
import { SERVICES } from "../services/index.ts";

describe("the SDK's schemas, as the wire reads them", () => {
  const models = new Map<string, Model>();
  before(async () => {
    for (const service of SERVICES) models.set(service.name, modelOf(await service.model()));
  });

  it("have every operation that a service models", () => {
    for (const { name, operations } of SERVICES) {
      const missing = Object.keys(operations).filter((operation) => !models.get(name)?.operations.has(operation));
      expect(missing, name).to.deep.equal([]);
    }
  });

  it("say method, path and labels of a REST operation", () => {
    const http = models.get("iot")?.operations.get("CreateThing")?.http;
    expect(http).to.include({ method: "POST", status: 200 });
    expect(http?.path.exec("/things/lamp")?.[1]).to.equal("lamp");
    expect(http?.labels).to.deep.equal(["thingName"]);
  });

  it("take a label with a plus across slashes", () => {
    const http = models.get("s3")?.operations.get("GetObject")?.http;
    expect(http?.path.exec("/a/b/c")?.[1]).to.equal("a/b/c");
  });

  it("say which members a request must have", () => {
    expect(models.get("iam")?.operations.get("CreateRole")?.required).to.deep.equal([
      "RoleName",
      "AssumeRolePolicyDocument",
    ]);
  });

  it("say status and query code of an error", () => {
    expect(models.get("iot")?.errors.get("ResourceAlreadyExistsException")).to.deep.equal({
      shape: "ResourceAlreadyExistsException",
      queryCode: undefined,
      status: 409,
      hasType: false,
    });
    expect(models.get("iam")?.errors.get("NoSuchEntity")).to.deep.equal({
      shape: "NoSuchEntityException",
      queryCode: "NoSuchEntity",
      status: 404,
      hasType: false,
    });
  });
});

describe("what a client sent, held against the model", () => {
  let read: (service: string, operation: string, value: unknown) => unknown;
  before(async () => {
    const models = new Map<string, Model>();
    for (const service of SERVICES) models.set(service.name, modelOf(await service.model()));
    read = (service, operation, value) =>
      conform(models.get(service)?.operations.get(operation)?.input as Shape, value, "The body");
  });

  it("loses the members that are null, as if they had been left out", () => {
    const given = { thingName: "lamp", thingTypeName: null, attributePayload: { attributes: { a: "1" }, merge: null } };
    expect(read("iot", "CreateThing", given)).to.deep.equal({
      thingName: "lamp",
      attributePayload: { attributes: { a: "1" } },
    });
  });

  const WRONG: readonly (readonly [service: string, operation: string, value: unknown, sentence: string])[] = [
    ["iot", "CreateThing", [], "The body has to be an object."],
    ["iot", "CreateThing", { thingName: 1 }, "The body.thingName has to be a text."],
    [
      "iot",
      "CreateThing",
      { attributePayload: { attributes: { a: 1 } } },
      "The body.attributePayload.attributes.a has to be a text.",
    ],
    ["iot", "UpdateThing", { expectedVersion: "1" }, "The body.expectedVersion has to be a number."],
    ["iot", "UpdateThing", { removeThingType: "true" }, "The body.removeThingType has to be true or false."],
    ["logs", "PutLogEvents", { logEvents: {} }, "The body.logEvents has to be a list."],
    ["logs", "PutLogEvents", { logEvents: [null] }, "The body.logEvents[0] has to be an object."],
    ["cloudtrail", "LookupEvents", { StartTime: new Date(NaN) }, "The body.StartTime has to be a time."],
    ["lambda", "UpdateFunctionCode", { ZipFile: 1 }, "The body.ZipFile has to be base64."],
  ];
  for (const [service, operation, value, sentence] of WRONG)
    it(`is refused where ${sentence.slice(0, -1).replace("has to be", "isn't")}`, () => {
      expect(() => read(service, operation, value)).to.throw(WrongType, sentence);
    });
});
