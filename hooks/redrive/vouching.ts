// Whose message a letter of the partner's holds. The function believes whoever invokes it, so that a letter that is
// sent again has to be known to be the customer's, or somebody says so by name.
import { GetRoleCommand, type IAMClient } from "@aws-sdk/client-iam";
import { GetFunctionConfigurationCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { DeadLetter } from "../letters/letter.ts";

/** In the place of an account: all of them. */
export const EVERYBODY = "all";

export interface Vouching {
  /** Unique id of the function's role, as which Lambda and the function send their letters. */
  readonly functionRoleId: string;
  /** Accounts that the operator vouches for, or `EVERYBODY`. */
  readonly accounts: readonly string[];
  /** ARN of the operator, whom the function's log names. */
  readonly redrivenBy: string;
}

export const vouchesFor = ({ accounts }: Vouching, accountId: string): boolean =>
  accounts.includes(EVERYBODY) || accounts.includes(accountId);

/**
 * Why nobody knows that a letter's message is the customer's; undefined where it is known. AWS IoT's error record has
 * no principal. A record of Lambda's holds what the function was given, principal included: but anybody who may send to
 * the queue can write one, so that it counts where SQS says that the function's role sent it.
 *
 * @param senderId SQS's attribute SenderId: `<unique id>:<session name>` for a role («ReceiveMessage»; that Lambda's
 *   on-failure records have the function's role there is not confirmed)
 */
export function doubtOf(
  { form, publisher }: DeadLetter,
  senderId: string | undefined,
  { functionRoleId }: Vouching,
): string | undefined {
  if (form === "iot") return `AWS IoT doesn't say which principal published it (client id: ${publisher ?? "none"})`;
  if (senderId?.startsWith(`${functionRoleId}:`) === true) return undefined;
  return `${senderId ?? "nobody"} put it into the queue, and not the function's role`;
}

/** The event, in the operator's name. */
export const inTheNameOf = (event: string, redrivenBy: string): string =>
  JSON.stringify({ ...(JSON.parse(event) as object), redrivenBy });

/** @throws what the SDK throws */
export async function functionRoleId(lambda: LambdaClient, iam: IAMClient, functionAliasArn: string): Promise<string> {
  const { Role: arn = "" } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionAliasArn }));
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: arn.slice(arn.lastIndexOf("/") + 1) }));
  // Always there; without it no letter would be the function's.
  return Role?.RoleId ?? "unknown";
}
