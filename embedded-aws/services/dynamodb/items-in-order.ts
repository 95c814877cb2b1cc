// The items of a table in the order of their keys, as dynalite makes these, and with the methods by which it reads and
// writes. Its own store is a database under promises, whose every answer takes turns of the event loop: this one
// answers before it returns.
import { Stream } from "node:stream";

/** An item as it is on the wire: bytes are text in base64. */
export type WireItem = Readonly<Record<string, object>>;

/** Which keys. Without a bound on a side, all on that side. */
interface Range {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  /** At most so many; -1 for all. */
  readonly limit?: number;
}

type Done = (error: null, value?: WireItem) => void;

export class ItemsInOrder {
  readonly #items = new Map<string, WireItem>();
  readonly #keys: string[] = [];
  #asked: Flow | undefined;

  get size(): number {
    return this.#items.size;
  }

  get(key: string, done: Done): void {
    done(null, this.#items.get(key));
  }

  put(key: string, item: WireItem, done: Done): void {
    if (!this.#items.has(key)) this.#keys.splice(this.#firstFrom(key), 0, key);
    this.#items.set(key, item);
    done(null);
  }

  del(key: string, done: Done): void {
    if (this.#items.delete(key)) this.#keys.splice(this.#firstFrom(key), 1);
    done(null);
  }

  /** Nothing else happens before an action is done. */
  lock(_key: string, run: (release: (done: Done) => Done) => void): void {
    run((done) => done);
  }

  /** Items in order, which flow once whoever asks for them listens. */
  createValueStream(range: Range): Stream {
    return (this.#asked = new Flow(this.#within(range)));
  }

  /** Has those flow that were asked for. */
  flow(): void {
    this.#asked?.run();
    this.#asked = undefined;
  }

  *#within({ gt, gte = "", lt, lte, reverse = false, limit = -1 }: Range): Generator<WireItem> {
    const first = gt === undefined ? this.#firstFrom(gte) : this.#firstAfter(gt);
    const last = lte === undefined ? this.#keys.length : this.#firstAfter(lte);
    const beyond = lt === undefined ? last : this.#firstFrom(lt);
    const count = Math.min(limit < 0 ? Infinity : limit, beyond - first);
    for (let at = 0; at < count; at++)
      yield this.#items.get(this.#keys[reverse ? beyond - 1 - at : first + at] ?? "") as WireItem;
  }

  /** Where the first key stands that is `key` or comes after it. */
  #firstFrom(key: string): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] as string) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #firstAfter(key: string): number {
    const first = this.#firstFrom(key);
    return this.#keys[first] === key ? first + 1 : first;
  }
}

class Flow extends Stream {
  readonly #items: Iterable<WireItem>;
  #enough = false;

  constructor(items: Iterable<WireItem>) {
    super();
    this.#items = items;
  }

  /** Who reads has enough. */
  destroy(): void {
    this.#enough = true;
  }

  run(): void {
    for (const item of this.#items) {
      this.emit("data", item);
      if (this.#enough) return;
    }
    this.emit("end");
  }
}
