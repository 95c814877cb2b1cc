// Quotas that will be hit: concurrency on both sides, roles and the size of their trust at the partner's. How much
// there may be is what Service Quotas says that the account has; where it can't be asked, what the service itself says.
import { GetAccountSummaryCommand } from "@aws-sdk/client-iam";
import { GetAccountSettingsCommand } from "@aws-sdk/client-lambda";
import { CONCURRENCY, type Quota, ROLES, TRUST_POLICY, moreOf } from "../../quotas.ts";
import type { Account } from "../account.ts";
import { customersOf } from "../customers.ts";
import type { Found } from "../finding.ts";
import { NotSeen, look } from "../look.ts";

/** Lambda keeps this many for all functions without a reservation ("Lambda quotas"); few more are soon used up. */
const FEW_EXECUTIONS = 100;

/** Of a quota: what is left is soon gone. */
const NEARLY = 0.9;

/** Says where it can't be read, and goes on with what is known otherwise. */
async function* quotaOr(account: Account, quota: Quota, otherwise: number): AsyncGenerator<NotSeen, number> {
  try {
    return await account.quota(quota);
  } catch (error) {
    if (!(error instanceof NotSeen)) throw error;
    yield error;
    return otherwise;
  }
}

export async function* concurrency(account: Account): AsyncGenerator<Found | NotSeen> {
  const { lambda, outputs } = account;
  const { AccountLimit } = await look("the account's concurrency", "lambda:GetAccountSettings", () =>
    lambda.send(new GetAccountSettingsCommand({})),
  );
  const { UnreservedConcurrentExecutions: left = 0, ConcurrentExecutions: all = 0 } = AccountLimit ?? {};
  if (left > FEW_EXECUTIONS) return;
  // What was granted and what a new account is given differ: to ask for less than was granted is refused.
  const granted = yield* quotaOr(account, CONCURRENCY, all);
  const desired = Math.max(CONCURRENCY.standard, 2 * granted);
  yield {
    id: "quota.concurrency",
    severity: "risk",
    what: `Functions without a reservation share ${left} of the account's ${all} executions at a time.`,
    why: `${outputs.functionName} is throttled with all others when something else is busy, unless it has its own.`,
    mend: moreOf(CONCURRENCY, desired, outputs.region),
  };
}

export async function* roles(account: Account<"partner">): AsyncGenerator<Found | NotSeen> {
  const { iam, outputs } = account;
  const { SummaryMap = {} } = await look("how many roles there are", "iam:GetAccountSummary", () =>
    iam.send(new GetAccountSummaryCommand({})),
  );
  const { Roles = 0, RolesQuota = Infinity, AssumeRolePolicySizeQuota = Infinity } = SummaryMap;
  const most = yield* quotaOr(account, ROLES, RolesQuota);
  if (Roles >= most * NEARLY)
    yield {
      id: "quota.roles",
      severity: "risk",
      what: `The account has ${Roles} of ${most} roles.`,
      why: "Each customer needs one.",
      mend: moreOf(ROLES, 2 * most, outputs.region),
    };
  yield* trustPolicies(account, yield* quotaOr(account, TRUST_POLICY, AssumeRolePolicySizeQuota));
}

async function* trustPolicies(account: Account<"partner">, longest: number): AsyncGenerator<Found> {
  for (const { role } of (await customersOf(account)).values()) {
    // Without white space, as IAM counts.
    const size = decodeURIComponent(role?.AssumeRolePolicyDocument ?? "").replace(/\s/g, "").length;
    if (size >= longest * NEARLY)
      yield {
        id: "quota.trust",
        severity: "risk",
        what: `The trust policy of ${role?.RoleName ?? ""} has ${size} of ${longest} characters.`,
        why: "No further role of this customer can be trusted.",
        mend: moreOf(TRUST_POLICY, 2 * longest, account.outputs.region),
      };
  }
}
