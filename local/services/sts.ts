// STS: who am I, and may I be that role for a while.
import type { STS } from "@aws-sdk/client-sts";
import { AwsError } from "../core/errors.ts";
import type { Role } from "../core/identity.ts";
import { operations, type Call, type Service } from "../core/service.ts";

const DEFAULT_SECONDS = 3600;

function roleOf(roleArn: string, call: Call): Role | undefined {
  return call.cloud.identities.role(roleArn);
}

export const sts: Service = {
  name: "sts",
  signingNames: ["sts"],
  eventSource: "sts.amazonaws.com",
  model: () => import("@aws-sdk/client-sts"),
  accessDenied: { code: "AccessDenied", status: 403 },
  operations: operations<STS>({
    GetCallerIdentity: {
      authorize: () => [],
      run: (_input, { caller }) => {
        const session = caller.credential?.sessionName;
        return {
          Account: caller.account,
          Arn: caller.arn,
          UserId: session ? `${caller.uniqueId}:${session}` : caller.uniqueId,
        };
      },
    },
    AssumeRole: {
      authorize: (input, call) => {
        const roleArn = input.RoleArn ?? "";
        const role = roleOf(roleArn, call);
        return {
          action: "sts:AssumeRole",
          resource: roleArn,
          context: { "sts:ExternalId": input.ExternalId, "sts:RoleSessionName": input.RoleSessionName },
          // A role that doesn't exist trusts nobody: AWS answers AccessDenied, so that nobody can find out which roles there are.
          ...(role
            ? {
                resourcePolicy: { kind: "trust", name: `trust policy of role ${role.name}`, policy: role.trust.policy },
              }
            : {}),
        };
      },
      run: (input, call) => {
        const role = roleOf(input.RoleArn ?? "", call);
        if (!role)
          throw new AwsError("AccessDenied", `The role ${input.RoleArn ?? ""} can't be assumed.`, { status: 403 });
        const sessionName = input.RoleSessionName ?? "";
        const seconds = input.DurationSeconds ?? DEFAULT_SECONDS;
        const issuedAt = call.time.getTime();
        const credential = call.cloud.identities.addSession(role, {
          sessionName,
          issuedAt,
          expiresAt: issuedAt + seconds * 1000,
        });
        return {
          Credentials: {
            AccessKeyId: credential.accessKeyId,
            SecretAccessKey: credential.secretAccessKey,
            SessionToken: credential.sessionToken,
            Expiration: new Date(credential.expiresAt ?? 0),
          },
          AssumedRoleUser: { Arn: credential.caller.arn, AssumedRoleId: `${role.uniqueId}:${sessionName}` },
        };
      },
    },
  }),
};
