// The least that can be done: the same calls as signed HTTP requests, with nothing for what goes wrong.
import { createHash, createHmac } from "node:crypto";
import { Agent, type RequestOptions, request } from "node:http";

interface Keys {
  readonly id: string;
  readonly secret: string;
  readonly token: string;
}

const {
  AWS_ENDPOINT_URL = "",
  AWS_REGION = "",
  AWS_ACCESS_KEY_ID = "",
  AWS_SECRET_ACCESS_KEY = "",
  AWS_SESSION_TOKEN = "",
  PARTNER_ROLE_ARN = "",
  PARTNER_REGION = "",
  ACCOUNT_ID = "",
} = process.env;
const OWN: Keys = { id: AWS_ACCESS_KEY_ID, secret: AWS_SECRET_ACCESS_KEY, token: AWS_SESSION_TOKEN };
const { host, hostname, port } = new URL(AWS_ENDPOINT_URL);
const agent = new Agent({ keepAlive: true });

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Signature Version 4 («AWS Signature Version 4 for API requests», IAM User Guide). */
function signed(
  keys: Keys,
  service: string,
  region: string,
  method: string,
  path: string,
  query: string,
  body: string,
) {
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const day = date.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const names = "host;x-amz-date;x-amz-security-token";
  const canonical =
    `${method}\n${path}\n${query}\nhost:${host}\nx-amz-date:${date}\nx-amz-security-token:${keys.token}\n\n` +
    `${names}\n${sha256(body)}`;
  const key = hmac(hmac(hmac(hmac(`AWS4${keys.secret}`, day), region), service), "aws4_request");
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`).toString("hex");
  return {
    "x-amz-date": date,
    "x-amz-security-token": keys.token,
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.id}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

const send = (options: RequestOptions, body: string): Promise<string> =>
  new Promise((resolve, reject) => {
    request({ agent, hostname, port, ...options }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer
        .on("data", (part: string) => (text += part))
        .on("end", () => {
          resolve(text);
        });
    })
      .on("error", reject)
      .end(body);
  });

const FORM = { "content-type": "application/x-www-form-urlencoded" };

async function assume(): Promise<Keys> {
  const body = new URLSearchParams({
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: PARTNER_ROLE_ARN,
    RoleSessionName: "announce",
  }).toString();
  const headers = { ...FORM, ...signed(OWN, "sts", PARTNER_REGION, "POST", "/", "", body) };
  const answer = await send({ method: "POST", path: "/", headers }, body);
  const said = (name: string): string => new RegExp(`<${name}>([^<]*)<`).exec(answer)?.[1] ?? "";
  return { id: said("AccessKeyId"), secret: said("SecretAccessKey"), token: said("SessionToken") };
}

const role = assume();

export async function handler(event: { detail: { requestParameters: { thingName: string } } }): Promise<void> {
  const { thingName } = event.detail.requestParameters;
  const path = `/things/${thingName}`;
  const headers = signed(OWN, "iot", AWS_REGION, "GET", path, "", "");
  const description = await send({ method: "GET", path, headers }, "");
  const topic = `/topics/cross_account_hooks%2F${ACCOUNT_ID}%2Fcreate_thing`;
  const publish = signed(await role, "iotdata", PARTNER_REGION, "POST", topic, "qos=1", description);
  await send({ method: "POST", path: `${topic}?qos=1`, headers: publish }, description);
  console.log({ announced: thingName });
}
