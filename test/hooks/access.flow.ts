// Which AWS a profile leads to.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { accessTo, endpointOf } from "../../hooks/access.ts";
import { CUSTOMER, type RunningCloud, startCloud } from "../flow/deployment.ts";
import { setEnvironment } from "../lambda/aws-stub.ts";

describe("a profile", () => {
  let running: RunningCloud;
  let folder: string;
  before(async () => {
    running = await startCloud();
    folder = await mkdtemp(join(tmpdir(), "aws-"));
    const { accessKeyId, secretAccessKey } = running.cloud.administrator(CUSTOMER);
    const keys = ["aws_access_key_id = " + accessKeyId, "aws_secret_access_key = " + secretAccessKey];
    await writeFile(join(folder, "credentials"), ["[customer]", ...keys, ""].join("\n"));
    await writeFile(join(folder, "config"), `[profile customer]\nendpoint_url = ${running.endpoint.url}\n`);
  });
  after(async () => {
    await running.endpoint.close();
    await rm(folder, { recursive: true });
  });

  /** `run` with the files of these profiles, and with nothing else that says where AWS is but `rest`. */
  async function within<T>(rest: Readonly<Record<string, string>>, run: () => Promise<T>): Promise<T> {
    const restore = setEnvironment({
      AWS_CONFIG_FILE: join(folder, "config"),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
      ...{ AWS_ENDPOINT_URL: undefined, AWS_PROFILE: undefined, AWS_ACCESS_KEY_ID: undefined },
      ...{ AWS_SECRET_ACCESS_KEY: undefined, AWS_SESSION_TOKEN: undefined },
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: undefined,
      ...rest,
    });
    try {
      return await run();
    } finally {
      restore();
    }
  }

  it("leads to the AWS that its endpoint_url names, as with awscli", async () => {
    const { accountId, client } = await within({}, () => accessTo({ region: "us-east-1" }, { profile: "customer" }));
    expect([accountId, client.endpoint]).to.deep.equal([CUSTOMER, running.endpoint.url]);
  });

  it("is second to the environment, and leads to AWS itself where configured ones are to be ignored", async () => {
    const url = "http://127.0.0.1:1";
    const of = (rest: Readonly<Record<string, string>>) => within(rest, () => endpointOf("customer"));
    expect(await of({ AWS_ENDPOINT_URL: url })).to.equal(url);
    expect(await of({ AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" })).to.equal(undefined);
    expect(await of({ AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false" })).to.equal(running.endpoint.url);
  });
});
