// The device registry on a table of its own, and by a clock that moves by waiting alone.
import { DeviceRegistry, type RegistryParts } from "../../partner/lambda/registry.ts";
import type { Change } from "../../partner/lambda/change.ts";
import { Table } from "../histories/table.ts";
import { NOW, time } from "./changes.ts";

export class RegistryScene {
  readonly table = new Table();
  readonly lines: Readonly<Record<string, unknown>>[] = [];
  readonly waits: number[] = [];
  clock = NOW;

  async empty(): Promise<void> {
    await this.table.empty();
    this.lines.length = 0;
    this.waits.length = 0;
    this.clock = NOW;
  }

  registry(replaced: Partial<RegistryParts> = {}): DeviceRegistry {
    return new DeviceRegistry({
      client: this.table,
      tableName: this.table.name,
      now: () => this.clock,
      wait: (ms) => {
        this.waits.push(ms);
        this.clock += ms;
        return Promise.resolve();
      },
      random: () => 1,
      log: (line) => this.lines.push(line),
      ...replaced,
    });
  }

  /** Applies one after the other, and returns what came of each. */
  async all(...changes: readonly Change[]): Promise<string[]> {
    const outcomes: string[] = [];
    for (const one of changes) outcomes.push(await this.registry().apply(one, time(), () => Promise.resolve()));
    return outcomes;
  }

  items() {
    return this.table.items();
  }
}
