// The page's button by which one customer tries to pass as another: with all that its administrator may do in its own
// account, by the SDK, as anybody would try it. Who refuses, and by which policy, stands in trail and trace.
import { GetRoleCommand, IAMClient, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { DEFAULT_REGION, type EmbeddedAws } from "embedded-aws";
import { announceSettings } from "../customer/lambda/settings.ts";
import { outputsByTags } from "../hooks/by-tags.ts";
import { inWords } from "../hooks/printable.ts";
import { topicOf } from "../shared/contract/names.ts";

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const clientOf = ({ endpoint }: EmbeddedAws, keys: Keys) => ({
  endpoint,
  region: DEFAULT_REGION,
  maxAttempts: 1,
  credentials: () => Promise.resolve(keys),
});

/** @throws UserError where an account has no deployment */
async function sideOf(cloud: EmbeddedAws, accountId: string) {
  const { accessKeyId, secretAccessKey, caller } = cloud.administrator(accountId);
  const client = clientOf(cloud, { accessKeyId, secretAccessKey });
  const access = { client, accountId, callerArn: caller.arn };
  return { client, outputs: await outputsByTags("customer", access, { accountId, region: DEFAULT_REGION }, undefined) };
}
type OwnSide = Awaited<ReturnType<typeof sideOf>>;

/** Returns what came of it: in AWS's words who refused. @throws UserError where either has nothing deployed */
export async function impersonate(cloud: EmbeddedAws, accountId: string, asAccountId: string): Promise<string> {
  const [own, other] = [await sideOf(cloud, accountId), await sideOf(cloud, asAccountId)];
  const { settings, keys } = await sessionOfFunction(own);
  const { externalId, partnerRoleArn } = settings;
  const sts = new STSClient(clientOf(cloud, keys));
  const byRole = await attempt(() => assume(sts, other.outputs.publishRoleArn, externalId));
  const topic = topicOf(asAccountId, "create_thing");
  const byTopic = await attempt(async () => {
    const session = await assume(sts, partnerRoleArn, externalId);
    const payload = JSON.stringify({ thingName: "forged", attributes: { forged: "yes" } });
    await new IoTDataPlaneClient(clientOf(cloud, session)).send(
      new PublishCommand({ topic, qos: 1, payload: Buffer.from(payload) }),
    );
  });
  return [
    `As its function's role ${accountId} wanted the role of ${asAccountId}: ${byRole}`,
    `With a session of its own role it wanted to publish on ${topic}: ${byTopic}`,
    "Below stands which policy refused it.",
  ].join(" ");
}

/** A session of the announce function's role, for which the administrator lets itself into that role for a moment. */
async function sessionOfFunction({ client, outputs }: OwnSide) {
  const { Environment } = await new LambdaClient(client).send(
    new GetFunctionConfigurationCommand({ FunctionName: outputs.functionAliasArn }),
  );
  const iam = new IAMClient(client);
  const RoleName = outputs.roleArn.split("/").at(-1) ?? "";
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  const before = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
  const opened = { Effect: "Allow", Principal: { AWS: outputs.accountId }, Action: "sts:AssumeRole" };
  const put = (PolicyDocument: string) => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
  await put(JSON.stringify({ Version: "2012-10-17", Statement: [opened] }));
  try {
    return {
      settings: announceSettings(Environment?.Variables ?? {}),
      keys: await assume(new STSClient(client), outputs.roleArn, undefined),
    };
  } finally {
    await put(before);
  }
}

async function assume(sts: STSClient, RoleArn: string, ExternalId: string | undefined): Promise<Keys> {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: "impersonation", ExternalId }),
  );
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** A sentence: AWS's refusal, or that there was none. */
async function attempt(step: () => Promise<unknown>): Promise<string> {
  try {
    await step();
    return "nobody refused it.";
  } catch (error) {
    if (!(error instanceof Error) || !("$metadata" in error)) throw error;
    return `refused, ${inWords(error)}.`.replace(/\.\.$/, ".");
  }
}
