// What a request comes to, shortly, and rows of such claims.
import { expect } from "chai";
import { authorize, type AuthorizationRequest, type Side } from "../../../language/policy/index.ts";
import { allow, named, request, type Element } from "./documents.ts";

export type Expected = "allowed" | "denied" | readonly Side[];

/** What came out, shortly: the sides that miss something when it is denied implicitly. */
export function outcome(asked: AuthorizationRequest): Expected {
  const { allowed, effect, missing, by } = authorize(asked);
  expect(allowed).to.equal(effect === "allow");
  if (effect === "implicitDeny") expect(by).to.deep.equal([]);
  else expect(missing).to.deep.equal([]);
  if (allowed) return "allowed";
  expect(by.length > 0).to.equal(effect === "explicitDeny");
  return effect === "explicitDeny" ? "denied" : missing.map(({ side }) => side);
}

export const letting = (principal: unknown, more: Element = {}) => ({ ...allow, Principal: principal, ...more });
export const boundary = (...statements: Element[]) => ({ boundary: named("boundary", "identity", ...statements) });
export const sessionPolicy = (...statements: Element[]) => ({
  session: [named("session policy", "session", ...statements)],
});
export const other = { ...allow, Action: "sqs:ReceiveMessage" };

export type Row = [claim: string, changes: Partial<AuthorizationRequest>, expected: Expected];

export function check(rows: readonly Row[]): void {
  for (const [claim, changes, expected] of rows) {
    it(claim, () => {
      expect(outcome(request(changes))).to.deep.equal(expected);
    });
  }
}
