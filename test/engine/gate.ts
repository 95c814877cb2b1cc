// Services of the embedded AWS, of which one operation can be held back until a test lets it go on.
import { type AnyOperation, type Service, SERVICES } from "embedded-aws";

export class Gate {
  readonly services: readonly Service[];
  #opened: Promise<void> = Promise.resolve();
  #open: () => void = () => undefined;
  #reached: () => void = () => undefined;

  constructor(service: string, operation: string) {
    this.services = SERVICES.map((one) => {
      const real = one.name === service ? one.operations[operation] : undefined;
      return real ? { ...one, operations: { ...one.operations, [operation]: this.#held(real) } } : one;
    });
  }

  #held(real: AnyOperation): AnyOperation {
    return {
      ...real,
      run: async (input, call) => {
        this.#reached();
        await this.#opened;
        return real.run(input, call) as unknown;
      },
    };
  }

  /** Holds back every such call from now on. The promise resolves when the first one has come. */
  close(): Promise<void> {
    this.#opened = new Promise((resolve) => (this.#open = resolve));
    return new Promise((resolve) => (this.#reached = resolve));
  }

  open(): void {
    this.#open();
  }
}
