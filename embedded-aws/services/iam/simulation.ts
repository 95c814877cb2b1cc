// What an identity's own policies allow, asked without doing it: the policy simulator of the IAM API.
import type { EvaluationResult, IAM, SimulatePrincipalPolicyRequest } from "@aws-sdk/client-iam";
import { AwsError } from "../../core/errors.ts";
import type { Identity } from "../../core/identity.ts";
import { operations, type Call } from "../../core/service.ts";
import { authorize, type Principal } from "../../language/policy/index.ts";
import { noSuchEntity } from "./entities.ts";
import { pageOf } from "./page.ts";
import { resourceTags } from "./tags.ts";

/** @throws AwsError InvalidInput for an ARN that is no user's or role's, NoSuchEntity */
function sourceOf(call: Call, arn = ""): Principal {
  const [, kind] = /^arn:[^:]+:iam::\d{12}:(user|role)\/.+$/.exec(arn) ?? [];
  if (kind === undefined)
    throw new AwsError("InvalidInput", `Invalid Entity Arn: ${arn} does not clearly define entity`);
  const found = identityOf(call, arn);
  if (!found) throw noSuchEntity(`${arn} cannot be found.`);
  const { account } = call;
  return kind === "role"
    ? { kind: "role", arn, account, uniqueId: found.uniqueId, roleArn: arn }
    : { kind: "user", arn, account, uniqueId: found.uniqueId };
}

function identityOf({ cloud, account }: Call, arn: string): Identity | undefined {
  const { users, roles } = cloud.identities.iam(account);
  return [...users.values(), ...roles.values()].find((identity) => identity.arn === arn);
}

/**
 * «SimulatePrincipalPolicy», API reference: the identity's policies and its boundary decide, with no other context than
 * what is given; policies of resources take part where they are given, which isn't modelled.
 */
function evaluated(
  call: Call,
  principal: Principal,
  context: Readonly<Record<string, readonly string[]>>,
  [action, resource]: readonly [string, string],
): EvaluationResult {
  const { identity, boundary } = call.cloud.identities.policiesOf(principal);
  const bounds = boundary ? { boundary } : {};
  const resourceAccount = call.account;
  const { effect, missing } = authorize({ principal, action, resource, resourceAccount, context, identity, ...bounds });
  const lacks = (side: string) => missing.some((one) => one.side === side);
  const denied = lacks("identity") || lacks("boundary") ? "implicitDeny" : "allowed";
  return {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: effect === "explicitDeny" ? "explicitDeny" : denied,
    ...(boundary ? { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: !lacks("boundary") } } : {}),
  };
}

function simulate(input: SimulatePrincipalPolicyRequest, call: Call) {
  const principal = sourceOf(call, input.PolicySourceArn);
  const { ActionNames = [], ResourceArns = ["*"], ContextEntries = [] } = input;
  const context = Object.fromEntries(
    ContextEntries.map(({ ContextKeyName = "", ContextKeyValues = [] }) => [ContextKeyName, ContextKeyValues]),
  );
  const asked = ActionNames.flatMap((action) => ResourceArns.map((resource) => [action, resource] as const));
  const { items, end } = pageOf(asked, (pair) => pair.join(" "), input);
  return { EvaluationResults: items.map((pair) => evaluated(call, principal, context, pair)), ...end };
}

export const simulation = operations<IAM>({
  SimulatePrincipalPolicy: {
    authorize: ({ PolicySourceArn = "" }, call) => ({
      action: "iam:SimulatePrincipalPolicy",
      resource: PolicySourceArn,
      context: resourceTags(identityOf(call, PolicySourceArn)?.tags),
    }),
    run: simulate,
    record: { readOnly: true },
  },
});
