import type { Place } from "./arn.ts";

/**
 * Names one service's state. Each account and Region has its own; `global` services (IAM) have one per account.
 * Declared once beside the service: `const STATE = stateOf("iot", () => ({ things: new Map<string, Thing>() }))`.
 */
export interface StateKey<S> {
  readonly service: string;
  readonly global: boolean;
  readonly create: () => S;
}

export const stateOf = <S>(service: string, create: () => S, options: { global?: boolean } = {}): StateKey<S> => ({
  service,
  global: options.global ?? false,
  create,
});

/** Everything that the embedded AWS knows, in one object. */
export class State {
  #states = new Map<StateKey<unknown>, Map<string, unknown>>();

  of<S>(key: StateKey<S>, place: Place): S {
    let states = this.#states.get(key);
    if (!states) {
      states = new Map<string, unknown>();
      this.#states.set(key, states);
    }
    const at = key.global ? place.account : `${place.account}/${place.region}`;
    let state = states.get(at) as S | undefined;
    if (state === undefined) states.set(at, (state = key.create()));
    return state;
  }

  /** All places where a service holds state, for what must look across them (idle work, emptiness). */
  *all<S>(key: StateKey<S>): Generator<S> {
    for (const state of this.#states.get(key)?.values() ?? []) yield state as S;
  }

  clear(): void {
    this.#states.clear();
  }
}
