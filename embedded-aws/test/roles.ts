// A role with one inline policy, and the keys of a session of it.
import { IAM } from "@aws-sdk/client-iam";
import { STS } from "@aws-sdk/client-sts";
import type { RunningCloud } from "./cloud.ts";
import { documentOf } from "./names.ts";

/** Makes a role in the account, with the statements as its policy, and assumes it as the account's administrator. */
export async function assumeWith(
  running: RunningCloud,
  account: string,
  Statement: readonly object[],
  RoleName = "limited",
) {
  const iam = new IAM(running.config(account));
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: `arn:aws:iam::${account}:root` } };
  const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument: documentOf(trust) });
  await iam.putRolePolicy({ RoleName, PolicyName: "what-it-may", PolicyDocument: documentOf(...Statement) });
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
