// Which operations bring which element: the component is run with all of them and with each one alone, and what is in
// the lists of the one is looked for in those of the others.
import { isDeepStrictEqual } from "node:util";
import { type Operation } from "../shared/contract/operations.ts";

type Json = unknown;

export interface Variant {
  readonly operation: Operation;
  readonly value: Json;
}

const isRecord = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `all` with what depends on operations marked as `announced` and `joined`. Throws where it can't be said so. */
export function byOperation(all: Json, variants: readonly Variant[], path: string): Json {
  if (variants.every(({ value }) => isDeepStrictEqual(value, all))) return all;
  const refuse = (): never => {
    throw new Error(`${path} depends on the operations in a way that kit/operations.ts can't say`);
  };
  if (typeof all === "string") {
    const texts = variants.map(({ operation, value }) => ({
      operation,
      value: typeof value === "string" ? value.split(",") : refuse(),
    }));
    return { kind: "joined", list: listed(all.split(","), texts, refuse) };
  }
  if (Array.isArray(all)) return listed(all, variants, refuse);
  if (!isRecord(all)) return refuse();
  const entries = Object.keys(all).map((key): readonly [string, Json] => {
    const inner = variants.map(({ operation, value }) => ({
      operation,
      value: isRecord(value) && Object.keys(value).length === Object.keys(all).length ? value[key] : refuse(),
    }));
    return [key, byOperation(all[key], inner, `${path}.${key}`)];
  });
  return Object.fromEntries(entries);
}

function listed(all: readonly Json[], variants: readonly Variant[], refuse: () => never): readonly Json[] {
  for (const { value } of variants) {
    // Nothing of its own, and in the same order: only then is one list enough for all.
    const places = Array.isArray(value)
      ? value.map((element) => all.findIndex((one) => isDeepStrictEqual(one, element)))
      : refuse();
    if (places.some((place, index) => place <= (places[index - 1] ?? -1))) refuse();
  }
  return all.map((element) => {
    const by = variants
      .filter(({ value }) => (value as readonly Json[]).some((one) => isDeepStrictEqual(one, element)))
      .map(({ operation }) => operation);
    if (by.length === 0) refuse();
    return by.length === variants.length ? element : { kind: "announced", by, value: element };
  });
}
