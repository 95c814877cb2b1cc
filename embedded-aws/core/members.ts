// Members of inputs that no operation reads would be dropped without a word. So each is listed, and refused before
// anything is done.
import { notModelled } from "./errors.ts";

/**
 * Members of an operation's input, each by its path: `CreateBucketConfiguration.Tags`. Lists and maps on the way have
 * no step of their own.
 */
export interface UnreadMembers {
  /**
   * Where most members aren't modelled: those that are, by the path of what they are members of (`""`: the input
   * itself). The others are refused, those of later versions of the API too.
   */
  readonly only?: Readonly<Record<string, readonly string[]>>;
  /**
   * Refused, unless they say what is so without them: false, an empty text, list or map, or one of the values given
   * here.
   */
  readonly refused?: Readonly<Record<string, readonly unknown[]>>;
  /** Ignored on purpose, each with the reason. */
  readonly ignored?: Readonly<Record<string, string>>;
}

type Plain = Record<string, unknown>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" &&
  value !== null &&
  (Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null));

const saysNothing = (value: unknown): boolean =>
  value === undefined || value === false || value === "" || (isPlain(value) && Object.values(value).every(saysNothing));

/** The values at a path. */
function* valuesAt(value: unknown, [step, ...rest]: readonly string[]): Generator {
  if (step === undefined) yield value;
  else if (Array.isArray(value)) for (const item of value as unknown[]) yield* valuesAt(item, [step, ...rest]);
  else if (!isPlain(value)) return;
  else if (step === "*") for (const item of Object.values(value)) yield* valuesAt(item, rest);
  else if (Object.hasOwn(value, step)) yield* valuesAt(value[step], rest);
}

const join = (path: string, member: string): string => (path === "" ? member : `${path}.${member}`);

/** Paths of members that aren't named by `only` or elsewhere, with their values. */
function* unnamed(
  { only = {}, refused = {}, ignored = {} }: UnreadMembers,
  input: unknown,
): Generator<[string, unknown]> {
  for (const [path, names] of Object.entries(only))
    for (const value of [...valuesAt(input, path === "" ? [] : path.split("."))].flat())
      for (const [member, it] of Object.entries(isPlain(value) ? value : {})) {
        const at = join(path, member);
        const listed = [...Object.keys(refused), ...Object.keys(ignored)].some((one) => `${one}.`.startsWith(`${at}.`));
        if (!names.includes(member) && !listed) yield [at, it];
      }
}

/** @throws AwsError NotModelledHere for a member that the operation refuses */
export function refuseUnmodelled(of: string, members: UnreadMembers, input: unknown): void {
  const refuse = (path: string) => notModelled(`The parameter ${path} of ${of}`);
  for (const [path, value] of unnamed(members, input)) if (!saysNothing(value)) throw refuse(path);
  for (const [path, same] of Object.entries(members.refused ?? {}))
    for (const value of valuesAt(input, path.split(".")))
      if (!saysNothing(value) && !same.includes(value)) throw refuse(path);
}
