// A running embedded AWS for a test file, and SDK clients that talk to it over HTTP as an account's administrator or
// as anybody else.
import { DEFAULT_REGION } from "../core/accounts.ts";
import { EmbeddedAws } from "../core/cloud.ts";
import { listen, type Endpoint } from "../core/endpoint.ts";
import type { Credential } from "../core/identity.ts";
import type { Service } from "../core/service.ts";
import type { Deployed } from "../page/actions.ts";
import { type Page, pageOf } from "../page/site.ts";
import { SERVICES } from "../services/index.ts";
import { watching } from "./reads.ts";

export { CUSTOMER, CUSTOMER2, PARTNER } from "./names.ts";
export { DEFAULT_REGION };

export interface RunningCloud {
  /** Asks the control interface. */
  control(method: "GET" | "PUT" | "POST" | "DELETE", path: string, body?: unknown): Promise<Response>;
  readonly cloud: EmbeddedAws;
  readonly endpoint: Endpoint;
  readonly page: Page;
  /**
   * Configuration for an SDK client: the account's administrator, or the credentials given. One attempt, so that
   * errors show at once.
   */
  config(
    who: string | Pick<Credential, "accessKeyId" | "secretAccessKey" | "sessionToken">,
    region?: string,
  ): ClientConfig;
}
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly maxAttempts: number;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/**
 * @param services others than the real ones only where a test is about what is asked of them
 * @param deployed what the page's buttons call
 */
export async function startCloud(
  services: readonly Service[] = SERVICES.map(watching),
  deployed: Deployed = {},
): Promise<RunningCloud> {
  const cloud = new EmbeddedAws(services);
  const page = pageOf(cloud, deployed);
  const endpoint = await listen(cloud, 0, page);
  return {
    cloud,
    endpoint,
    page,
    control: (method, path, body) =>
      fetch(`${endpoint.url}/_local/${path}`, {
        method,
        headers: { authorization: `Bearer ${cloud.token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    config: (who, region = DEFAULT_REGION) => {
      const { accessKeyId, secretAccessKey, sessionToken } = typeof who === "string" ? cloud.administrator(who) : who;
      const credentials = { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
      return { endpoint: endpoint.url, region, maxAttempts: 1, credentials };
    },
  };
}
