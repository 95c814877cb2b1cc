// The partner's roles, one per customer: whom they let in, what they may publish, and whether the receive function
// knows them.
import { customerRoleName, regionalArn, topicOf } from "../../../shared/contract/names.ts";
import { OPERATION_NAMES } from "../../../shared/contract/operations.ts";
import type { Account } from "../account.ts";
import type { KnownCustomer } from "../../customers.ts";
import { customersOf } from "../customers.ts";
import { type Found, REDEPLOY } from "../finding.ts";
import { NotSeen } from "../look.ts";
import { type Statement, readPolicy } from "../policy.ts";
import { UserError } from "../../user-error.ts";

type Partner = Account<"partner">;

/** Which of the customers' roles are looked at closely. */
export interface Whose {
  /** IAM's simulator is asked about each. */
  readonly allCustomers?: boolean;
  /** Nobody else's role is looked at. */
  readonly customer?: string;
}

/** Roles that IAM's simulator is asked about: each takes a call, and IAM answers a few a second. */
export const SIMULATED = 20;

/** Of all customers, whichever stack made their roles. @throws UserError where there is no such customer */
export async function* publishRoles(
  partner: Partner,
  { allCustomers, customer: only }: Whose,
): AsyncGenerator<Found | NotSeen> {
  const all = [...(await customersOf(partner)).values()];
  const examined = only === undefined ? all : all.filter(({ accountId }) => accountId === only);
  if (only !== undefined && examined.length === 0)
    throw new UserError(`${only} is no customer of this deployment: \`hooks customer list\` has them.`);
  const simulated = allCustomers === true ? examined.length : SIMULATED;
  for (const [index, customer] of examined.entries())
    yield* publishRole(partner, customer, isSpread(index, examined.length, simulated));
  if (examined.length > simulated)
    yield new NotSeen(
      `whether the policies of the other ${examined.length - simulated} customers' roles let them publish`,
      "--all-customers, or --customer ACCOUNT for one",
      `IAM's simulator was asked about ${simulated} of ${examined.length}, a call for each; trust and table were ` +
        "looked at for all",
    );
}

/** Whether that one is among `few` of `all`, at equal distances. */
const isSpread = (index: number, all: number, few: number): boolean =>
  few >= all || Math.floor(((index + 1) * few) / all) > Math.floor((index * few) / all);

async function* publishRole(partner: Partner, customer: KnownCustomer, simulated: boolean): AsyncGenerator<Found> {
  const { accountId, roleArn } = customer;
  const trust = trustOf(customer);
  if (trust === undefined) {
    yield {
      id: "publish-role.missing",
      severity: "broken",
      what: `There is no role ${roleArn} for the customer ${accountId}.`,
      why: "The customer's function assumes it: nothing of this customer's arrives.",
      mend: REDEPLOY,
    };
    return;
  }
  yield* whoIsTrusted(accountId, roleArn, trust);
  if (simulated) yield* whatMayBePublished(partner, accountId, roleArn);
  yield* knownToFunction(partner, customer);
}

/** Undefined where there is no such role. */
export function trustOf({ role }: KnownCustomer): readonly Statement[] | undefined {
  if (role === undefined) return undefined;
  return readPolicy(role.AssumeRolePolicyDocument ?? '{"Statement":[]}').filter(({ effect }) => effect === "Allow");
}

const MEND_ITEM = "pulumi up --refresh   (of the partner's stack that has this customer)";

/** Whether the function takes what the customer's role, which is there, publishes. @throws NotSeen */
async function* knownToFunction(partner: Partner, { accountId, item, role }: KnownCustomer): AsyncGenerator<Found> {
  const settings = await partner.settings();
  if (settings === undefined) return;
  const { customersTable } = settings;
  if (item === undefined)
    yield {
      id: "customer.unknown",
      severity: "broken",
      what: `The table ${customersTable} has no item of the customer ${accountId}.`,
      why: "The receive function knows no such customer: what it publishes goes to the function's dead-letter queue.",
      mend: MEND_ITEM,
    };
  else if (role?.RoleId !== item.roleId)
    yield {
      id: "customer.other-role",
      severity: settings.senderCheck === "enforce" ? "broken" : "risk",
      what:
        `The table ${customersTable} has the id ${item.roleId || "none"} for the role of the customer ${accountId}, ` +
        `which has ${role?.RoleId ?? "none"}.`,
      why: "The role was made anew past its stack: the function takes what it publishes for somebody else's.",
      mend: MEND_ITEM,
    };
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
      mend:
        "take it out of disabledCustomers, or where it has a stack of its own pulumi config set disabled false there; " +
        "then pulumi up",
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
