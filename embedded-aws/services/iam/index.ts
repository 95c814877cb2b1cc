// IAM: roles, what they may do, and who may be them.
import { QUERY } from "../../core/common-errors.ts";
import type { FinishedCall, Service } from "../../core/service.ts";
import { account } from "./account.ts";
import { delayed } from "./delay.ts";
import { managedPolicies } from "./managed-policies.ts";
import { openIdConnectProviders } from "./openid-connect-providers.ts";
import { EXCEPTIONS } from "./parameters.ts";
import { rolePolicies } from "./role-policies.ts";
import { roles } from "./roles.ts";
import { simulation } from "./simulation.ts";

/**
 * RoleLastUsed: any request with the role's keys, allowed or not. AWS shows it up to four hours later, this at once.
 */
function noteUse({ call: { caller, cloud, time, region } }: FinishedCall): void {
  const role = cloud.identities.iam(caller.account).roles.get(caller.roleArn?.split("/").at(-1) ?? "");
  if (role?.uniqueId === caller.uniqueId) role.lastUsed = { at: time, region };
}

export const iam: Service = {
  name: "iam",
  signingNames: ["iam"],
  eventSource: "iam.amazonaws.com",
  model: () => import("@aws-sdk/client-iam"),
  inputModel: new URL("../constraints/iam.json", import.meta.url),
  errors: QUERY,
  exceptions: EXCEPTIONS,
  operations: {
    ...delayed(roles),
    ...delayed(rolePolicies),
    ...managedPolicies,
    ...openIdConnectProviders,
    ...simulation,
    ...account,
  },
  observe: noteUse,
};
