/**
 * A key that stands twice in one object, or undefined. `text` is valid JSON: `JSON.parse` itself keeps the last one
 * silently.
 */
export function duplicateKey(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = []; // a set for each open object, undefined for each open array
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}:]/gs)].map(([token]) => token);
  for (const [index, token] of tokens.entries()) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token !== ":" && tokens[index + 1] === ":") {
      const key = JSON.parse(token) as string;
      const keys = open.at(-1);
      if (keys?.has(key) === true) return key;
      keys?.add(key);
    }
  }
  return undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
