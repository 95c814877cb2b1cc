import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import { expect } from "chai";
import fc from "fast-check";
import { EmbeddedAws } from "../core/cloud.ts";
import { REST_JSON } from "../core/common-errors.ts";
import { AwsError } from "../core/errors.ts";
import type { Credential } from "../core/identity.ts";
import { claimedBy, scopeOf, verifySignature } from "../core/signature.ts";
import type { WireRequest } from "../core/wire/index.ts";
import { CUSTOMER, PARTNER } from "./cloud.ts";

const administrators = new EmbeddedAws([]);
const customer = administrators.administrator(CUSTOMER);

/** What a client asks: paths and queries as people mean them, not yet escaped. */
interface Asked {
  readonly service: string;
  readonly region: string;
  readonly method: string;
  readonly segments: readonly string[];
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly header: string;
  readonly body: string;
  /** Instead of the body's own hash. */
  readonly hash?: string;
}
const text = fc.string({ unit: "grapheme", maxLength: 12 });
const asked: fc.Arbitrary<Asked> = fc.record({
  service: fc.constantFrom("iot", "iotdata", "s3", "sts"),
  region: fc.constantFrom("us-east-1", "eu-west-1"),
  method: fc.constantFrom("GET", "PUT", "POST", "DELETE"),
  // Dots alone would be steps, which clients resolve before they sign.
  segments: fc.array(
    text.filter((segment) => !/^\.+$/.test(segment)),
    { maxLength: 4 },
  ),
  query: fc.dictionary(
    fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 8 }).filter((name) => !/^x-amz-/i.test(name)),
    fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })),
    { maxKeys: 4 },
  ),
  header: fc.string({ unit: "grapheme-ascii", maxLength: 20 }),
  body: text,
});

const escape = (value: string) =>
  encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The request as it arrives, signed by the SDK's own signer. */
async function signed(
  { service, region, method, segments, query, header, body, hash }: Asked,
  credentials: Credential,
  unsignableHeaders = new Set<string>(),
) {
  const signer = new SignatureV4({
    credentials,
    region,
    service,
    sha256: Hash.bind(null, "sha256"),
    uriEscapePath: service !== "s3",
  });
  const path = `/${segments.map(escape).join("/")}`;
  const { headers } = await signer.sign(
    {
      method,
      protocol: "http:",
      hostname: "127.0.0.1",
      path,
      query,
      headers: {
        host: "127.0.0.1",
        "x-amz-meta-note": header,
        ...(hash === undefined ? {} : { "x-amz-content-sha256": hash }),
      },
      body,
    },
    { unsignableHeaders },
  );
  const search = Object.entries(query)
    .flatMap(([name, values]) => [values].flat().map((value) => `${escape(name)}=${escape(value)}`))
    .join("&");
  return {
    method,
    url: new URL(`http://localhost${path}?${search}`),
    path,
    headers,
    body: Buffer.from(body),
  } satisfies WireRequest;
}
/** Whose request it is, or the code that it is refused with. */
function judged(request: WireRequest, credential: Credential): Credential | string {
  const scope = scopeOf(request);
  if (!scope) throw new Error("The request has no signature.");
  try {
    const claimed = claimedBy(request, scope, () => credential, Date.now(), REST_JSON);
    verifySignature(request, scope, claimed, REST_JSON);
    return claimed;
  } catch (error) {
    if (error instanceof AwsError) return error.code;
    throw error;
  }
}
const example: Asked = {
  service: "iot",
  region: "us-east-1",
  method: "POST",
  segments: ["things", "a lamp"],
  query: { a: "1", b: ["2", "1"] },
  header: "a  b",
  body: "{}",
};

describe("the signature of a request", () => {
  it("is accepted as the SDK makes it, whatever path, query, header and body (500 runs)", () =>
    fc.assert(
      fc.asyncProperty(asked, async (request) => {
        expect(judged(await signed(request, customer), customer)).to.equal(customer);
      }),
      { numRuns: 500 },
    ));

  it("must cover the host", async () => {
    expect(judged(await signed(example, customer, new Set(["host"])), customer)).to.equal("InvalidSignatureException");
  });

  it("must cover every x-amz- header, as what names the operation is one", async () => {
    const request = await signed(example, customer);
    const headers = { ...request.headers, "x-amz-target": "Other.DeleteEverything" };
    expect(judged({ ...request, headers }, customer)).to.equal("InvalidSignatureException");
  });

  it("is of the day that its scope names", async () => {
    const request = await signed(example, customer);
    const day = /\/(\d{8})\//.exec(String(request.headers.authorization))?.[1] ?? "";
    const authorization = String(request.headers.authorization).replace(day, "20200101");
    expect(judged({ ...request, headers: { ...request.headers, authorization } }, customer)).to.equal(
      "InvalidSignatureException",
    );
  });

  for (const payload of ["UNSIGNED-PAYLOAD", "anything", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"])
    it(`doesn't leave the body out, whatever stands for its hash: ${payload}`, async () => {
      const signer = { ...example, hash: payload };
      expect(judged(await signed(signer, customer), customer)).to.equal("InvalidSignatureException");
    });

  it("leaves the body out for S3 alone, and refuses chunks there, whose framing would be stored", async () => {
    const unsigned = await signed({ ...example, service: "s3", hash: "UNSIGNED-PAYLOAD" }, customer);
    expect(judged({ ...unsigned, body: Buffer.from("other") }, customer)).to.equal(customer);
    const chunks = { ...example, service: "s3", hash: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" };
    expect(judged(await signed(chunks, customer), customer)).to.equal("NotModelledHere");
  });

  it("joins what a header says several times by commas alone", async () => {
    const request = await signed({ ...example, header: "a,b" }, customer);
    const twice = { ...request.headers, "x-amz-meta-note": "a, b" };
    expect(judged({ ...request, headers: twice, repeated: { "x-amz-meta-note": ["a", "b"] } }, customer)).to.equal(
      customer,
    );
    expect(judged({ ...request, headers: twice }, customer)).to.equal("InvalidSignatureException");
  });

  const changes: readonly [what: string, change: (request: WireRequest) => WireRequest][] = [
    ["method", (request) => ({ ...request, method: "PUT" })],
    ["path", (request) => ({ ...request, url: new URL("http://localhost/things/a%20lamb?a=1&b=2&b=1") })],
    ["query", (request) => ({ ...request, url: new URL("http://localhost/things/a%20lamp?a=1&b=2&b=2") })],
    ["signed header", (request) => ({ ...request, headers: { ...request.headers, "x-amz-meta-note": "a c" } })],
    ["body", (request) => ({ ...request, body: Buffer.from("[]") })],
    [
      "Region",
      ({ headers, ...request }) => ({
        ...request,
        headers: { ...headers, authorization: String(headers.authorization).replace("us-east-1", "eu-west-1") },
      }),
    ],
  ];
  for (const [what, change] of changes)
    it(`is refused when the ${what} was changed on the way`, async () => {
      const request = await signed(example, customer);
      expect(judged(request, customer)).to.equal(customer);
      expect(judged(change(request), customer)).to.equal("InvalidSignatureException");
    });

  it("is held against the secret that the key has now, not against one that it had before", async () => {
    const request = await signed(example, customer);
    expect(judged(request, customer)).to.equal(customer);
    const { secretAccessKey } = administrators.administrator(PARTNER);
    const renewed = { ...customer, secretAccessKey };
    expect(judged(request, renewed)).to.equal("InvalidSignatureException");
    expect(judged(await signed(example, renewed), renewed)).to.equal(renewed);
  });
});
