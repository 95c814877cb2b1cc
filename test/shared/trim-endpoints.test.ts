// A trimmed client sends to where the whole one does, in each Region that the SDK knows and in some that it will.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import { type Sdk, TrimmedSdk, WHOLE } from "./sdk-calls.ts";

const CLIENTS = [
  "DynamoDBClient",
  "IoTClient",
  "IoTDataPlaneClient",
  "LambdaClient",
  "SQSClient",
  "STSClient",
] as const;
type ClientName = (typeof CLIENTS)[number];

interface Place {
  readonly Region?: string;
  readonly Endpoint?: string;
  readonly UseFIPS: boolean;
  readonly UseDualStack: boolean;
}

const BOTH = [false, true];
const places = (place: Pick<Place, "Region" | "Endpoint">): readonly Place[] =>
  BOTH.flatMap((UseFIPS) => BOTH.map((UseDualStack) => ({ ...place, UseFIPS, UseDualStack })));

/** Regions that the SDK lists, and names that look like ones. */
async function regions(): Promise<readonly string[]> {
  const core = createRequire(import.meta.url).resolve("@aws-sdk/core/client");
  const lists = "dist-es/submodules/client/util-endpoints/lib/aws/partitions.js";
  const text = await readFile(join(core.slice(0, core.indexOf("dist-cjs")), lists), "utf8");
  const listed = [...text.matchAll(/"([a-z]+(?:-[a-z]+)+-\d+)": \{/g)].map(([, region = ""]) => region);
  return [...listed, "eu-south-9", "us-gov-west-9", "cn-south-9", "us-iso-south-9", "elsewhere"];
}

/** Where a client sends to; where it would send nowhere, that it doesn't. */
function urlOf(sdk: Sdk, client: ClientName, place: Place): string {
  const { config } = new sdk[client]({ region: "us-east-1" });
  const decide = config.endpointProvider as (place: Place) => { readonly url: URL };
  try {
    return decide(place).url.href;
  } catch (error) {
    expect((error as Error).name).to.equal("EndpointError");
    return "nowhere";
  }
}

describe("a client of a function's bundle", () => {
  const bundled = new TrimmedSdk();
  let trimmed: Sdk;
  before(async () => {
    trimmed = await bundled.load();
  });
  after(() => bundled.remove());

  for (const client of CLIENTS) {
    it(`${client} sends to where the whole SDK's does, in each Region, with FIPS and with IPv6`, async () => {
      const known = await regions();
      expect(known).to.include.members(["eu-west-1", "us-gov-west-1", "cn-north-1", "us-iso-east-1"]);
      for (const place of known.flatMap((Region) => places({ Region })))
        expect(urlOf(trimmed, client, place), JSON.stringify(place)).to.equal(urlOf(WHOLE, client, place));
    });

    it(`${client} sends to a configured endpoint, or nowhere, as the whole SDK's does`, () => {
      const asked = [{ Region: "us-east-1", Endpoint: "https://here.example:8443/path" }, {}].flatMap(places);
      for (const place of asked)
        expect(urlOf(trimmed, client, place), JSON.stringify(place)).to.equal(urlOf(WHOLE, client, place));
    });
  }
});
