// Who published a message: that customer's publish role, or somebody else in the partner's own account.
import { excerpt } from "../../shared/lambda/excerpt.ts";
import { RejectedMessage } from "./rejected-message.ts";
import type { Customers, ReceiveSettings } from "./settings.ts";
import type { Delivery } from "./unpack.ts";

/** What the line about a message says of who sent it, where that isn't simply the customer's role. */
export interface SenderNote {
  /** The principal that isn't the customer's publish role, only observed. */
  readonly senderMismatch?: string;
  /** Who redrove it. Such a message is taken: its principal isn't known, and whoever may invoke the function vouches. */
  readonly redrivenBy?: string;
}

/**
 * Compares `principal()` with the unique id of the customer's publish role, which no other role ever has. Throws
 * RejectedMessage when it is enforced and another principal sent the message.
 *
 * With the colon: a custom authorizer of the account may give a device any principal of letters and digits (AWS IoT,
 * "Creating a custom authorizer", principalId), a role's id among them. Of a message over HTTP AWS IoT documents `userid`
 * ("SQL functions", principal()), which IAM says is `<unique id>:<session name>` of an assumed role (`aws:userid`); so do
 * events of connections that users published. That it is the same over HTTP is not confirmed: hence it is only observed
 * where nothing else is set.
 */
export function vouchedFor(
  { message, principal, redrivenBy }: Delivery,
  customers: Customers,
  senderCheck: ReceiveSettings["senderCheck"],
): SenderNote {
  if (redrivenBy !== undefined) return { redrivenBy };
  const senderId = customers[message.accountId]?.senderId;
  if (senderId !== undefined && principal?.startsWith(`${senderId}:`)) return {};
  if (senderCheck === "observe") return { senderMismatch: excerpt(principal ?? "nobody") };
  const rejection = new RejectedMessage(
    "not the customer's role",
    `${principal ?? "nobody"} published for account ${message.accountId}, whose publish role is ${senderId ?? "none"}.`,
  );
  rejection.eventId = message.hook?.eventId;
  throw rejection;
}
