// May this caller do that? Collects the policies and the request's context, and leaves the verdict to language/policy.
import { authorize, type Decision, type Missing } from "../language/policy/index.ts";
import { parseArn } from "./arn.ts";
import { refused, type AwsError } from "./errors.ts";
import type { Call, Permission, Service } from "./service.ts";
import type { PermissionTrace } from "./trace.ts";

/** Global condition keys, from «AWS global condition context keys» (IAM user guide). */
function globalContext(call: Call, resourceAccount: string): Record<string, string | readonly string[]> {
  const { caller, time } = call;
  const session = caller.credential;
  const context: Record<string, string | readonly string[]> = {
    "aws:CurrentTime": time.toISOString(),
    "aws:EpochTime": String(Math.floor(time.getTime() / 1000)),
    "aws:RequestedRegion": call.region,
    "aws:ResourceAccount": resourceAccount,
    "aws:SourceIp": call.sourceIp,
    // The endpoint speaks HTTP on loopback where AWS speaks HTTPS: it counts as secure, or no policy that insists on
    // TLS could be tried.
    "aws:SecureTransport": "true",
    "aws:UserAgent": call.userAgent,
    "aws:ViaAWSService": "false",
    "aws:PrincipalIsAWSService": String(caller.kind === "service"),
  };
  if (caller.sourceArn) context["aws:SourceArn"] = caller.sourceArn;
  if (caller.sourceAccount) context["aws:SourceAccount"] = caller.sourceAccount;
  if (caller.kind === "service") {
    context["aws:PrincipalServiceName"] = caller.arn;
    return context;
  }
  for (const [key, value] of call.cloud.identities.tagsOf(caller)) context[`aws:PrincipalTag/${key}`] = value;
  context["aws:PrincipalAccount"] = caller.account;
  // For a session that is the role's ARN: what makes a condition on it survive the role's re-creation.
  context["aws:PrincipalArn"] = caller.roleArn ?? caller.arn;
  context["aws:PrincipalType"] = caller.kind === "user" ? "User" : caller.kind === "role" ? "AssumedRole" : "Account";
  context["aws:userid"] = session?.sessionName ? `${caller.uniqueId}:${session.sessionName}` : caller.uniqueId;
  if (caller.kind === "user") context["aws:username"] = caller.arn.split("/").at(-1) ?? "";
  return context;
}

/** Decides one permission of a call. Never throws. */
export function decide(call: Call, permission: Permission): PermissionTrace {
  const { caller } = call;
  const resourceAccount = permission.resourceAccount ?? (parseArn(permission.resource)?.account || call.account);
  const context = globalContext(call, resourceAccount);
  for (const [key, value] of Object.entries(permission.context ?? {})) if (value !== undefined) context[key] = value;
  const { identity, boundary } = call.cloud.identities.policiesOf(caller);
  const decision: Decision = authorize({
    principal: caller,
    action: permission.action,
    resource: permission.resource,
    resourceAccount,
    context,
    identity,
    ...(boundary ? { boundary } : {}),
    ...(caller.credential?.sessionPolicies ? { session: caller.credential.sessionPolicies } : {}),
    ...(permission.resourcePolicy ? { resourcePolicy: permission.resourcePolicy } : {}),
  });
  return { action: permission.action, resource: permission.resource, resourceAccount, decision };
}

/** The error of a denied call, in the words of «Troubleshoot access denied error messages» (IAM user guide). */
export function denial(call: Call, service: Service, denied: PermissionTrace): AwsError {
  const { decision, action, resource } = denied;
  const [first] = decision.missing;
  const because =
    decision.effect === "explicitDeny"
      ? `with an explicit deny in ${KIND[decision.by[0]?.side ?? "identity"]}`
      : `because no ${KIND[first?.side ?? "identity"]} allows the ${action} action`;
  const on = resource === "*" ? "" : ` on resource: ${resource}`;
  return refused(
    service.errors.accessDenied,
    `User: ${call.caller.arn} is not authorized to perform: ${action}${on} ${because}`,
  );
}

const KIND: Record<Missing["side"], string> = {
  identity: "identity-based policy",
  resource: "resource-based policy",
  trust: "resource-based policy",
  session: "session policy",
  boundary: "permissions boundary",
};
