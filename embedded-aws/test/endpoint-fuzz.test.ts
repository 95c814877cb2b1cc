// Signed requests of every operation, with values of the model's types and, now and then, of any other: no input is a
// defect of the cloud.
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import { expect } from "chai";
import fc from "fast-check";
import type { Service } from "../core/service.ts";
import { TARGETS } from "../core/wire/rpc.ts";
import { modelOf, type Shape, type WireOperation } from "../core/wire/model.ts";
import { SERVICES } from "../services/index.ts";
import { CUSTOMER, DEFAULT_REGION, startCloud, type RunningCloud } from "./cloud.ts";
import { runs } from "./runs.ts";

const REQUESTS_PER_SERVICE = runs(30);
const DEPTH = 4;

const text = fc.oneof(
  fc.string(),
  fc.constantFrom("it", "{}", "[]", "$.a", "<a>", "__proto__", `arn:aws:iam::${CUSTOMER}:role/it`),
  fc.constantFrom(`arn:aws:sqs:us-east-1:${CUSTOMER}:it`, `http://127.0.0.1/${CUSTOMER}/it`, "SELECT * FROM 'it'"),
);
const anything = fc.jsonValue({ maxDepth: 2 });

/** Five times in six what the model says. */
function valueOf(shape: Shape, depth = 0): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 5, arbitrary: rightValue(shape, depth) }, { weight: 1, arbitrary: anything });
}
function rightValue(shape: Shape, depth: number): fc.Arbitrary<unknown> {
  if (depth >= DEPTH) return fc.constant(undefined);
  if (shape.isStructSchema()) {
    const members = [...shape.structIterator()].map(([name, member]) => [name, valueOf(member, depth + 1)] as const);
    return fc.record(Object.fromEntries(members), { requiredKeys: [] });
  }
  if (shape.isListSchema()) return fc.array(valueOf(shape.getValueSchema(), depth + 1), { maxLength: 3 });
  if (shape.isMapSchema()) return fc.dictionary(text, valueOf(shape.getValueSchema(), depth + 1), { maxKeys: 3 });
  if (shape.isNumericSchema()) return fc.oneof(fc.integer(), fc.double());
  if (shape.isBooleanSchema()) return fc.boolean();
  if (shape.isTimestampSchema()) return fc.integer();
  return shape.isBlobSchema() ? fc.base64String() : text;
}
/** The input of an operation, with what it must have. */
const inputOf = ({ input, required }: WireOperation): fc.Arbitrary<Record<string, unknown>> =>
  input.isUnitSchema()
    ? fc.constant({})
    : fc.record(Object.fromEntries([...input.structIterator()].map(([name, member]) => [name, valueOf(member)])), {
        requiredKeys: [...required],
      });

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
const QUERY = new Set(["iam", "sts", "cloudwatch"]);
const AWS_JSON_1_0 = new Set(["dynamodb", "sqs"]);

/** As a client writes it; S3 has texts that may be no XML in its bodies. */
function requestOf(service: string, operation: WireOperation, input: Record<string, unknown>): Request {
  const { http, name } = operation;
  if (QUERY.has(service)) {
    const form = new URLSearchParams({ Action: name, Version: "2010-05-08", ...formOf(input) });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return { method: "POST", path: "/", headers, body: form.toString() };
  }
  const body = JSON.stringify(input);
  if (!http) {
    const version = AWS_JSON_1_0.has(service) ? "1.0" : "1.1";
    const headers = {
      "content-type": `application/x-amz-json-${version}`,
      "x-amz-target": `${TARGETS[operation.namespace] ?? ""}.${name}`,
    };
    return { method: "POST", path: "/", headers, body };
  }
  const labels = http.labels.map((label) => encodeURIComponent(textOf(input[label]) || "it"));
  const path = http.path.source.slice(1, -3).replace(/\([^)]*\)/g, () => labels.shift() ?? "it");
  const query = new URLSearchParams(http.query);
  for (const [member, shape] of operation.input.isUnitSchema() ? [] : operation.input.structIterator()) {
    const { httpQuery } = shape.getMergedTraits() as { httpQuery?: string };
    if (httpQuery !== undefined && input[member] !== undefined) query.set(httpQuery, textOf(input[member]));
  }
  const s3 = service === "s3";
  return {
    method: http.method,
    path: `${s3 ? "/it" : ""}${path.replaceAll("\\", "")}${query.size > 0 ? `?${query.toString()}` : ""}`,
    headers: { "content-type": s3 ? "application/xml" : "application/json" },
    body: s3 ? textOf(Object.values(input)[0]) : body,
  };
}
const textOf = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);

function formOf(value: unknown, prefix = ""): Record<string, string> {
  if (typeof value !== "object" || value === null) return prefix === "" ? {} : { [prefix]: textOf(value) };
  const entries = Array.isArray(value)
    ? value.map((item, index) => [`member.${index + 1}`, item as unknown] as const)
    : Object.entries(value);
  return Object.assign(
    {},
    ...entries.map(([name, item]) => formOf(item, prefix ? `${prefix}.${name}` : name)),
  ) as Record<string, string>;
}

describe("any signed request", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud(SERVICES);
  });
  after(() => running.endpoint.close());

  async function send(service: Service, { method, path, headers, body }: Request): Promise<Response> {
    const url = new URL(running.endpoint.url + path);
    const signer = new SignatureV4({
      credentials: running.cloud.administrator(CUSTOMER),
      region: DEFAULT_REGION,
      service: service.signingNames[0] ?? "",
      sha256: Hash.bind(null, "sha256"),
      uriEscapePath: service.name !== "s3",
    });
    const query = Object.fromEntries([...url.searchParams.keys()].map((key) => [key, url.searchParams.getAll(key)]));
    const content = method === "GET" || method === "HEAD" ? "" : body;
    const signed = await signer.sign({
      ...{ method, protocol: "http:", hostname: url.host, path: url.pathname, query, body: content },
      headers: { host: url.host, ...headers },
    });
    return fetch(url, { method, headers: signed.headers, ...(content === "" ? {} : { body: content }) });
  }

  for (const service of SERVICES)
    it(`to ${service.name} is answered, and never with an internal failure`, async () => {
      const { operations } = modelOf(await service.model());
      const requests = fc
        .constantFrom(...Object.keys(service.operations))
        .map((name) => operations.get(name) as WireOperation)
        .chain((operation) => inputOf(operation).map((input) => requestOf(service.name, operation, input)));
      await fc.assert(
        fc.asyncProperty(requests, async (request) => {
          const answer = await send(service, request);
          const body = await answer.text();
          // 501: not modelled here.
          expect(answer.status < 500 || answer.status === 501, `${answer.status} ${body}`).to.equal(true);
        }),
        { numRuns: REQUESTS_PER_SERVICE },
      );
    });
});
