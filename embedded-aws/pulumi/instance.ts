// One provider instance: an account, a Region, default tags. What the runtime mocks and the provider plugin both do
// with a resource.
import { randomBytes } from "node:crypto";
import { Clients, type Credentials } from "./clients.ts";
import { type Properties, type ResourceType, UNKNOWN, defined, retag } from "./resource.ts";
import { resourceType } from "./table.ts";

/** Configuration of an `aws.Provider`, as Pulumi hands it over: whatever isn't a text is JSON text. */
export type ProviderConfig = Readonly<Record<string, unknown>>;

export interface CloudAccess {
  readonly endpoint: string;
  /** Credentials of a profile, or those that the environment has. */
  readonly credentials: (profile: string | undefined) => Promise<Credentials>;
}

/** What a configured provider is refused for, and what not being modelled here means for it. */
const HONOURED = new Set([
  "region",
  "profile",
  "allowedAccountIds",
  "defaultTags",
  "version",
  "skipCredentialsValidation",
  "skipMetadataApiCheck",
  "skipRegionValidation",
]);

const parsed = (value: unknown): unknown =>
  typeof value === "string" && /^[[{]/.test(value) ? (JSON.parse(value) as unknown) : value;

export class ProviderInstance {
  readonly #config: ProviderConfig;
  readonly #environment: CloudAccess;
  #clients: Promise<Clients> | undefined;

  /** Throws a sentence for configuration that isn't honoured here. */
  constructor(config: ProviderConfig, environment: CloudAccess) {
    this.#config = config;
    this.#environment = environment;
    const unknown = Object.keys(config).filter((key) => !HONOURED.has(key) && !key.startsWith("__"));
    if (unknown.length > 0) {
      throw new Error(
        `The embedded AWS's provider doesn't honour aws:${unknown.join(", aws:")}. It knows ` +
          `${[...HONOURED].join(", ")}.`,
      );
    }
  }

  /** Tags of the resource and of the provider; the resource's win. */
  tagsAll(tags: unknown): Record<string, string> {
    const defaults = parsed(this.#config.defaultTags) as { tags?: Record<string, string> } | undefined;
    return { ...defaults?.tags, ...(tags as Record<string, string> | undefined) };
  }

  /**
   * Connected clients. Rejects where the credentials belong to an account that isn't allowed, as the real provider
   * does.
   */
  clients(): Promise<Clients> {
    this.#clients ??= this.#connect();
    return this.#clients;
  }

  async #connect(): Promise<Clients> {
    const region = this.#config.region;
    if (typeof region !== "string" || region === "")
      throw new Error("The aws provider has no region. Set it: pulumi config set aws:region us-east-1");
    const { endpoint } = this.#environment;
    const credentials = await this.#environment.credentials(this.#config.profile as string | undefined);
    const clients = new Clients({ endpoint, region, credentials });
    const account = await clients.account();
    const allowed = parsed(this.#config.allowedAccountIds) as string[] | undefined;
    if (allowed && allowed.length > 0 && !allowed.includes(account)) {
      throw new Error(
        `AWS account ID not allowed: ${account}. The credentials must belong to ${allowed.join(" or ")}: ` +
          "check aws:profile.",
      );
    }
    return clients;
  }

  /**
   * Inputs with defaults and a physical name, as the resource will be made. `olds` keeps a name that was made before.
   */
  check(
    type: string,
    name: string,
    news: Properties,
    olds: Properties | undefined,
    random: () => string = hexDigits,
  ): Properties {
    const row = resourceType(type);
    const { autoName, defaults, fixed, tagged } = row;
    checkInputs(row, news, `${name} (${type})`);
    const inputs = { ...defaults, ...fixed, ...defined(news) };
    if (tagged) inputs.tagsAll = this.tagsAll(news.tags);
    if (autoName && inputs[autoName.property] === undefined) {
      const { property, random: varied = true, maxLength } = autoName;
      const made = olds?.[property] as string | undefined;
      // With the hexadecimal digits it must fit: the logical name gives way.
      inputs[property] = made ?? (varied ? `${name.slice(0, maxLength - 8)}-${random()}` : name);
    }
    return inputs;
  }

  async create(type: string, inputs: Properties): Promise<{ id: string; state: Properties }> {
    const row = resourceType(type);
    const clients = await this.clients();
    const id = await row.create(clients, inputs);
    return { id, state: { ...inputs, ...(await row.read(clients, id, inputs)) } };
  }

  /** Inputs and outputs as they are now; undefined when it is gone. */
  async read(type: string, id: string, state: Properties): Promise<Properties | undefined> {
    const found = await resourceType(type).read(await this.clients(), id, state);
    return found && { ...state, ...found };
  }

  async update(type: string, id: string, news: Properties, olds: Properties): Promise<Properties> {
    const row = resourceType(type);
    if (!row.update) throw new Error(`A ${type} can't be changed, only replaced.`);
    const clients = await this.clients();
    await row.update(clients, id, news, olds);
    await retag(row, clients, news, olds);
    return { ...news, ...(await row.read(clients, id, news)) };
  }

  async delete(type: string, id: string, state: Properties): Promise<void> {
    await resourceType(type).delete(await this.clients(), id, state);
  }
}

/**
 * Throws a sentence for what the real provider would refuse before it asks AWS, and for what would be accepted here
 * and ignored.
 */
function checkInputs(row: ResourceType, news: Properties, what: string): void {
  const { autoName, required, json = [] } = row;
  const given = Object.keys(news).filter((property) => (news[property] ?? undefined) !== undefined);
  const absent = required.filter((property) => !given.includes(property));
  if (absent.length > 0) throw new Error(`Missing required property: ${absent.join(", ")} of ${what}.`);
  const unknown = given.filter((property) => !property.startsWith("__") && !honours(row, property, news[property]));
  if (unknown.length > 0) {
    throw new Error(
      `The embedded AWS does not model ${unknown.join(", ")} of ${what}: remove it, or add it to its row in ` +
        "embedded-aws/pulumi/resources.",
    );
  }
  for (const property of json) {
    const text: unknown = news[property];
    if (typeof text === "string" && text !== UNKNOWN && !isJson(text)) {
      throw new Error(`${property} of ${what} contains an invalid JSON document: ${text.slice(0, 200)}`);
    }
  }
  const physicalName: unknown = autoName && news[autoName.property];
  if (autoName && typeof physicalName === "string" && physicalName.length > autoName.maxLength) {
    throw new Error(
      `${autoName.property} of ${what} has ${physicalName.length} characters, and AWS takes ` +
        `${autoName.maxLength}: ${physicalName}`,
    );
  }
}

const honours = (
  { required, optional = [], defaults = {}, fixed = {}, autoName, tagged }: ResourceType,
  property: string,
  value: unknown,
) =>
  fixed[property] === value ||
  required.includes(property) ||
  optional.includes(property) ||
  property in defaults ||
  property === autoName?.property ||
  (tagged === true && property === "tags");

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Seven, as Pulumi's auto-naming has them. */
const hexDigits = (): string => randomBytes(4).toString("hex").slice(0, 7);
