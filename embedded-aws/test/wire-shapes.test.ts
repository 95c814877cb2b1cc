// Shapes that few of the modelled operations have, and AWS's other services do: names of their own in forms, structures
// within themselves, lists and times in headers. Written and read by the SDK's own protocols, of a model made here.
import { AwsQueryProtocol, AwsRestJsonProtocol } from "@aws-sdk/core/protocols";
import { expect } from "chai";
import fc from "fast-check";
import { modelOf } from "../core/wire/model.ts";
import { awsQuery } from "../core/wire/query.ts";
import { restJson } from "../core/wire/rest.ts";

interface Tree {
  readonly name: string;
  readonly children?: readonly Tree[];
}

// [tag, namespace, name, traits, …]: 3 a structure, 1 a list, 9 an operation; 0 is a text, 4 a time.
const SPACE = "made.here";
const TREE: unknown[] = [3, SPACE, "Tree", 0, ["name", "children"], [[0, { xmlName: "Label" }], () => TREES]];
const TREES: unknown[] = [1, SPACE, "Trees", 0, [() => TREE, { xmlName: "Child" }]];
const UNIT = "unit";
const GROW = [9, SPACE, "Grow", 0, TREE, UNIT];
const TEXTS = [1, SPACE, "Texts", 0, 0];
const DAYS = [1, SPACE, "Days", 0, 4];
const HEADERS: readonly (readonly [string, unknown])[] = [
  ["texts", [TEXTS, { httpHeader: "x-texts" }]],
  ["days", [DAYS, { httpHeader: "x-days" }]],
  ["httpDate", [4, { httpHeader: "x-http-date" }]],
  ["dateTime", [5, { httpHeader: "x-date-time" }]],
  ["epoch", [7, { httpHeader: "x-epoch" }]],
  ["count", [1, { httpHeader: "x-count" }]],
];
const OUTPUT = [3, SPACE, "Told", 0, HEADERS.map(([name]) => name), HEADERS.map(([, schema]) => schema)];
const TELL = [9, SPACE, "Tell", { http: ["GET", "/tell", 200] }, UNIT, OUTPUT];
const { operations } = modelOf({ GROW, TELL });
const operation = (name: string) => {
  const found = operations.get(name);
  if (!found) throw new Error(`The model made here has no ${name}.`);
  return found;
};
const asSdk = ([, namespace, name, traits, input, output]: unknown[]) =>
  ({ namespace, name, traits: traits || {}, input, output }) as never;
const CONTEXT = { endpoint: () => Promise.resolve({ protocol: "http:", hostname: "localhost", path: "/" }) };
const SERDE = { base64Encoder: (bytes: Uint8Array) => Buffer.from(bytes).toString("base64"), utf8Encoder: String };

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.record(
    { name: fc.string(), children: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }) },
    { requiredKeys: ["name"] },
  ),
}));
const seconds = fc.integer({ min: 0, max: 2_000_000_000 }).map((time) => new Date(time * 1000));

describe("shapes that are rare here", () => {
  it("in a form: a structure within itself, members and items under names of their own", async () => {
    const sdk = new AwsQueryProtocol({ defaultNamespace: SPACE, xmlNamespace: "https://made.here/", version: "1" });
    sdk.setSerdeContext(SERDE as never);
    await fc.assert(
      fc.asyncProperty(tree, async (grown) => {
        const { body } = (await sdk.serializeRequest(asSdk(GROW), grown, CONTEXT as never)) as { body: string };
        const read = await awsQuery.read(operation("Grow"), { body: Buffer.from(body) } as never);
        expect(read).to.deep.equal(grown);
      }),
    );
  });

  it("in headers: lists, numbers, and times in each of their formats", async () => {
    const sdk = new AwsRestJsonProtocol({ defaultNamespace: SPACE });
    const told = fc.record({
      texts: fc.array(fc.stringMatching(/^[a-z][a-z0-9/._-]{0,9}$/), { minLength: 1, maxLength: 3 }),
      days: fc.array(seconds, { minLength: 1, maxLength: 3 }),
      httpDate: seconds,
      dateTime: seconds,
      epoch: seconds,
      count: fc.integer(),
    });
    await fc.assert(
      fc.asyncProperty(told, async (output) => {
        const { status, headers } = restJson.write(operation("Tell"), output, "id");
        const response = { statusCode: status, headers, body: new Uint8Array() };
        const { $metadata: _, ...read } = await sdk.deserializeResponse(asSdk(TELL), SERDE as never, response);
        expect(read).to.deep.equal(output);
      }),
    );
  });
});
