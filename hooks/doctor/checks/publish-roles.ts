// The partner's roles, one per customer: whom they let in, and what they may publish.
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { customerRoleName, regionalArn, topicOf } from "../../../shared/contract/names.ts";
import { OPERATION_NAMES } from "../../../shared/contract/operations.ts";
import type { Account } from "../account.ts";
import { type Found, REDEPLOY } from "../finding.ts";
import { lookFor } from "../look.ts";
import { type Statement, readPolicy } from "../policy.ts";
import { knownToFunction, publishRoleOf } from "./customers.ts";

type Partner = Account<"partner">;

/** Of the customers that the partner's own stack lists. */
export async function* publishRoles(partner: Partner): AsyncGenerator<Found> {
  for (const [customer, arn] of Object.entries(partner.outputs.publishRoleArns))
    yield* publishRole(partner, customer, arn);
}

/** Of a customer with a stack of its own, which is found by its item in the table. */
export async function* publishRoleApart(customer: Account<"customer">, partner: Partner): AsyncGenerator<Found> {
  const { accountId } = customer.outputs;
  if (partner.outputs.publishRoleArns[accountId] !== undefined) return;
  const arn = await publishRoleOf(partner, accountId);
  if (arn !== undefined) yield* publishRole(partner, accountId, arn);
}

async function* publishRole(partner: Partner, customer: string, arn: string): AsyncGenerator<Found> {
  const trust = await trustOf(partner, arn);
  if (trust === undefined) {
    yield {
      id: "publish-role.missing",
      severity: "broken",
      what: `There is no role ${arn} for the customer ${customer}.`,
      why: "The customer's function assumes it: nothing of this customer's arrives.",
      mend: REDEPLOY,
    };
    return;
  }
  yield* whoIsTrusted(customer, arn, trust);
  yield* whatMayBePublished(partner, customer, arn);
  yield* knownToFunction(partner, customer, arn);
}

/** Undefined where there is no such role. @throws NotSeen */
export async function trustOf({ iam }: Partner, arn: string): Promise<readonly Statement[] | undefined> {
  const RoleName = arn.split("/").at(-1) ?? "";
  const answer = await lookFor(`the trust of ${RoleName}`, "iam:GetRole", () =>
    iam.send(new GetRoleCommand({ RoleName })),
  );
  if (answer === undefined) return undefined;
  return readPolicy(answer.Role?.AssumeRolePolicyDocument ?? '{"Statement":[]}').filter(
    ({ effect }) => effect === "Allow",
  );
}

const namesRoles = ({ conditions }: Statement): boolean =>
  conditions.some(
    ({ operator, key }) => /^(Arn|String)(Equals|Like)$/.test(operator) && /^aws:PrincipalArn$/i.test(key),
  );

const isWhole = (principal: string): boolean => principal === "*" || /^\d{12}$|:root$/.test(principal);

function* whoIsTrusted(customer: string, arn: string, trust: readonly Statement[]): Generator<Found> {
  const show = `aws iam get-role --role-name ${arn.split("/").at(-1) ?? ""}   (then ${REDEPLOY})`;
  const principals = trust.flatMap((statement) => statement.principals);
  if (trust.some((statement) => statement.principals.some(isWhole) && !namesRoles(statement)))
    yield {
      id: "publish-role.anybody",
      severity: "risk",
      what: `${arn} lets in whoever the account ${customer} allows to, not the announce function's role alone.`,
      why: "Everybody with sts:AssumeRole in that account can publish as this customer.",
      mend: show,
    };
  // «AWS JSON policy elements: Principal», IAM User Guide: what a principal becomes once its role or user is deleted.
  const deleted = principals.find((principal) => /^A(RO|ID)A\w+$/.test(principal));
  if (deleted !== undefined)
    yield {
      id: "publish-role.deleted-principal",
      severity: "broken",
      what: `${arn} trusts ${deleted}, a role or user that was deleted.`,
      why: "One that was made anew under the same name is another one, and isn't trusted.",
      mend: show,
    };
  const others = principals.filter((principal) => !principal.includes(customer) && principal !== deleted);
  if (others.length > 0)
    yield {
      id: "publish-role.other-account",
      severity: "risk",
      what: `${arn} lets in ${others.join(", ")}, which is not the customer ${customer}.`,
      why: "Who assumes it publishes in this customer's name.",
      mend: show,
    };
  if (trust.length === 0)
    yield {
      id: "publish-role.nobody",
      severity: "broken",
      what: `${arn} lets in nobody.`,
      why: `The customer's function, as ${customerRoleName("<partner>")} or under another name, can't assume it.`,
      mend: show,
    };
}

async function* whatMayBePublished(partner: Partner, customer: string, arn: string): AsyncGenerator<Found> {
  const topics = OPERATION_NAMES.map((operation) =>
    regionalArn("iot", partner.outputs, `topic/${topicOf(customer, operation)}`),
  );
  const decisions = [...(await partner.simulateAll(arn, "iot:Publish", topics)).values()];
  if (decisions.every((decision) => decision === "explicitDeny"))
    yield {
      id: "publish-role.disabled",
      severity: "note",
      what: `The customer ${customer} may not publish: it is disabled, by a Deny.`,
      why: "What it announces waits in its own dead-letter queue, for 14 days.",
      mend: "pulumi config rm --path 'disabledCustomers[0]' && pulumi up   (the entry of this customer)",
    };
  else if (!decisions.includes("allowed"))
    yield {
      id: "publish-role.may-not-publish",
      severity: "broken",
      what: `${arn} may publish on no topic of the customer ${customer}.`,
      why: "Nothing of this customer's arrives.",
      mend: REDEPLOY,
    };
}
