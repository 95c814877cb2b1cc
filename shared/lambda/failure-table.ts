// What becomes of an event that couldn't be dealt with: one table for both functions.

/**
 * - permanent: no retry mends it. It goes to the failure queue at once, and the invocation ends well.
 * - transient: tried again within the invocation's time, then thrown. Lambda tries again after one minute and after
 *   two, then sends it to the failure queue (Lambda Developer Guide, "How Lambda handles errors and retries with
 *   asynchronous invocation").
 * - denied: once more with fresh credentials, at once. Then as transient: a permission that was given a moment ago
 *   takes longer to be known than an invocation lasts (IAM User Guide, "Troubleshoot IAM", "changes that I make are
 *   not always immediately visible").
 */
export type Course = "permanent" | "transient" | "denied";

/** Reasons of the functions' own errors. */
const OWN: Readonly<Record<string, Course>> = {
  // announce
  "malformed event": "permanent",
  "another account": "permanent",
  "another Region": "permanent",
  "operation not announced": "permanent",
  "malformed message": "permanent",
  "message too large": "permanent",
  // receive
  "malformed rule event": "permanent",
  "not a hook topic": "permanent",
  "unknown operation": "permanent",
  "unknown customer": "permanent",
  "customer disabled": "permanent",
  "operation not allowed": "permanent",
  "not the customer's role": "permanent",
  "not UTF-8": "permanent",
  "not JSON": "permanent",
  "unknown schema version": "permanent",
  "not the customer's own": "permanent",
  "own code failed": "transient",
};

/** AWS's error codes, as the SDK gives them as an error's name. From the API models of IoT, its data plane and STS. */
const OF_AWS: Readonly<Record<string, Course>> = {
  // The data plane's two ways to say that a publish is denied; policies end in the first, seen in practice. Users see
  // it now and then for what is allowed a moment later (aws/aws-sdk-js-v3 #5562, 2023: one in a hundred).
  ForbiddenException: "denied",
  UnauthorizedException: "denied",
  // STS, and IoT's control plane.
  AccessDenied: "denied",
  AccessDeniedException: "denied",
  // Credentials that ended in a warm environment, or whose role was made anew.
  ExpiredToken: "denied",
  ExpiredTokenException: "denied",
  InvalidClientTokenId: "denied",
  UnrecognizedClientException: "denied",
  InvalidSignatureException: "denied",
  SignatureDoesNotMatch: "denied",
  // What was asked for can't be had, whoever asks and whenever.
  InvalidRequestException: "permanent",
  MethodNotAllowedException: "permanent",
  RequestEntityTooLargeException: "permanent",
  ValidationError: "permanent",
};

/** Everything else may pass: throttling, 5xx, time-outs, connections, and what nobody thought of. */
const OTHERWISE: Course = "transient";

/** The table's rows by the name that they are looked up with. */
export const FAILURE_TABLE: Readonly<Record<string, Course>> = { ...OWN, ...OF_AWS };

/** Of an error by its reason, or by its name, or by those of its cause. */
export function courseOf(error: unknown): Course {
  for (let at = error; at instanceof Error; at = at.cause) {
    for (const known of [(at as { readonly reason?: unknown }).reason, at.name]) {
      if (typeof known === "string" && Object.hasOwn(FAILURE_TABLE, known)) return FAILURE_TABLE[known] as Course;
    }
  }
  return OTHERWISE;
}
