import type { CommonError } from "./common-errors.ts";

/**
 * An answer that AWS would give: a code and a sentence. The wire looks the code up in the service's model for the
 * HTTP status and the shape, so that a service only says `throw new AwsError("ResourceNotFoundException", "…")`.
 */
export class AwsError extends Error {
  /** As AWS documents it: a shape's name (`ResourceNotFoundException`) or a query code (`NoSuchEntity`). */
  readonly code: string;
  /** Further members of the error's shape, for example `resourceArn`. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** HTTP status for errors that no model lists, such as AccessDenied. */
  readonly status: number | undefined;

  constructor(code: string, message: string, options: { fields?: Record<string, unknown>; status?: number } = {}) {
    super(message);
    this.name = "AwsError";
    this.code = code;
    this.fields = options.fields ?? {};
    this.status = options.status;
  }
}

/** One of the errors that all services know, in this one's words. */
export const refused = ({ code, status }: CommonError, message: string): AwsError =>
  new AwsError(code, message, status === undefined ? {} : { status });

/** What this embedded AWS was not built to do. Refusing is better than guessing. 501, so that no client tries again. */
export function notModelled(what: string): AwsError {
  return new AwsError(
    "NotModelledHere",
    `${what} is not modelled by this embedded AWS, so it refuses instead of guessing. ` +
      "embedded-aws/README.md lists what is.",
    { status: 501 },
  );
}

/** The text of anything that was thrown, for logs and the trace. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Thrown instead of an answer when a fault cuts the connection. */
export class ConnectionDropped extends Error {}

/**
 * Thrown out of what was under way when the cloud closed or was emptied: there is nobody left to answer, and nothing
 * to try again.
 */
export class Stopped extends Error {
  constructor() {
    super("The embedded AWS was closed or emptied meanwhile.");
    this.name = "Stopped";
  }
}
