/**
 * The one clock of the embedded AWS. It runs with the machine's, plus whatever tests have advanced it by. Everything
 * that waits (retries, visibility, expiry) asks for a timer here, so that no test waits for real minutes.
 */
export interface Timer {
  cancel(): void;
}

interface Entry {
  readonly due: number;
  readonly order: number;
  readonly task: () => void;
}

export class Clock {
  #offset = 0;
  #order = 0;
  #entries: Entry[] = [];
  #alarm: NodeJS.Timeout | undefined;

  /** What it is ahead of the machine's. */
  get offsetMs(): number {
    return this.#offset;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#offset;
  }

  date(): Date {
    return new Date(this.now());
  }

  /** Runs `task` once, `delayMs` from now by this clock. */
  after(delayMs: number, task: () => void): Timer {
    const entry = { due: this.now() + Math.max(0, delayMs), order: this.#order++, task };
    // Kept in order of time: a binary search keeps thousands of timers cheap.
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#entries[middle] as Entry;
      if (other.due < entry.due || (other.due === entry.due && other.order < entry.order)) low = middle + 1;
      else high = middle;
    }
    this.#entries.splice(low, 0, entry);
    if (low === 0) this.#arm();
    return {
      cancel: () => {
        const at = this.#entries.indexOf(entry);
        if (at < 0) return;
        this.#entries.splice(at, 1);
        if (at === 0) this.#arm();
      },
    };
  }

  /**
   * Jumps ahead, running every timer on the way at its own time. `settle` is awaited after each, so that what a timer
   * started (and the timers which that sets) happens before the next one.
   */
  async advance(ms: number, settle: () => Promise<void>): Promise<void> {
    const target = this.now() + ms;
    await settle();
    for (let next = this.#entries[0]; next && next.due <= target; next = this.#entries[0]) {
      this.#offset += Math.max(0, next.due - this.now());
      this.#entries.shift();
      next.task();
      await settle();
    }
    this.#offset += Math.max(0, target - this.now());
    this.#arm();
  }

  /** Forgets every timer; the time stays what it is. */
  clear(): void {
    this.#entries = [];
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#alarm);
    const next = this.#entries[0];
    if (!next) return;
    // setTimeout holds 31 bits of milliseconds.
    this.#alarm = setTimeout(
      () => {
        this.#ring();
      },
      Math.min(Math.max(0, next.due - this.now()), 2 ** 31 - 1),
    );
    this.#alarm.unref();
  }

  #ring(): void {
    for (let next = this.#entries[0]; next && next.due <= this.now(); next = this.#entries[0]) {
      this.#entries.shift();
      next.task();
    }
    this.#arm();
  }
}
