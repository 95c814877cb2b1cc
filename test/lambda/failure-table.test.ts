// Row by row: what each failure leads to, and that nothing else is in the table.
import { expect } from "chai";
import { type Course, FAILURE_TABLE, courseOf } from "../../shared/lambda/failure-table.ts";

const ROWS: readonly (readonly [Course, readonly string[]])[] = [
  [
    "permanent",
    [
      "malformed event",
      "another account",
      "another Region",
      "operation not announced",
      "malformed message",
      "message too large",
      "malformed rule event",
      "not a hook topic",
      "not the customer's role",
      "unknown operation",
      "unknown customer",
      "customer disabled",
      "operation not allowed",
      "not UTF-8",
      "not JSON",
      "unknown schema version",
      "not the customer's own",
      "InvalidRequestException",
      "MethodNotAllowedException",
      "RequestEntityTooLargeException",
      "ValidationError",
    ],
  ],
  [
    "denied",
    [
      "ForbiddenException",
      "UnauthorizedException",
      "AccessDenied",
      "AccessDeniedException",
      "ExpiredToken",
      "ExpiredTokenException",
      "InvalidClientTokenId",
      "UnrecognizedClientException",
      "InvalidSignatureException",
      "SignatureDoesNotMatch",
    ],
  ],
  ["transient", ["own code failed"]],
];

const named = (name: string, options?: ErrorOptions) => Object.assign(new Error("no", options), { name });
const because = (reason: string, options?: ErrorOptions) => Object.assign(new Error("no", options), { reason });

describe("what becomes of a failure", () => {
  for (const [course, names] of ROWS) {
    for (const name of names) {
      it(`${name}: ${course}`, () => {
        expect([courseOf(named(name)), courseOf(because(name))]).to.deep.equal([course, course]);
      });
    }
  }

  it("has no row beside these", () => {
    expect(Object.keys(FAILURE_TABLE).sort()).to.deep.equal(ROWS.flatMap(([, names]) => names).sort());
  });

  for (const name of [
    "ThrottlingException",
    "InternalFailureException",
    "ServiceUnavailableException",
    "TimeoutError",
    "AbortError",
    "RegionDisabledException",
    "constructor",
    "anything else",
  ]) {
    it(`${name}: transient, since nothing says otherwise`, () => {
      expect(courseOf(named(name))).to.equal("transient");
    });
  }

  it("is that of the cause, where the error itself has no row", () => {
    const cause = named("ForbiddenException");
    expect(courseOf(because("publish failed", { cause }))).to.equal("denied");
    expect(courseOf(because("publish failed", { cause: because("describe failed", { cause }) }))).to.equal("denied");
  });

  it("is that of the error's own reason, where both have a row", () => {
    expect(courseOf(because("own code failed", { cause: named("InvalidRequestException") }))).to.equal("transient");
  });

  for (const thrown of [undefined, null, "ForbiddenException", { name: "ForbiddenException" }]) {
    it(`${JSON.stringify([thrown])}, which holds no error: transient`, () => {
      expect(courseOf(thrown)).to.equal("transient");
    });
  }
});
