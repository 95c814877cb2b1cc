// Topics and topic filters: "MQTT topics" and "FROM clause" (AWS IoT developer guide).

/** A filter ready for matching. */
export interface TopicFilter {
  text: string;
  levels: readonly string[];
}

/** @returns the filter, or the sentence that says what is wrong with it */
export function readFilter(text: string): TopicFilter | string {
  const levels = text.split("/");
  if (text === "") return "the topic filter is empty";
  if (Buffer.byteLength(text) > 256) return "the topic filter is longer than 256 bytes";
  // "AWS IoT Core message broker limits": reserved topics may have more.
  if (levels.length > 8 && !text.startsWith("$aws/")) return `the topic filter ${text} has more than 7 slashes`;
  const misplaced = levels.find((level, at) => {
    if (level === "#") return at !== levels.length - 1;
    return level !== "+" && /[+#]/.test(level);
  });
  if (misplaced === undefined) return { text, levels };
  return `in the topic filter ${text}, + and # must be whole levels, and # the last one`;
}

/**
 * Whether a message on the topic triggers the rule. `a/#` doesn't match `a`, unlike MQTT's own rule. A wildcard in the
 * first level doesn't match topics that begin with `$` (MQTT 3.1.1, 4.7.2; for AWS IoT rules not confirmed).
 */
export function filterMatches({ text, levels }: TopicFilter, topic: string): boolean {
  if (topic.startsWith("$") && /^[+#]/.test(text)) return false;
  const actual = topic.split("/");
  const open = levels.at(-1) === "#";
  if (open ? actual.length < levels.length : actual.length !== levels.length) return false;
  return levels.every((level, at) => level === "+" || level === "#" || level === actual[at]);
}
