// What an operation was given and never looked at would be dropped without a word. Every cloud of these tests watches
// for it: each call of each test that succeeds has to have read every member that it was given.
import type { AnyOperation, Call, Service } from "../core/service.ts";

type Plain = Record<string, unknown>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" &&
  value !== null &&
  (Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null));

/** Kept as a whole, and given back or looked at later. */
const KEPT: Readonly<Record<string, RegExp>> = {
  PutEventSelectors: /^AdvancedEventSelectors/,
  PutTargets: /^Targets\./,
  CreateTopicRule: /^topicRulePayload\.(actions|errorAction)/,
  ReplaceTopicRule: /^topicRulePayload\.(actions|errorAction)/,
  PutMetricAlarm: /./,
  PutBucketLifecycleConfiguration: /^LifecycleConfiguration\.Rules/,
  SendMessage: /^MessageAttributes/,
};
/** Looked at only where there is something that they could be about. */
const SOMETIMES: Readonly<Record<string, RegExp>> = {
  LookupEvents: /^LookupAttributes/,
  GetMetricStatistics: /^(Namespace|MetricName|Dimensions|Unit)/,
  DeleteThing: /^expectedVersion/,
  DeleteThingGroup: /^expectedVersion/,
  DeleteBillingGroup: /^expectedVersion/,
};

/** The same value, and in `read` the path of each member that is read; lists have no step of their own. */
function recording(value: unknown, path: string, read: Set<string>): unknown {
  if (!isPlain(value)) return value;
  const inner = new Map<unknown, unknown>();
  return new Proxy(value, {
    get(target, key, receiver) {
      const member = Reflect.get(target, key, receiver) as unknown;
      if (typeof key === "symbol" || !Object.hasOwn(target, key)) return member;
      const at = pathOf(target, path, key);
      read.add(at);
      if (!inner.has(key)) inner.set(key, recording(member, at, read));
      return inner.get(key);
    },
  });
}
const pathOf = (of: Plain, path: string, key: string): string =>
  Array.isArray(of) ? path : path === "" ? key : `${path}.${key}`;

/** Paths of what was given and isn't itself an object. */
function* leaves(value: unknown, path: string): Generator<string> {
  if (!isPlain(value)) {
    if (value !== undefined) yield path;
  } else for (const [key, member] of Object.entries(value)) yield* leaves(member, pathOf(value, path, key));
}

export function watching(service: Service): Service {
  const operations = Object.entries(service.operations).map(([name, operation]): [string, AnyOperation] => {
    const { refused = {}, ignored = {} } = service.unmodelled?.[name] ?? {};
    const listed = [...Object.keys(refused), ...Object.keys(ignored)];
    const inputs = new WeakMap<object, { readonly input: unknown; readonly read: Set<string> }>();
    const watched = (input: object) => {
      let found = inputs.get(input);
      if (!found) {
        const read = new Set<string>();
        inputs.set(input, (found = { input: recording(input, "", read), read }));
      }
      return found;
    };
    const run = async (input: object, call: Call): Promise<unknown> => {
      const { input: recorded, read } = watched(input);
      const output: unknown = await operation.run(recorded, call);
      const dropped = [...leaves(input, "")].filter(
        (path) =>
          !read.has(path) &&
          !listed.some((one) => `${path}.`.startsWith(`${one.replaceAll(".*", "")}.`)) &&
          !KEPT[name]?.test(path) &&
          !SOMETIMES[name]?.test(path),
      );
      if (dropped.length > 0) throw new Error(`${service.name}:${name} drops ${dropped.join(", ")} without a word.`);
      return output;
    };
    const authorize = (input: object, call: Call): unknown => operation.authorize(watched(input).input, call);
    return [name, { ...operation, authorize, run } as AnyOperation];
  });
  return { ...service, operations: Object.fromEntries(operations) };
}
