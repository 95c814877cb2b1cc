// What takes time on AWS, or comes late. How CloudTrail's events arrive: AWS promises at least once and no order
// (CloudTrail user guide, «Working with CloudTrail event history», and EventBridge user guide, «AWS service events»:
// best effort). By default they arrive at once and once; tests ask for the rest.
import type { Clock, Timer } from "./clock.ts";
import { seeded } from "./faults.ts";

export interface TrailDeliverySettings {
  /** Probability, 0 to 1, that an event arrives twice. */
  readonly duplicate?: number | undefined;
  /** Each event lets the next one pass, or goes after a second by the clock when none comes. */
  readonly reorder?: boolean | undefined;
  readonly delaySeconds?: number | undefined;
  /** The same seed duplicates the same events. */
  readonly seed?: number | undefined;
  /**
   * So long after StartLogging a trail brings nothing yet. AWS names no time: «typically within an average of about 5
   * minutes».
   */
  readonly trailWarmUpSeconds?: number | undefined;
  /**
   * So long a role that was made, or a change of what it may do or who may be it, isn't in effect yet («Troubleshoot
   * IAM», eventual consistency).
   */
  readonly iamDelaySeconds?: number | undefined;
  /** Regions that an account hasn't switched on. */
  readonly disabledRegions?: Readonly<Record<string, readonly string[]>> | undefined;
  /**
   * What principal() says in rule SQL of a role over HTTP. The reference says `userid`, which in IAM's words has the
   * session's name, and shows an id without: the default is not confirmed.
   */
  readonly principal?: "roleIdAndSession" | "roleId" | undefined;
}

const HELD_MS = 1000;

export class TrailDelivery {
  #settings: TrailDeliverySettings = {};
  #random = seeded(1);
  #held: { readonly deliver: () => void; readonly timer: Timer } | undefined;

  /** From the next event on. What is held or under way goes on as it was. */
  set(settings: TrailDeliverySettings): void {
    this.#settings = settings;
    this.#random = seeded(settings.seed ?? 1);
  }

  get settings(): TrailDeliverySettings {
    return this.#settings;
  }

  /** Whether the trail that has logged since then brings its events already. */
  isWarm(startedAt: Date | undefined, now: number): boolean {
    return now >= (startedAt?.getTime() ?? 0) + (this.#settings.trailWarmUpSeconds ?? 0) * 1000;
  }

  isDisabled(account: string, region: string): boolean {
    return this.#settings.disabledRegions?.[account]?.includes(region) ?? false;
  }

  /** Calls `deliver` as often, as late and in the order that the settings say. */
  pass(clock: Clock, deliver: () => void): void {
    const { duplicate = 0, reorder = false, delaySeconds = 0 } = this.#settings;
    const twice = duplicate > 0 && this.#random() < duplicate;
    const arrive = () => {
      deliver();
      if (twice) deliver();
    };
    const late = () => {
      if (delaySeconds > 0) clock.after(delaySeconds * 1000, arrive);
      else arrive();
    };
    const held = this.#held;
    if (!reorder && !held) {
      late();
    } else if (held) {
      this.#held = undefined;
      held.timer.cancel();
      late();
      held.deliver();
    } else {
      const timer = clock.after(HELD_MS, () => {
        this.#held = undefined;
        late();
      });
      this.#held = { deliver: late, timer };
    }
  }

  /** Forgets settings and what is held. */
  clear(): void {
    this.#held?.timer.cancel();
    this.#held = undefined;
    this.set({});
  }
}
