/** What was published, as the message broker passes it on. */
export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  /**
   * What principal() of the rule SQL says: `<unique id>:<session name>` of a role's session. None for the registry's
   * own messages.
   */
  readonly principal?: string;
  /** How often rules have republished what caused it. */
  readonly hops: number;
}
