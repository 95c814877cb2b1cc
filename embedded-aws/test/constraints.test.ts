// AWS's API models say what an input may be. Each constraint of each operation is broken here once, the first of each
// operation by the SDK's own client: nothing gets through.
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { checkInput, regExpOf, type Constraint, type InputModel, type ShapeModel } from "../core/constraints.ts";
import { AwsError } from "../core/errors.ts";
import type { Service } from "../core/service.ts";
import { modelOf, type Shape } from "../core/wire/model.ts";
import { SERVICES } from "../services/index.ts";
import { CUSTOMER, startCloud, type RunningCloud } from "./cloud.ts";
import { assumeWith } from "./roles.ts";

type Input = Record<string, unknown>;
interface Broken {
  readonly what: string;
  readonly shape: string;
  readonly constraint: Constraint;
  readonly input: Input;
}
/** A shape as the model and as the SDK has it; the model says nothing of many. */
interface Both {
  readonly name: string | undefined;
  readonly sdk: Shape;
  /** It stands in a list. */
  readonly item?: true;
}

const inputModelOf = ({ inputModel }: Service): InputModel =>
  JSON.parse(readFileSync(inputModel, "utf8")) as InputModel;
const ofName = ({ shapes }: InputModel, name: string | undefined): ShapeModel => (name && shapes[name]) || {};

const membersOf = (model: InputModel, { name, sdk }: Both): Map<string, Both> =>
  new Map(
    [...sdk.structIterator()].map(([member, shape]) => [
      member,
      { name: ofName(model, name).members?.[member], sdk: shape },
    ]),
  );

/** A value that the model allows: of a structure what it must have, of lists and maps as little as may be. */
function valid(model: InputModel, both: Both): unknown {
  const { sdk } = both;
  const { required = [], item, key, value, min = 0, max = 64, pattern, enum: oneOf } = ofName(model, both.name);
  if (sdk.isStructSchema()) {
    const members = membersOf(model, both);
    // An empty structure in a list is lost on the way in a form.
    const needed = required.length === 0 && both.item ? [...members.keys()].slice(0, 1) : required;
    return Object.fromEntries(needed.map((member) => [member, valid(model, members.get(member) as Both)]));
  }
  if (sdk.isListSchema())
    return Array.from({ length: Math.max(min, 1) }, () =>
      valid(model, { name: item, sdk: sdk.getValueSchema(), item: true }),
    );
  if (sdk.isMapSchema())
    return {
      [String(valid(model, { name: key, sdk: sdk.getKeySchema() }))]: valid(model, {
        name: value,
        sdk: sdk.getValueSchema(),
      }),
    };
  if (sdk.isBooleanSchema()) return true;
  if (sdk.isTimestampSchema()) return new Date(1_700_000_000_000);
  if (sdk.isNumericSchema()) return Math.max(min, 1);
  if (sdk.isBlobSchema()) return Buffer.alloc(Math.max(min, 1), "a");
  if (oneOf) return oneOf[0];
  if (pattern === undefined) return "a".repeat(Math.max(min, 1));
  return matching(pattern, min, max);
}

const LIKELY = [
  "a",
  "/",
  "v1",
  `arn:aws:iam::${CUSTOMER}:role/a`,
  `arn:aws:sqs:us-east-1:${CUSTOMER}:a`,
  "lambda:*",
  "$LATEST",
];
const found = new Map<string, string>();
function matching(pattern: string, min: number, max: number): string {
  const key = JSON.stringify([pattern, min, max]);
  let text = found.get(key);
  if (text !== undefined) return text;
  const fits = (text: string) => text.length >= min && text.length <= max && regExpOf(pattern).test(text);
  text = [...LIKELY, "a".repeat(Math.max(min, 1))].find(fits);
  text ??= fc.sample(fc.stringMatching(regExpOf(pattern)).filter(fits), { seed: 1, numRuns: 1 })[0] ?? "";
  found.set(key, text);
  return text;
}

