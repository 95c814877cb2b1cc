// Where the plugin's calls go, and as whom: what the AWS SDKs read from the environment and from profiles, as long as
// it leads to this machine.
import { once } from "node:events";
import { connect } from "node:net";
import type { Credentials } from "../clients.ts";
import type { CloudAccess } from "../instance.ts";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Rejects with a sentence where no endpoint is set, where nothing answers there, and where it isn't on this machine:
 * this provider never talks to AWS.
 */
export async function environmentOf(profile: string | undefined): Promise<CloudAccess> {
  const endpoint = process.env.AWS_ENDPOINT_URL ?? (await endpointOf(profile ?? process.env.AWS_PROFILE ?? "default"));
  if (endpoint === undefined || endpoint === "") {
    throw new Error(
      "This aws provider is the embedded AWS's, and neither AWS_ENDPOINT_URL nor the profile's endpoint_url " +
        "says where that listens. " +
        'Start it with npm run local, then: eval "$(npm run -s local:env -- customer)"',
    );
  }
  if (!URL.canParse(endpoint) || !LOOPBACK.has(new URL(endpoint).hostname)) {
    throw new Error(
      `This aws provider is the embedded AWS's and talks to this machine only, not to ${endpoint}. ` +
        "For real accounts take its folder (embedded-aws/pulumi/plugin) off the PATH, and open a new terminal.",
    );
  }
  await answer(endpoint);
  // Credential providers call STS themselves, and look for a machine's role where they find nothing else: neither may
  // leave this machine.
  process.env.AWS_ENDPOINT_URL = endpoint;
  process.env.AWS_EC2_METADATA_DISABLED = "true";
  return { endpoint, credentials: credentialsOf };
}

/** Otherwise the first call would say ECONNREFUSED, once for each of its retries. */
async function answer(endpoint: string): Promise<void> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? 80 : Number(port) });
  try {
    await once(socket, "connect");
  } catch (error) {
    throw new Error(
      `No embedded AWS answers on ${endpoint}. Start it with npm run local in another terminal, then here: ` +
        'eval "$(npm run -s local:env -- customer)"',
      { cause: error },
    );
  } finally {
    socket.destroy();
  }
}

async function endpointOf(profile: string): Promise<string | undefined> {
  const { loadSharedConfigFiles } = await import("@smithy/core/config");
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  return configFile[profile]?.endpoint_url ?? credentialsFile[profile]?.endpoint_url;
}

async function credentialsOf(profile: string | undefined): Promise<Credentials> {
  const { fromIni, fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
  const named = profile ?? process.env.AWS_PROFILE;
  const find = named === undefined ? fromNodeProviderChain() : fromIni({ profile: named });
  const { accessKeyId, secretAccessKey, sessionToken } = await find();
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
