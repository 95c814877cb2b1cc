// A cell of the fault matrix: how it is broken, what is done meanwhile, how it is mended, and what has to come of it.
import type { Expected, Lasts } from "./expected.ts";
import type { Scene } from "./scene.ts";

export interface Cell {
  readonly hop: string;
  readonly fault: string;
  /** passing: it strikes once. lasting: until it is mended, longer than every retry. */
  readonly lasts: Lasts;
  readonly expected: Expected;
  /** What its writer says in the trace of what is lost. */
  readonly lossSaidBy?: string | undefined;
  /** Whether a call of it must have been struck. */
  readonly strikes: boolean;
  /** It needs functions with hardly any time. */
  readonly hurried: boolean;
  /** Seconds that pass before it is mended. */
  readonly waits: number;
  readonly begin: (scene: Scene) => Promise<void> | void;
  /** What somebody does in the customer's registry meanwhile. */
  readonly act: (scene: Scene, thingName: string) => Promise<void>;
  readonly mend: (scene: Scene) => Promise<void> | void;
}

/** Lambda's two retries, and a lease that a killed invocation leaves. */
export const RETRIES_S = 600;
