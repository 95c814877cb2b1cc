// The SDK exports its schemas, but nobody promises their form to a server. These claims fail when an upgrade changes it.
import { expect } from "chai";
import { modelOf, type Model } from "../../local/core/wire/index.ts";
import { SERVICES } from "../../local/services/index.ts";

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
    });
    expect(models.get("iam")?.errors.get("NoSuchEntity")).to.deep.equal({
      shape: "NoSuchEntityException",
      queryCode: "NoSuchEntity",
      status: 404,
    });
  });
});
