// What a real SDK writes arrives as it was, and what a service answers the SDK reads as it was: of every operation, in
// the protocol that the SDK speaks. The services here keep what they are asked and answer what they are told.
import { expect } from "chai";
import fc from "fast-check";
import type { AnyOperation, Service } from "../core/service.ts";
import { modelOf, type Shape, type WireOperation } from "../core/wire/model.ts";
import { SERVICES } from "../services/index.ts";
import { CUSTOMER, startCloud, type RunningCloud } from "./cloud.ts";
import { runs } from "./runs.ts";

const ROUND_TRIPS = runs(1);
const DEPTH = 4;

interface Traits {
  readonly httpHeader?: string;
  readonly httpPrefixHeaders?: string;
  readonly httpLabel?: 1;
  readonly httpResponseCode?: 1;
  readonly hostLabel?: 1;
  readonly streaming?: 1;
}
type Value = Record<string, unknown>;

/** What the SDK changes on the way by its own rules, by operation and member; `*` stands for any. */
const LEFT_OUT = new Set([
  // Cross-checked with the bucket's Region, or parsed as ARNs and names of hosts.
  ...["*.ExpectedBucketOwner", "ListBuckets.BucketRegion"],
  // The SDK puts sums of its own beside a body.
  ...["PutObject.ContentMD5", "*.ContentLength", "*.ContentMD5", "*.ChecksumAlgorithm", "*.ChecksumMode"],
  // Other customers' keys, which the SDK sums up, and PutEvents' endpoints, for which it needs a package more.
  ...["*.SSECustomerKey", "*.SSECustomerKeyMD5", "PutEvents.EndpointId"],
  // A date that the SDK also gives as text.
  ...["*.Expires", "*.ExpiresString"],
]);

const word = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9 _/.:-]{0,12}[a-z0-9]$/);
const anyText = fc.oneof(word, fc.constantFrom("ä&<>\"' ü", "😀", "a b\tc", '{"a":1}', "50%", "a+b=c&d;e"));
const seconds = fc.integer({ min: 0, max: 2_000_000_000 }).map((time) => new Date(time * 1000));

/** `below`: within the body, where any text can stand. */
function valueOf(shape: Shape, depth: number, below: boolean): fc.Arbitrary<unknown> {
  if (shape.isStructSchema()) {
    const members = [...shape.structIterator()].filter(([, member]) => depth < DEPTH || isLeaf(member));
    if (members.length === 0) return fc.constant(undefined);
    const record = Object.fromEntries(members.map(([name, member]) => [name, valueOf(member, depth + 1, true)]));
    // One member at least: an empty structure is lost in a form.
    return fc.record(record, { requiredKeys: members.slice(0, 1).map(([name]) => name) });
  }
  if (shape.isListSchema())
    return fc
      .array(valueOf(shape.getValueSchema(), depth + 1, below), { minLength: 1, maxLength: 2 })
      .map((items) => (items.includes(undefined) ? undefined : items));
  if (shape.isMapSchema())
    return fc.dictionary(word, valueOf(shape.getValueSchema(), depth + 1, below), { minKeys: 1, maxKeys: 2 });
  if (shape.isNumericSchema()) return fc.integer({ min: 1, max: 1_000_000 });
  if (shape.isBooleanSchema()) return fc.boolean();
  if (shape.isTimestampSchema()) return seconds;
  if (shape.isBlobSchema()) return fc.uint8Array({ minLength: 1, maxLength: 8 });
  return below ? anyText : word;
}
const isLeaf = (shape: Shape) => !shape.isStructSchema() && !shape.isListSchema() && !shape.isMapSchema();

function membersOf(operation: string, shape: Shape, required: readonly string[] = []): fc.Arbitrary<Value> {
  if (shape.isUnitSchema()) return fc.constant({});
  const members = [...shape.structIterator()].filter(
    ([name]) => required.includes(name) || !(LEFT_OUT.has(`${operation}.${name}`) || LEFT_OUT.has(`*.${name}`)),
  );
  const arbitrary = members.map(([name, member]) => {
    const { httpHeader, httpPrefixHeaders, httpLabel, httpResponseCode } = member.getMergedTraits() as Traits;
    if (name === "Bucket") return [name, fc.constant("the-bucket")] as const;
    if (httpResponseCode) return [name, fc.constant(200)] as const;
    if (httpPrefixHeaders !== undefined)
      return [name, fc.dictionary(fc.constantFrom("a", "b-c"), word, { minKeys: 1 })] as const;
    const bound = httpHeader !== undefined || httpLabel !== undefined;
    return [name, valueOf(member, 1, !bound)] as const;
  });
  return fc.record(Object.fromEntries(arbitrary), { requiredKeys: [...required] });
}

/** Without what is undefined, bytes and times as text. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("base64")}`;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof String) return String(value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, plain(member)]),
  );
}

const only = (value: unknown, names: readonly string[]): unknown =>
  Object.fromEntries(Object.entries(plain(value) as Value).filter(([name]) => names.includes(name)));

describe("a call of a real SDK", () => {
  let running: RunningCloud;
  let asked: unknown;
  let told: unknown;
  const echoing = ({ name, signingNames, eventSource, model, errors, operations }: Service): Service => ({
    ...{ name, signingNames, eventSource, model, errors },
    inputModel: new URL("data/no-constraints.json", import.meta.url),
    operations: Object.fromEntries(
      Object.keys(operations).map((operation): [string, AnyOperation] => [
        operation,
        {
          authorize: () => [],
          run: (input: unknown) => {
            asked = input;
            return told;
          },
        },
      ]),
    ),
  });
  before(async () => {
    running = await startCloud(SERVICES.map(echoing));
  });
  after(() => running.endpoint.close());

  /** S3 Control is asked at hosts with the account's number in front. */
  const isReachable = (service: Service, name: string) =>
    service.name !== "s3" || !/^(Untag|Tag|ListTagsFor)/.test(name);

  for (const service of SERVICES)
    it(`of ${service.name} arrives as it was, and its answer as well`, async function () {
      this.timeout(60_000);
      const sdk = await service.model();
      const { operations } = modelOf(sdk);
      const config = {
        ...running.config(CUSTOMER),
        ...{
          forcePathStyle: true,
          ...(service.name === "sqs" ? { md5: false } : {}),
          useQueueUrlAsEndpoint: false,
          responseChecksumValidation: "WHEN_REQUIRED",
        },
        logger: { trace: () => 0, debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 },
      };
      for (const name of Object.keys(service.operations).filter((one) => isReachable(service, one))) {
        const operation = operations.get(name) as WireOperation;
        const method = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
        const Client = Object.values(sdk).find(
          (value) => typeof value === "function" && method in ((value as { prototype?: object }).prototype ?? {}),
        ) as new (config: object) => Record<string, (input: Value) => Promise<Value>>;
        const client = new Client(config);
        const inputs = membersOf(name, operation.input, operation.required);
        const outputs = membersOf(name, operation.output);
        await fc.assert(
          fc.asyncProperty(inputs, outputs, async (input, output) => {
            told = output;
            const { $metadata: _, ...answer } = (await client[method]?.(input)) ?? {};
            expect(only(asked, Object.keys(input)), `${name}: what was asked`).to.deep.equal(plain(input));
            const body = answer["Body"] as { transformToByteArray?(): Promise<Uint8Array> } | undefined;
            if (body?.transformToByteArray) answer["Body"] = await body.transformToByteArray();
            expect(only(answer, Object.keys(output)), `${name}: what was answered`).to.deep.equal(plain(output));
          }),
          { numRuns: ROUND_TRIPS },
        );
      }
    });
});
