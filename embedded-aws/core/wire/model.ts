// A service's operations and errors, as the SDK's client carries them. `@aws-sdk/client-*` exports its schemas; that
// a server may read them is documented nowhere, so their versions are pinned and test/wire.test.ts fails when an
// upgrade changes them.
import { NormalizedSchema, deref } from "@smithy/core/schema";

export type Shape = ReturnType<typeof NormalizedSchema.of>;
// Values that a model describes: what a client sent, or what a service answers. The schema knows their types, the
// compiler doesn't.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Fields = Record<string, any>;

export interface HttpBinding {
  readonly method: string;
  readonly path: RegExp;
  readonly labels: readonly string[];
  readonly query: URLSearchParams;
  readonly status: number;
  /** Literal characters of the path: among several bindings that match, the one with more of them is meant. */
  readonly literal: number;
  /** Query parameters and headers that the operation must have: they tell CopyObject and UploadPart from PutObject. */
  readonly marks: { readonly query: readonly string[]; readonly headers: readonly string[] };
}
export interface WireOperation {
  readonly name: string;
  readonly namespace: string;
  readonly input: Shape;
  readonly output: Shape;
  /** Names of the members that a request must have. */
  readonly required: readonly string[];
  readonly http: HttpBinding | undefined;
}
export interface WireError {
  /** The shape's name, which JSON protocols answer with. */
  readonly shape: string;
  /** The code of query protocols, where it differs. */
  readonly queryCode: string | undefined;
  readonly status: number;
  /** It has a member Type, which says whose fault it is. */
  readonly hasType: boolean;
}
export interface Model {
  readonly namespace: string;
  readonly operations: ReadonlyMap<string, WireOperation>;
  /** By shape name and by query code. */
  readonly errors: ReadonlyMap<string, WireError>;
}

// Tags of the SDK's static schemas: [tag, namespace, name, traits, …].
const OPERATION = 9;
const ERROR = -3;
interface StaticTraits {
  readonly http?: readonly [string, string, number];
  readonly httpError?: number;
  readonly awsQueryError?: readonly [string, number];
}

export function modelOf(client: object): Model {
  const operations = new Map<string, WireOperation>();
  const errors = new Map<string, WireError>();
  let namespace = "";
  for (const value of Object.values(client) as unknown[]) {
    if (!Array.isArray(value)) continue;
    const [tag, space, name, traits, input, output] = value as [
      number,
      string,
      string,
      StaticTraits | 0,
      unknown,
      unknown,
    ];
    if (tag === OPERATION) {
      namespace = space;
      operations.set(name, operationOf(name, space, traits || {}, input, output));
    } else if (tag === ERROR) {
      const { awsQueryError, httpError } = traits || {};
      const status = awsQueryError?.[1] ?? httpError ?? 400;
      // [-3, namespace, name, traits, names of members, …]
      const hasType = (input as readonly string[]).includes("Type");
      const error = { shape: name, queryCode: awsQueryError?.[0], status, hasType };
      errors.set(name, error);
      if (error.queryCode) errors.set(error.queryCode, error);
    }
  }
  return { namespace, operations, errors };
}

function operationOf(
  name: string,
  namespace: string,
  traits: StaticTraits,
  input: unknown,
  output: unknown,
): WireOperation {
  const shape = deref(input as never) as unknown;
  // [3, namespace, name, traits, names, schemas, number of required members, which come first]
  const [names = [], required = 0] = Array.isArray(shape) ? [shape[4] as string[], shape[6] as number | undefined] : [];
  const normalized = NormalizedSchema.of(shape as never);
  const needed = names.slice(0, required);
  return {
    name,
    namespace,
    input: normalized,
    output: NormalizedSchema.of(deref(output as never)),
    required: needed,
    http: traits.http ? bindingOf(traits.http, marksOf(normalized, needed)) : undefined,
  };
}

function marksOf(input: Shape, required: readonly string[]): HttpBinding["marks"] {
  const members = required.length === 0 ? [] : [...input.structIterator()].filter(([name]) => required.includes(name));
  const traits = members.map(([, member]) => member.getMergedTraits());
  return {
    query: traits.flatMap(({ httpQuery }) => httpQuery ?? []),
    headers: traits.flatMap(({ httpHeader }) => httpHeader?.toLowerCase() ?? []),
  };
}

function bindingOf([method, uri, status]: readonly [string, string, number], marks: HttpBinding["marks"]): HttpBinding {
  const [path = "", query = ""] = uri.split("?");
  const labels: string[] = [];
  const pattern = path.replace(/\{([^}]+)\}|[.*+?^$()|[\]\\]/g, (text, label?: string) => {
    if (!label) return `\\${text}`;
    labels.push(label.replace("+", ""));
    return label.endsWith("+") ? "(.+)" : "([^/]+)";
  });
  const literal = path.replace(/\{[^}]+\}/g, "").length + query.replace(/&?x-id=\w+/, "").length;
  return {
    method,
    path: new RegExp(`^${pattern}/?$`),
    labels,
    query: new URLSearchParams(query),
    status,
    literal,
    marks,
  };
}
