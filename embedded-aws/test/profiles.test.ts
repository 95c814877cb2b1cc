import { expect } from "chai";
import { lstat, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { STS } from "@aws-sdk/client-sts";
import { fromIni } from "@aws-sdk/credential-providers";
import { exportLines, profileFiles, writeProfiles } from "../profiles.ts";
import { CUSTOMER, CUSTOMER2, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";

describe("the profiles of the embedded accounts", () => {
  let running: RunningCloud;
  let folder: string;
  before(async () => {
    running = await startCloud();
    folder = await mkdtemp(join(tmpdir(), "profiles-"));
  });
  after(async () => {
    await running.endpoint.close();
    await rm(folder, { recursive: true });
  });

  it("lead an SDK client into each account", async () => {
    const { config, credentials } = await writeProfiles(running.cloud, folder);
    for (const [profile, account] of Object.entries({ customer: CUSTOMER, partner: PARTNER, customer2: CUSTOMER2 })) {
      const ini = fromIni({ profile, configFilepath: config, filepath: credentials, ignoreCache: true });
      const sts = new STS({ endpoint: running.endpoint.url, region: "us-east-1", credentials: ini });
      expect((await sts.getCallerIdentity({})).Account).to.equal(account);
    }
  });

  it("name endpoint and Region", async () => {
    const { config } = await writeProfiles(running.cloud, folder);
    const text = await readFile(config, "utf8");
    expect(text).to.contain(`[profile customer]\nregion = us-east-1\nendpoint_url = ${running.endpoint.url}\n`);
  });

  it("are readable by the user alone, also where they were there before", async () => {
    await writeProfiles(running.cloud, folder);
    const files = await writeProfiles(running.cloud, folder);
    for (const file of [files.config, files.credentials]) expect((await stat(file)).mode & 0o777).to.equal(0o600);
  });

  it("take the place of a link, and leave alone what it leads to", async () => {
    const { credentials } = profileFiles(folder);
    const real = join(folder, "real-credentials");
    await writeFile(real, "mine");
    await rm(credentials, { force: true });
    await symlink(real, credentials);
    await writeProfiles(running.cloud, folder);
    expect(await readFile(real, "utf8")).to.equal("mine");
    expect((await lstat(credentials)).isFile()).to.equal(true);
  });

  it("are exported with quotes where a folder's name needs them", () => {
    expect(exportLines({ config: "/a b/it's", credentials: "/plain" })).to.equal(
      `export AWS_CONFIG_FILE='/a b/it'\\''s'\nexport AWS_SHARED_CREDENTIALS_FILE=/plain`,
    );
  });
});
