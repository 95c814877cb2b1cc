/**
 * What the rule's SQL can't be read for; the service answers CreateTopicRule with SqlParseException and this message.
 */
export class SqlParseError extends Error {
  override readonly name = "SqlParseError";

  /** @param offset where in the statement, from 0; the message counts from 1 */
  constructor(reason: string, offset: number) {
    super(`The rule's SQL can't be read at character ${offset + 1}: ${reason}`);
  }
}
