// No more than so many a second, and fewer while AWS throttles.

export interface Time {
  /** Milliseconds. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** Of the rate that was asked for: however much is throttled, it goes on. */
const LEAST = 1 / 16;

export class Pace {
  readonly #time: Time;
  readonly #most: number;
  #rate: number;
  /** When the next may go. */
  #free = 0;

  constructor(perSecond: number, time: Time) {
    this.#time = time;
    this.#most = perSecond;
    this.#rate = perSecond;
  }

  /** Per second, now. */
  get rate(): number {
    return this.#rate;
  }

  /** Waits until `count` more may go. */
  async take(count: number): Promise<void> {
    const now = this.#time.now();
    const at = Math.max(now, this.#free);
    this.#free = at + (count / this.#rate) * 1000;
    if (at > now) await this.#time.wait(at - now);
  }

  /** Half as many, as something was throttled. */
  slower(): void {
    this.#rate = Math.max(this.#rate / 2, this.#most * LEAST);
  }

  /** A little more, as nothing was. */
  faster(): void {
    this.#rate = Math.min(this.#rate + this.#most * LEAST, this.#most);
  }
}
