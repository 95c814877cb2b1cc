// The provider as plain functions over plain values: what the engine asks, answered by a provider instance and the
// resource table.
import { createHash } from "node:crypto";
import { ProviderInstance, type ProviderConfig } from "../instance.ts";
import { type Properties, type ResourceType, UNKNOWN, unlessGone } from "../resource.ts";
import { invoke, resourceType } from "../table.ts";
import { changesOf, type Changes } from "./changes.ts";
import { environmentOf } from "./connection.ts";
import { DEFAULTS, kept } from "./values.ts";

export interface Snapshot {
  readonly id: string;
  readonly inputs: Properties;
  readonly state: Properties;
}

const unknowns = (names: readonly string[]): Properties => Object.fromEntries(names.map((name) => [name, UNKNOWN]));
const pick = (from: Properties, names: readonly string[]): Properties =>
  Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name] as unknown]));

export class AwsProvider {
  #instance: ProviderInstance | undefined;

  /**
   * Rejects with a sentence: no endpoint, no credentials, another account than allowed, configuration that isn't
   * honoured.
   */
  async configure(config: ProviderConfig): Promise<void> {
    const instance = new ProviderInstance(config, await environmentOf(config.profile as string | undefined));
    // A region or profile that a preview doesn't know yet can't be tried.
    if (!Object.values(config).includes(UNKNOWN)) await instance.clients();
    this.#instance = instance;
  }

  get #configured(): ProviderInstance {
    if (!this.#instance) throw new Error("The engine asked before it had configured the aws provider.");
    return this.#instance;
  }

  /** Inputs with defaults and a name. The engine's seed makes the name: the same plan gives the same names. */
  check(type: string, name: string, news: Properties, olds: Properties | undefined, seed: Uint8Array): Properties {
    const property = resourceType(type).autoName?.property;
    const named = property !== undefined && (news[property] ?? undefined) !== undefined;
    const madeBefore = ((olds?.[DEFAULTS] ?? []) as string[]).includes(property ?? "");
    const random = seed.length > 0 ? () => createHash("sha256").update(seed).digest("hex").slice(0, 7) : undefined;
    const inputs = this.#configured.check(type, name, news, madeBefore ? olds : undefined, random);
    if (news.tags === UNKNOWN) inputs.tagsAll = UNKNOWN;
    return { ...inputs, [DEFAULTS]: property === undefined || named ? [] : [property] };
  }

  diff(type: string, olds: Properties, news: Properties): Changes {
    return changesOf(resourceType(type), olds, news);
  }

  async create(type: string, inputs: Properties, preview: boolean): Promise<{ id: string; state: Properties }> {
    if (!preview) return this.#configured.create(type, inputs);
    return { id: "", state: { ...inputs, ...unknowns(resourceType(type).computed) } };
  }

  /** As it is now, for refresh; undefined when it is gone. */
  async read(type: string, id: string, known: Properties, state: Properties): Promise<Snapshot | undefined> {
    const row = resourceType(type);
    const found = await row.read(await this.#configured.clients(), id, { ...known, ...state });
    if (!found) return undefined;
    const inputs = refreshed(row, known, found);
    return { id, inputs, state: { ...found, ...refreshed(row, state, found), ...pick(found, row.computed) } };
  }

  /**
   * What an import takes into the state, by the id that the provider's documentation asks for; undefined where there
   * is no such thing.
   */
  async import(type: string, given: string): Promise<Snapshot | undefined> {
    const row = resourceType(type);
    const clients = await this.#configured.clients();
    const located = row.imported ? await unlessGone(row.imported(clients, given)) : { id: given, state: {} };
    if (!located) return undefined;
    const { id, state } = located;
    const found = await row.read(clients, id, state);
    return found && { id, inputs: this.#imported(row, found), state: found };
  }

  #imported(row: ResourceType, found: Properties): Properties {
    const inputs = { ...row.defaults, ...row.fixed, ...found };
    for (const output of row.computed) Reflect.deleteProperty(inputs, output);
    if (row.tagged) {
      const defaults = this.#configured.tagsAll(undefined);
      const all = (found.tagsAll ?? {}) as Record<string, string>;
      const own = Object.entries(all).filter(([key, value]) => defaults[key] !== value);
      if (own.length > 0) inputs.tags = Object.fromEntries(own);
    }
    return { ...inputs, [DEFAULTS]: [] };
  }

  async update(type: string, id: string, news: Properties, olds: Properties, preview: boolean): Promise<Properties> {
    if (!preview) return this.#configured.update(type, id, news, olds);
    const row = resourceType(type);
    return { ...news, ...pick(olds, row.computed), ...unknowns(row.computedOnUpdate ?? []) };
  }

  delete(type: string, id: string, state: Properties): Promise<void> {
    return this.#configured.delete(type, id, state);
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    return invoke(token, await this.#configured.clients(), args);
  }
}

/** `known`, with what AWS now says otherwise. */
const refreshed = (row: ResourceType, known: Properties, found: Properties): Properties =>
  Object.fromEntries(
    Object.entries(known).map(([key, value]) => [
      key,
      key in found ? kept(key, value, found[key], row.json?.includes(key) ?? false) : (value as unknown),
    ]),
  );
