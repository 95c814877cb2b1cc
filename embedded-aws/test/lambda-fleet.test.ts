import { setImmediate as turn } from "node:timers/promises";
import { expect } from "chai";
import type { ExecutionEnvironment } from "../functions/execution-environment.ts";
import { Fleet, MAX_PER_VERSION } from "../functions/fleet.ts";

const HOUR_MS = 3_600_000;

describe("the fleet of execution environments", () => {
  let now = 0;
  let started: FakeEnvironment[];
  let fleet: Fleet;
  let life: AbortController;
  class FakeEnvironment {
    readonly expiresAt = now + HOUR_MS;
    ended = false;
    readonly #gone = Promise.withResolvers<undefined>();
    readonly gone = this.#gone.promise;
    stop(): void {
      this.ended = true;
      this.#gone.resolve(undefined);
    }
  }
  const start = () => {
    const environment = new FakeEnvironment();
    started.push(environment);
    return Promise.resolve(environment as unknown as ExecutionEnvironment);
  };
  const acquire = (key = "fn/1/a", patience = 1000) =>
    fleet.acquire(key, start, patience) as unknown as Promise<FakeEnvironment | undefined>;
  const release = (environment: FakeEnvironment | undefined, key = "fn/1/a") => {
    fleet.release(key, environment as unknown as ExecutionEnvironment);
  };

  beforeEach(() => {
    now = 0;
    started = [];
    life = new AbortController();
    fleet = new Fleet(() => now, life.signal);
  });

  it("gives out a warm environment again, for the same version only", async () => {
    const first = await acquire();
    release(first);
    expect(await acquire("fn/2/b")).to.not.equal(first);
    expect(await acquire()).to.equal(first);
  });

  it("starts anew where the process has ended or its keys would end within an invocation", async () => {
    const ended = await acquire();
    release(ended);
    ended?.stop();
    const expiring = await acquire();
    expect(expiring).to.not.equal(ended);
    release(expiring);
    now = HOUR_MS - 15 * 60_000;
    expect(await acquire()).to.not.equal(expiring);
    expect(expiring?.ended).to.equal(true);
  });

  it("ends idle environments of a version that changed at once, busy ones after their event", async () => {
    const [busy, idle, other] = [await acquire(), await acquire(), await acquire("other/1/a")];
    release(idle);
    fleet.retire("fn/");
    expect([busy?.ended, idle?.ended, other?.ended]).to.deep.equal([false, true, false]);
    release(busy);
    expect(busy?.ended).to.equal(true);
    release(other, "other/1/a");
    expect(other?.ended).to.equal(false);
  });

  it("serves who waits for a version that changed meanwhile, by one environment after the other", async () => {
    const busy = await Promise.all(Array.from({ length: MAX_PER_VERSION }, () => acquire()));
    const waiting = acquire();
    fleet.retire("fn/");
    release(busy[0]);
    const served = await waiting;
    expect([busy[0]?.ended, served?.ended]).to.deep.equal([true, false]);
    release(served);
    expect(served?.ended).to.equal(true);
  });

  it("lets those wait that come when there are enough, and gives up where they are impatient", async () => {
    const busy = await Promise.all(Array.from({ length: MAX_PER_VERSION }, () => acquire()));
    expect(await acquire("fn/1/a", 1)).to.equal(undefined);
    const waiting = acquire();
    release(busy[0]);
    expect(await waiting).to.equal(busy[0]);
    expect(started).to.have.length(MAX_PER_VERSION);
  });

  it("waits for those that are about to start when it is stopped, ends them, and gives them to nobody", async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const acquiring = fleet.acquire("fn/1/a", () => promise.then(start)).catch((error: unknown) => error);
    life.abort("over");
    let isStopped = false;
    const stopping = fleet.stop().then(() => (isStopped = true));
    await turn();
    expect(isStopped).to.equal(false);
    resolve(undefined);
    await stopping;
    expect(started.map(({ ended }) => ended)).to.deep.equal([true]);
    expect(await acquiring).to.equal("over");
  });

  it("starts none once it is over", async () => {
    life.abort("over");
    expect(await acquire().catch((error: unknown) => error)).to.equal("over");
    expect(started).to.deep.equal([]);
  });

  it("ends the one that idles longest when too many idle", async () => {
    const all = await Promise.all(Array.from({ length: 17 }, (_, n) => acquire(`fn/${n}/a`)));
    all.forEach((environment, n) => {
      release(environment, `fn/${n}/a`);
    });
    expect(all.map((environment) => environment?.ended)).to.deep.equal([true, ...Array<boolean>(16).fill(false)]);
  });
});
