/** Stands in a function's bundle for what `shared/trim.ts` cut of the SDK: no call of the function gets there. */
export function leftOut(what: string): never {
  throw new Error(`${what} is left out of this function's bundle.`);
}
