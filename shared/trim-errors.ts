// Which errors' classes a function carries. A client has those of all its operations; of what has no class, it makes an
// error by the name that came over the wire.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What the functions call. `test/shared/bundle.test.ts` holds it against the bundles. */
export const OPERATIONS = [
  "AssumeRole",
  "DeleteItem",
  "DescribeBillingGroup",
  "DescribeThing",
  "DescribeThingGroup",
  "DescribeThingType",
  "GetItem",
  "Invoke",
  "ListThings",
  "Publish",
  "SendMessage",
  "UpdateItem",
] as const;

/**
 * Schemas of a client without the errors that an operation in use doesn't declare, and without those that would say
 * no more than their name.
 *
 * @param client folder of its package
 */
export function withoutUnusedErrors(schemas: string, client: string): string {
  const read = (...path: string[]) => readFileSync(join(client, ...path), "utf8");
  const used = withoutOtherErrors(schemas, declared(read));
  // There an error's code isn't its name.
  if (read("dist-es", "runtimeConfig.shared.js").includes("AwsQueryProtocol")) return used;
  return withoutPlainErrors(used, new Set([...retryable(read("dist-es", "models", "errors.js")), ...CODED_OTHERWISE]));
}

/** Names of the errors that operations in use have, by the client's declarations. */
function declared(read: (...path: string[]) => string): ReadonlySet<string> {
  const commands = new Set(
    [...read("dist-types", "commands", "index.d.ts").matchAll(/"\.\/(\w+)Command"/g)].map(([, name]) => name),
  );
  const texts = OPERATIONS.filter((operation) => commands.has(operation)).map((operation) =>
    read("dist-types", "commands", `${operation}Command.d.ts`),
  );
  return new Set(texts.flatMap((text) => [...text.matchAll(/@throws \{@link (\w+)\}/g)].map(([, name = ""]) => name)));
}

/** The base of all, `…ServiceException`, stays. */
const withoutOtherErrors = (schemas: string, used: ReadonlySet<string>): string =>
  schemas.replace(
    /^export var (\w+)\$ = \[-3, (?:[^;]|;(?!$))*;\n\w+\.registerError\(\1\$, \1\);$/gm,
    (registered, name: string) => (used.has(name) || name.endsWith("ServiceException") ? registered : ""),
  );

/**
 * Of an error that says nothing beyond its name and its message, the client makes the same without knowing it: name,
 * message, whose fault, status, request id. Its class, which nobody asks for, goes. Those in `kept` stay, and those
 * that carry more.
 */
function withoutPlainErrors(schemas: string, kept: ReadonlySet<string>): string {
  const names = new Map(
    [...schemas.matchAll(/^const (_\w+) = "(error|httpError|message|awsQueryError)";$/gm)].map(([, a, b]) => [b, a]),
  );
  const [error, httpError, message, code] = ["error", "httpError", "message", "awsQueryError"].map(
    (name) => names.get(name) ?? "-",
  );
  const plain = new RegExp(
    String.raw`^export var (\w+)\$ = \[-3, \w+, \w+,\s*\{ (?:\[${code}\]: \[[^\]]*\], )?\[${error}\]: \w+(?:, \[${httpError}\]: \d+)? \},` +
      String.raw`\s*\[(?:${message})?\],\s*\[0?\]\s*\];\n\w+\.registerError\(\1\$, \1\);$`,
    "gm",
  );
  return schemas.replace(plain, (registered, name: string) => (kept.has(name) ? registered : ""));
}

/**
 * Errors of SendMessage (SQS API Reference) that have another name on the wire, by which they would be called
 * otherwise: SQS gives its older codes beside.
 */
const CODED_OTHERWISE = [
  "InvalidSecurity",
  "KmsAccessDenied",
  "KmsDisabled",
  "KmsInvalidKeyUsage",
  "KmsInvalidState",
  "KmsNotFound",
  "KmsOptInRequired",
  "KmsThrottled",
  "QueueDoesNotExist",
  "RequestThrottled",
  "UnsupportedOperation",
];

/** Classes of errors that say of themselves that a call may be tried again. */
const retryable = (errors: string): ReadonlySet<string> =>
  new Set(
    errors
      .split("export class ")
      .filter((text) => text.includes("$retryable"))
      .map((text) => text.slice(0, text.indexOf(" "))),
  );
