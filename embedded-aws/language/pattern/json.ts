// A JSON reader that keeps what JSON.parse loses and event patterns are judged by: the order of members with the same
// name (the last wins, but a nested one joins what an earlier one said: "Content filtering", EventBridge user guide,
// and aws/event-ruler, which reads a stream), the text of numbers, and where each token stood.

/**
 * A node and the offset at which Jackson, which EventBridge's messages quote, stood when it had read the token: for
 * objects and lists the closing bracket, and in `opened` the opening one.
 */
export type JsonNode =
  | { kind: "object"; members: { name: string; value: JsonNode }[]; opened: number; offset: number }
  | { kind: "array"; items: JsonNode[]; opened: number; offset: number }
  | { kind: "string"; value: string; offset: number }
  | { kind: "number"; text: string; offset: number }
  | { kind: "literal"; value: boolean | null; offset: number };

export class JsonTextError extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const word = /[A-Za-z_$][\w$]*/y;
const literals = [
  ["true", true],
  ["false", false],
  ["null", null],
] as const;

/**
 * Reads one JSON document. Recursive: bound the length of the text before.
 * @throws JsonTextError where the text isn't JSON
 */
export function readJson(text: string): JsonNode {
  let at = 0;

  const skipSpace = (): void => {
    while (" \t\r\n".includes(text.charAt(at)) && at < text.length) at++;
  };
  const fail = (expected: string): never => {
    if (at >= text.length) throw new JsonTextError(`Unexpected end-of-input: was expecting ${expected}`, at + 1);
    const found = `Unexpected character ('${text.charAt(at)}' (code ${text.charCodeAt(at)}))`;
    throw new JsonTextError(`${found}: was expecting ${expected}`, at);
  };
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const skip = (character: string): boolean => {
    skipSpace();
    if (text.charAt(at) !== character) return false;
    at++;
    return true;
  };
  const readString = (expected: string): string => JSON.parse(take(string) ?? fail(expected)) as string;

  const readValue = (): JsonNode => {
    skipSpace();
    const start = at;
    if (skip("{")) return readObject();
    if (skip("[")) return readArray();
    // Jackson puts off reading a string that it isn't asked for: it stands behind the opening quote.
    if (text.charAt(at) === '"') return { kind: "string", value: readString("a closed string"), offset: start + 1 };
    const digits = take(number);
    if (digits !== undefined) return { kind: "number", text: digits, offset: at };
    for (const [literal, value] of literals) {
      if (!text.startsWith(literal, at)) continue;
      at += literal.length;
      return { kind: "literal", value, offset: at };
    }
    const token = take(word);
    if (token === undefined) return fail("a JSON value");
    const expected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    throw new JsonTextError(`Unrecognized token '${token}': was expecting ${expected}`, at);
  };
  const readObject = (): JsonNode => {
    const members: { name: string; value: JsonNode }[] = [];
    const opened = at;
    if (skip("}")) return { kind: "object", members, opened, offset: at };
    do {
      skipSpace();
      const name = readString("double-quote to start field name");
      if (!skip(":")) fail("a colon to separate field name and value");
      members.push({ name, value: readValue() });
    } while (skip(","));
    if (!skip("}")) fail("comma to separate Object entries");
    return { kind: "object", members, opened, offset: at };
  };
  const readArray = (): JsonNode => {
    const items: JsonNode[] = [];
    const opened = at;
    if (skip("]")) return { kind: "array", items, opened, offset: at };
    do items.push(readValue());
    while (skip(","));
    if (!skip("]")) fail("comma to separate Array entries");
    return { kind: "array", items, opened, offset: at };
  };

  const document = readValue();
  skipSpace();
  if (at < text.length) fail("the end of the document");
  return document;
}
