// The zip that a program's archive becomes.
import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { unzipSync } from "fflate";
import { zipOf } from "../pulumi/archive.ts";

describe("a function's archive", () => {
  const archive = (files: Record<string, string>) =>
    new pulumi.asset.AssetArchive(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [name, new pulumi.asset.StringAsset(text)])),
    );

  it("is the same bytes for the same files, whatever their order", async () => {
    const one = await zipOf(archive({ "index.js": "1", "customers.json": "{}" }));
    const two = await zipOf(archive({ "customers.json": "{}", "index.js": "1" }));
    expect(Buffer.from(one).equals(Buffer.from(two))).to.equal(true);
  });

  it("holds every file, in folders too", async () => {
    const nested = new pulumi.asset.AssetArchive({
      "index.js": new pulumi.asset.StringAsset("1"),
      data: archive({ "a.json": "{}" }),
    });
    const files = unzipSync(await zipOf(nested));
    expect(
      Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString()])),
    ).to.deep.equal({ "data/a.json": "{}", "index.js": "1" });
  });
});