/** Values of a shape that break one of its constraints each. */
function* brokenValues(model: InputModel, { name, sdk }: Both): Generator<readonly [Constraint, unknown]> {
  const { item, min, max, pattern, enum: oneOf } = ofName(model, name);
  const sized = (size: number): unknown => {
    if (sdk.isNumericSchema()) return size;
    if (sdk.isListSchema())
      return Array.from({ length: size }, () => valid(model, { name: item, sdk: sdk.getValueSchema(), item: true }));
    if (sdk.isMapSchema())
      return Object.fromEntries(
        Array.from({ length: size }, (_, index) => [
          `key${index}`,
          valid(model, { name: undefined, sdk: sdk.getValueSchema() }),
        ]),
      );
    return sdk.isBlobSchema() ? Buffer.alloc(size, "a") : "a".repeat(size);
  };
  if (min !== undefined && (min > 0 || sdk.isNumericSchema())) yield ["min", sized(min - 1)];
  if (max !== undefined) yield ["max", sized(max + 1)];
  if (oneOf) yield ["enum", "Foo"];
  if (pattern === undefined) return;
  const wrong = ["!", " ", "§", "\u0007"]
    .map((text) => text.repeat(min ?? 1))
    .find((text) => !regExpOf(pattern).test(text));
  if (wrong !== undefined) yield ["pattern", wrong];
}

/** What can be broken below a shape. `around` makes a whole input of a value at this place. */
function* brokenInputs(
  model: InputModel,
  both: Both,
  around: (value: unknown) => Input,
  at: string,
  above: readonly string[],
): Generator<Broken> {
  const { name, sdk } = both;
  if (name === undefined || above.includes(name)) return;
  const shape = ofName(model, name);
  const inLabel = (member: Shape) => Boolean((member.getMergedTraits() as { httpLabel?: 1 }).httpLabel);
  for (const [constraint, value] of brokenValues(model, both))
    // The SDK sends no empty label.
    if (!(constraint === "min" && value === "" && inLabel(sdk)))
      yield { what: `${at}: ${constraint}`, shape: name, constraint, input: around(value) };
  const within = [...above, name];
  if (sdk.isStructSchema()) {
    const whole = valid(model, both) as Input;
    for (const [member, of] of membersOf(model, both)) {
      if (shape.required?.includes(member) && !inLabel(of.sdk) && member !== "Bucket") {
        const { [member]: _, ...rest } = whole;
        yield { what: `${at}.${member}: required`, shape: name, constraint: "required", input: around(rest) };
      }
      yield* brokenInputs(model, of, (value) => around({ ...whole, [member]: value }), `${at}.${member}`, within);
    }
  } else if (sdk.isListSchema()) {
    yield* brokenInputs(
      model,
      { name: shape.item, sdk: sdk.getValueSchema() },
      (value) => around([value]),
      `${at}[]`,
      within,
    );
  } else if (sdk.isMapSchema()) {
    const key = valid(model, { name: shape.key, sdk: sdk.getKeySchema() });
    const item = valid(model, { name: shape.value, sdk: sdk.getValueSchema() });
    yield* brokenInputs(
      model,
      { name: shape.key, sdk: sdk.getKeySchema() },
      (one) => around({ [String(one)]: item }),
      `${at}{key}`,
      within,
    );
    yield* brokenInputs(
      model,
      { name: shape.value, sdk: sdk.getValueSchema() },
      (one) => around({ [String(key)]: one }),
      `${at}{}`,
      within,
    );
  }
}

const PATTERNS = SERVICES.flatMap((service) => Object.values(inputModelOf(service).shapes)).flatMap(
  ({ pattern, max = 20_000 }) => (pattern === undefined ? [] : [{ pattern, max: Math.min(max, 20_000) }]),
);
const nothing = () => undefined;
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
const PARTS = ["a", ":", "/", "-", "a:", "arn:aws:", "a-1", "1", ".", " "];

