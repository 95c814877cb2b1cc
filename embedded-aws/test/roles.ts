// A role with one inline policy, and the keys of a session of it.
import { IAM } from "@aws-sdk/client-iam";
import { STS } from "@aws-sdk/client-sts";
import type { RunningCloud } from "./cloud.ts";

/** Makes a role in the account, with the statements as its policy, and assumes it as the account's administrator. */
export async function assumeWith(
  running: RunningCloud,
  account: string,
  Statement: readonly object[],
  RoleName = "limited",
) {
  const iam = new IAM(running.config(account));
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: `arn:aws:iam::${account}:root` } };
  const document = (statements: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument: document([trust]) });
  await iam.putRolePolicy({ RoleName, PolicyName: "what-it-may", PolicyDocument: document(Statement) });
  const { Credentials } = await new STS(running.config(account)).assumeRole({
    RoleArn: Role?.Arn,
    RoleSessionName: "test",
  });
  return {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
}
