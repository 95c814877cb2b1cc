// Which AWS a profile leads to.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { accessTo, endpointOf } from "../../hooks/access.ts";
import { IAM } from "@aws-sdk/client-iam";
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
  it("assumes its role where its calls go", async () => {
    const iam = new IAM(running.config(CUSTOMER));
    const Statement = {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${CUSTOMER}:root` },
      Action: "sts:AssumeRole",
    };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    const { Role } = await iam.createRole({ RoleName: "operator", AssumeRolePolicyDocument });
    const role = ["[profile op]", `role_arn = ${Role?.Arn ?? ""}`, "source_profile = customer"];
    await writeFile(join(folder, "role"), [...role, `endpoint_url = ${running.endpoint.url}`, ""].join("\n"));
    const rest = { AWS_CONFIG_FILE: join(folder, "role") };
    const { callerArn } = await within(rest, () => accessTo({ region: "us-east-1" }, { profile: "op" }));
    expect(callerArn).to.match(new RegExp(`^arn:aws:sts::${CUSTOMER}:assumed-role/operator/`));
  });

  it("isn't blamed where nobody answers, or where no address is given", async () => {
    const said = (endpointUrl: string) =>
      within({}, () => accessTo({ region: "us-east-1" }, { profile: "customer", endpointUrl })).then(
        () => expect.fail("it answered"),
        (error: unknown) => String(error),
      );
    expect(await said("http://127.0.0.1:1")).to.match(
      /^UserError: AWS can't be reached: connect ECONNREFUSED 127\.0\.0\.1:1\. Is the Region right, and is .*leads\?$/,
    );
    for (const address of ["nowhere", "ftp://127.0.0.1:1"])
      expect(await said(address)).to.match(new RegExp(`^UserError: "${address}" is no address of an AWS: .*\\.$`));
  });
});
