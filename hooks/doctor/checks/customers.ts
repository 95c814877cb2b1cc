// What the receive function reads of a customer, held against the customer's role.
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { CUSTOMER_ATTRIBUTES } from "../../../shared/contract/customer-attributes.ts";
import type { Account } from "../account.ts";
import type { Found } from "../finding.ts";
import { lookFor } from "../look.ts";

type Partner = Account<"partner">;

const { accountId: KEY, roleId, roleArn } = CUSTOMER_ATTRIBUTES;

const MEND = "pulumi up --refresh   (of the partner's stack that has this customer)";

/** Undefined where the table has none, or there is no function that reads one. @throws NotSeen */
async function itemOf(partner: Partner, customer: string) {
  const settings = await partner.settings();
  if (settings === undefined) return undefined;
  const request = new GetItemCommand({ TableName: settings.customersTable, Key: { [KEY]: { S: customer } } });
  const answer = await lookFor(`the customer ${customer}`, "dynamodb:GetItem", () => partner.dynamodb.send(request));
  return answer?.Item;
}

/** Of the stack's own list, else of the table, which has those with stacks of their own too. @throws NotSeen */
export const publishRoleOf = async (partner: Partner, customer: string): Promise<string | undefined> =>
  partner.outputs.publishRoleArns[customer] ?? (await itemOf(partner, customer))?.[roleArn]?.S;

/** Whether the function takes what `arn`, a role that is there, publishes for the customer. */
export async function* knownToFunction(partner: Partner, customer: string, arn: string): AsyncGenerator<Found> {
  const settings = await partner.settings();
  if (settings === undefined) return;
  const { customersTable } = settings;
  const item = await itemOf(partner, customer);
  if (item === undefined) {
    yield {
      id: "customer.unknown",
      severity: "broken",
      what: `The table ${customersTable} has no item of the customer ${customer}.`,
      why: "The receive function knows no such customer: what it publishes goes to the function's dead-letter queue.",
      mend: MEND,
    };
    return;
  }
  const RoleName = arn.split("/").at(-1) ?? "";
  const answer = await lookFor(`the role ${RoleName}`, "iam:GetRole", () =>
    partner.iam.send(new GetRoleCommand({ RoleName })),
  );
  if (answer !== undefined && answer.Role?.RoleId !== item[roleId]?.S)
    yield {
      id: "customer.other-role",
      severity: settings.senderCheck === "enforce" ? "broken" : "risk",
      what: `The table ${customersTable} has the id ${item[roleId]?.S ?? "none"} for the role of the customer ${customer}, which has ${answer.Role?.RoleId ?? "none"}.`,
      why: "The role was made anew past its stack: the function takes what it publishes for somebody else's.",
      mend: MEND,
    };
}
