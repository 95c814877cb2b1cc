// AWS's own test vectors for the signing of headers, from awslabs/aws-c-auth (tests/aws-signing-test-suite/v4,
// Apache-2.0): those whose paths are normalised, as all services but S3 have them. Left out are get-space and
// get-utf8, whose paths aren't escaped: no HTTP request can carry those.
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REST_JSON } from "../core/common-errors.ts";
import type { Credential } from "../core/identity.ts";
import { scopeOf, verifySignature } from "../core/signature.ts";
import { CUSTOMER } from "./cloud.ts";

interface Vector {
  readonly name: string;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}
const VECTORS = JSON.parse(readFileSync(join(import.meta.dirname, "data", "sigv4.json"), "utf8")) as Vector[];

const CREDENTIAL: Credential = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  issuedAt: 0,
  caller: { kind: "user", arn: `arn:aws:iam::${CUSTOMER}:user/example`, account: CUSTOMER, uniqueId: "AIDAEXAMPLE" },
};

/** The request as the endpoint reads it. */
function arrived({ method, target, headers, body }: Vector) {
  const values = Map.groupBy(headers, ([name]) => name.toLowerCase());
  const all = [...values].map(([name, those]) => [name, those.map(([, value]) => value)] as const);
  return {
    method,
    url: new URL(`http://localhost${target}`),
    path: target.replace(/\?.*/, ""),
    headers: Object.fromEntries(all.map(([name, those]) => [name, those.join(", ").trim()])),
    repeated: Object.fromEntries(all.filter(([, those]) => those.length > 1)),
    body: Buffer.from(body),
  };
}

describe("a signature of AWS's test suite", () => {
  for (const vector of VECTORS) {
    const request = arrived(vector);
    const scope = scopeOf(request);
    it(`is accepted: ${vector.name}`, () => {
      if (!scope) throw new Error("The vector has no signature.");
      verifySignature(request, scope, CREDENTIAL, REST_JSON);
    });

    it(`is refused for another method: ${vector.name}`, () => {
      if (!scope) throw new Error("The vector has no signature.");
      expect(() => {
        verifySignature({ ...request, method: "PUT" }, scope, CREDENTIAL, REST_JSON);
      }).to.throw("does not match the signature you provided");
    });
  }
});
