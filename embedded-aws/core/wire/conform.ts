// What a client sent, held against the model: codecs take what comes, and services rely on the types. AWS answers
// SerializationException.
import type { Fields, Shape } from "./model.ts";

/** A value that isn't of the type that the model says. */
export class WrongType extends Error {}

/**
 * Gives back the value without members that are null, which JSON clients may send for what they leave out.
 * @param at where the value stands, for the sentence
 * @throws WrongType
 */
export function conform(shape: Shape, value: unknown, at: string): unknown {
  if (shape.isStructSchema()) {
    const fields = fieldsOf(value, at);
    for (const [name, member] of shape.structIterator()) {
      if (fields[name] === undefined) continue;
      if (fields[name] === null) Reflect.deleteProperty(fields, name);
      else fields[name] = conform(member, fields[name], `${at}.${name}`);
    }
    return fields;
  }
  if (shape.isListSchema()) {
    if (!Array.isArray(value)) throw new WrongType(`${at} has to be a list.`);
    const item = shape.getValueSchema();
    return value.map((one, index) => conform(item, one, `${at}[${index}]`));
  }
  if (shape.isMapSchema()) {
    const item = shape.getValueSchema();
    return Object.fromEntries(
      Object.entries(fieldsOf(value, at)).map(([key, one]) => [key, conform(item, one, `${at}.${key}`)]),
    );
  }
  const wanted = TYPES.find(({ is }) => is(shape));
  if (wanted && !wanted.fits(value)) throw new WrongType(`${at} has to be ${wanted.name}.`);
  return value;
}

function fieldsOf(value: unknown, at: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new WrongType(`${at} has to be an object.`);
}

interface Type {
  readonly name: string;
  readonly is: (shape: Shape) => boolean;
  readonly fits: (value: unknown) => boolean;
}
const TYPES: readonly Type[] = [
  { name: "a text", is: (shape) => shape.isStringSchema(), fits: (value) => typeof value === "string" },
  { name: "a number", is: (shape) => shape.isNumericSchema(), fits: (value) => typeof value === "number" },
  { name: "true or false", is: (shape) => shape.isBooleanSchema(), fits: (value) => typeof value === "boolean" },
  {
    name: "a time",
    is: (shape) => shape.isTimestampSchema(),
    fits: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
  },
  { name: "base64", is: (shape) => shape.isBlobSchema(), fits: (value) => value instanceof Uint8Array },
];
