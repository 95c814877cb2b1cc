/** Names of the attributes of the partner's table of customers. */
export const CUSTOMER_ATTRIBUTES = {
  /** The key: the customer's account. */
  accountId: "accountId",
  /** Unique id of its publish role: what `principal()` starts with when that role publishes. */
  roleId: "roleId",
  roleArn: "roleArn",
  /** Whether it may not publish for the time being. */
  disabled: "disabled",
  /** When the role was made. */
  since: "since",
} as const;
