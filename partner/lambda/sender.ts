// Who published a message: that customer's publish role, or somebody else in the partner's own account.
import { excerpt } from "../../shared/lambda/excerpt.ts";
import type { Customer } from "./customers.ts";
import { RejectedMessage } from "./rejected-message.ts";
import type { RuleEvent } from "./rule-event.ts";
import type { ReceiveSettings } from "./settings.ts";
import type { Delivery } from "./unpack.ts";

/** What the line about a message says of who sent it, where that isn't simply the customer's role. */
export interface SenderNote {
  /** The principal that isn't the customer's publish role, only observed. */
  readonly senderMismatch?: string;
  /**
   * Who redrove it. Such a message is taken: its principal isn't known, and whoever may invoke the function vouches.
   */
  readonly redrivenBy?: string;
}

type Sender = Pick<RuleEvent, "principal" | "redrivenBy">;

/**
 * Whether the role of this customer published, or somebody vouches for it.
 *
 * With the colon: a custom authorizer of the account may give a device any principal of letters and digits (AWS IoT,
 * "Creating a custom authorizer", principalId), a role's id among them. Of a message over HTTP AWS IoT documents
 * `userid` ("SQL functions", principal()), which IAM says is `<unique id>:<session name>` of an assumed role
 * (`aws:userid`); so do events of connections that users published. That it is the same over HTTP is not confirmed:
 * hence it is only observed where nothing else is set.
 */
const isVouchedFor = ({ principal, redrivenBy }: Sender, { roleId }: Customer): boolean =>
  redrivenBy !== undefined || principal?.startsWith(`${roleId}:`) === true;

/** What is expected of a customer whose message is here. */
export const maySend =
  (sender: Sender) =>
  (customer: Customer): boolean =>
    !customer.disabled && isVouchedFor(sender, customer);

/** The customer, where it is one and may speak. Throws RejectedMessage. */
export function admitted(customer: Customer | undefined, accountId: string): Customer {
  if (customer === undefined) {
    throw new RejectedMessage(
      "unknown customer",
      `account ${accountId} is none of the partner's customers: add it to customers, or give it a stack of its own.`,
    );
  }
  if (!customer.disabled) return customer;
  throw new RejectedMessage("customer disabled", `account ${accountId} is disabled: enable it, then redrive.`);
}

/**
 * Compares `principal()` with the unique id of the customer's publish role, which no other role ever has. Throws
 * RejectedMessage when it is enforced and another principal sent the message.
 */
export function vouchedFor(
  delivery: Delivery,
  customer: Customer,
  senderCheck: ReceiveSettings["senderCheck"],
): SenderNote {
  const { message, principal = "nobody", redrivenBy } = delivery;
  if (redrivenBy !== undefined) return { redrivenBy };
  if (isVouchedFor(delivery, customer)) return {};
  if (senderCheck === "observe") return { senderMismatch: excerpt(principal) };
  const rejection = new RejectedMessage(
    "not the customer's role",
    `${principal} published for account ${message.accountId}, whose publish role is ${customer.roleId}.`,
  );
  rejection.eventId = message.hook?.eventId;
  throw rejection;
}
