import type { Recorded } from "../harness/run-stack.ts";

/** Resources as the pack is shown them. */
export const shown = (resources: readonly Recorded[]) =>
  resources.map(({ type, name, inputs }) => ({ type, name, props: inputs }));