function thrownBy(call: () => void): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** The SDK itself refuses what is wrong with them. */
const NOT_SENT = ["PutEvents.EndpointId", ".ChecksumAlgorithm: enum"];

const methodOf = (operation: string): string => `${operation.charAt(0).toLowerCase()}${operation.slice(1)}`;

describe("the constraints of AWS's API models", () => {
  let running: RunningCloud;
  /** Of a session that may do nothing: an input is checked before anybody asks who sent it. */
  let powerless: Parameters<RunningCloud["config"]>[0];
  before(async () => {
    running = await startCloud();
    powerless = await assumeWith(running, CUSTOMER, [{ Effect: "Deny", Action: "*", Resource: "*" }]);
  });
  after(() => running.endpoint.close());

  for (const service of SERVICES)
    it(`of ${service.name}: an input that breaks one is refused, with the member's name`, async function () {
      this.timeout(60_000);
      const inputs = inputModelOf(service);
      const sdk = await service.model();
      const { operations, errors: shapes } = modelOf(sdk);
      const nameOf = (code: string) => shapes.get(code)?.shape ?? code;
      const [some = ""] = Object.keys(inputs.operations);
      const Client = Object.values(sdk).find(
        (value) => typeof value === "function" && methodOf(some) in ((value as { prototype?: object }).prototype ?? {}),
      ) as new (config: object) => Record<string, (input: Input) => Promise<unknown>>;
      const clientAs = (who: typeof powerless) =>
        new Client({ ...running.config(who), forcePathStyle: true, logger: SILENT });
      // What only the service itself refuses comes after the decision.
      const clients = { model: clientAs(powerless), service: clientAs(CUSTOMER) };
      const accepted: string[] = [];
      const sent = new Set<string>();
      let count = 0;
      for (const [operation, name] of Object.entries(inputs.operations)) {
        const both = { name, sdk: operations.get(operation)?.input as Shape };
        expect(() => {
          checkInput(service, operation, valid(inputs, both));
        }, `${operation}: what the model allows`).not.to.throw();
        for (const { what, shape, constraint, input } of brokenInputs(
          inputs,
          both,
          (value) => value as Input,
          operation,
          [],
        )) {
          if (NOT_SENT.some((one) => what.includes(one))) continue;
          count++;
          const { exceptions = {}, errors } = service;
          const own = exceptions[`${shape}.${constraint}`] ?? exceptions[`*.${constraint}`];
          // Where the service has an error of its own, any will do here.
          const ofService = own === null || typeof own === "function";
          const code = typeof own === "string" ? own : errors.invalid.code;
          // The wire is the same for all of an operation's inputs: one of them shows that it leads to the check.
          if (sent.has(operation) && !ofService) {
            const thrown = thrownBy(() => {
              checkInput(service, operation, input);
            });
            if (!(thrown instanceof AwsError) || thrown.code !== code) accepted.push(`${what}: ${String(thrown)}`);
            continue;
          }
          sent.add(operation);
          const client = ofService ? clients.service : clients.model;
          const error = await client[methodOf(operation)]?.(input).then(
            () => undefined,
            (error: unknown) => error as Error & { $metadata?: { httpStatusCode?: number } },
          );
          // An answer to HEAD has no body to name an error in.
          const headless = operations.get(operation)?.http?.method === "HEAD";
          const right = headless || ofService || error?.name === nameOf(code);
          const status = error?.$metadata?.httpStatusCode ?? 0;
          if (!right || status < 400 || (status > 404 && own !== null)) accepted.push(`${what}: ${String(error)}`);
        }
      }
      expect(accepted).to.deep.equal([]);
      expect(count).to.be.greaterThan(0);
    });

  it("have patterns that no text makes slow", () => {
    for (const { pattern, max } of PATTERNS)
      for (const part of PARTS) {
        const began = performance.now();
        regExpOf(pattern).test(`${part.repeat(max / part.length)}!\n`.slice(-max));
        expect(performance.now() - began, `${pattern} on ${part}…`).to.be.lessThan(1000);
      }
  });
});
