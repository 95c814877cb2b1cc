// What the two functions measure, in CloudWatch: each metric by customer, rejections by reason too.

export const METRICS_NAMESPACE = "CrossAccountIotHooks";

/** Dimension sets of every metric, and of `Rejected` beside it. */
export const BY_CUSTOMER = ["customer"] as const;
export const BY_REASON = ["customer", "reason"] as const;

/** Value of `customer` for what came in the name of an account that is no customer: anybody can make up such names. */
export const NO_CUSTOMER = "unknown";

/** Units, by name. One value per event, but for what is measured once a message was found to be in order. */
export const METRICS = {
  /** announce: published on the partner's topic. */
  Announced: "Count",
  /**
   * announce: nothing to announce, since the call had failed, changed nothing that is announced, or undid a deletion
   * that alone is announced.
   */
  Ignored: "Count",
  /** announce: announced as it is, since a backfill or the schedule asked for it. */
  Synced: "Count",
  /** receive: found to be in order. */
  Received: "Count",
  /** receive: the partner's own code ran to its end. */
  Applied: "Count",
  /** receive: applied, and nobody had announced it before the schedule did: what CloudTrail or a hop lost. */
  Corrected: "Count",
  /** receive: applied before, or known already by another event. */
  Duplicate: "Count",
  /** receive: what came later was applied before. */
  Stale: "Count",
  /** Both: put into the failure queue, since no retry mends it. By reason, too. */
  Rejected: "Count",
  /** Both: thrown, for Lambda to try again. */
  Failed: "Count",
  /** receive: the debug message was not published. */
  DebugFailed: "Count",
  /** receive: published by another principal than the customer's publish role, and taken. */
  SenderMismatch: "Count",
  /** receive: from the call in the customer's account until now. */
  AgeMs: "Milliseconds",
} as const;

export type MetricName = keyof typeof METRICS;
