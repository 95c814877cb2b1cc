/** What EventBridge refuses: the message of its InvalidEventPatternException. */
export class PatternError extends Error {
  override readonly name = "PatternError";

  /** @param offset where in the text; without one the message names no place @param places how often it is named */
  constructor(reason: string, text: string, offset?: number, places = 1) {
    const where = offset === undefined ? "" : `\n at ${place(text, offset)}`.repeat(places);
    super(`Event pattern is not valid. Reason: ${reason}${where}`);
  }
}

/** Jackson's JsonLocation, as EventBridge's messages carry it: the first 500 characters, line and column from 1. */
function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  const column = (before.at(-1) ?? "").length + 1;
  const cut = text.length > 500 ? `[truncated ${text.length - 500} chars]` : "";
  return `[Source: (String)"${text.slice(0, 500)}"${cut}; line: ${before.length}, column: ${column}]`;
}
