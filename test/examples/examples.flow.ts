// The examples as they stand, with the package's name resolved to the sources; `npm run check:package` runs them
// against the packed package.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type RunningCloud, startCloud } from "embedded-aws/testing";
import { EXPECTED, SCENES } from "./scenes.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const EXAMPLES = join(ROOT, "examples");

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}
const manifestIn = (folder: string) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;

describe("the examples", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());
  afterEach(() => running.cloud.reset());

  for (const [name, run] of Object.entries(SCENES)) {
    it(`${name}: a thing that is created in the customer's account arrives`, async () => {
      const [arrival, ...more] = await run({ examples: EXAMPLES, running });
      expect(arrival).to.deep.include(EXPECTED);
      expect(more).to.deep.equal([]);
    });
  }

  it("are all among those that are deployed", () => {
    expect(readdirSync(EXAMPLES).sort()).to.deep.equal(Object.keys(SCENES).sort());
  });

  it("ask for the versions that they are tested with here", () => {
    const { version, dependencies, devDependencies } = manifestIn(ROOT);
    const tested = { ...dependencies, ...devDependencies, "cross-account-iot-hooks": version };
    for (const name of Object.keys(SCENES)) {
      expect(tested, name).to.include(manifestIn(join(EXAMPLES, name)).dependencies);
    }
  });
});
