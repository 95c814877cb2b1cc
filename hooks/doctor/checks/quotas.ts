// Quotas that will be hit: concurrency on both sides, roles and the size of their trust at the partner's.
import { GetAccountSummaryCommand, GetRoleCommand } from "@aws-sdk/client-iam";
import { GetAccountSettingsCommand } from "@aws-sdk/client-lambda";
import type { Account } from "../account.ts";
import type { Found } from "../finding.ts";
import { look, lookFor } from "../look.ts";

// The codes of Service Quotas are those of the tables in "AWS service endpoints and quotas" (AWS General Reference):
// users and AWS's own guides (EKS best practices, "Known limits and service quotas") name the same.

/** Lambda keeps this many for all functions without a reservation ("Lambda quotas"); few more are soon used up. */
const FEW_EXECUTIONS = 100;

/** Of a quota: what is left is soon gone. */
const NEARLY = 0.9;

export async function* concurrency({ lambda, outputs }: Account): AsyncGenerator<Found> {
  const { AccountLimit } = await look("the account's concurrency", "lambda:GetAccountSettings", () =>
    lambda.send(new GetAccountSettingsCommand({})),
  );
  const { UnreservedConcurrentExecutions: left = 0, ConcurrentExecutions: all = 0 } = AccountLimit ?? {};
  if (left > FEW_EXECUTIONS) return;
  yield {
    id: "quota.concurrency",
    severity: "risk",
    what: `Functions without a reservation share ${left} of the account's ${all} executions at a time.`,
    why: `${outputs.functionName} is throttled with all others when something else is busy, unless it has its own.`,
    mend:
      "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 " +
      `--desired-value 1000 --region ${outputs.region}`,
  };
}

export async function* roles({ iam, outputs }: Account<"partner">): AsyncGenerator<Found> {
  const { SummaryMap = {} } = await look("how many roles there are", "iam:GetAccountSummary", () =>
    iam.send(new GetAccountSummaryCommand({})),
  );
  const { Roles = 0, RolesQuota = Infinity, AssumeRolePolicySizeQuota = Infinity } = SummaryMap;
  if (Roles >= RolesQuota * NEARLY)
    yield {
      id: "quota.roles",
      severity: "risk",
      what: `The account has ${Roles} of ${RolesQuota} roles.`,
      why: "Each customer needs one.",
      mend:
        "aws service-quotas request-service-quota-increase --service-code iam --quota-code L-FE177D64 " +
        "--desired-value 5000 --region us-east-1",
    };
  for (const [customer, arn] of Object.entries(outputs.publishRoleArns)) {
    const RoleName = arn.split("/").at(-1) ?? "";
    const answer = await lookFor(`the role for ${customer}`, "iam:GetRole", () =>
      iam.send(new GetRoleCommand({ RoleName })),
    );
    // Without white space, as IAM counts.
    const size = decodeURIComponent(answer?.Role?.AssumeRolePolicyDocument ?? "").replace(/\s/g, "").length;
    if (size >= AssumeRolePolicySizeQuota * NEARLY)
      yield {
        id: "quota.trust",
        severity: "risk",
        what: `The trust policy of ${RoleName} has ${size} of ${AssumeRolePolicySizeQuota} characters.`,
        why: "No further role of this customer can be trusted.",
        mend:
          "aws service-quotas request-service-quota-increase --service-code iam --quota-code L-C07B4B0D " +
          "--desired-value 4096 --region us-east-1",
      };
  }
}
