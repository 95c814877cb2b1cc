// The way into the account of a deployment.
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { loadConfig } from "@smithy/core/config";
import type { SideOptions } from "./options.ts";
import { inWords } from "./printable.ts";
import { UserError } from "./user-error.ts";

/** What an SDK client of this deployment is made with. */
export interface ClientOptions {
  readonly region: string;
  readonly credentials: ReturnType<typeof fromNodeProviderChain>;
  readonly maxAttempts: number;
  readonly endpoint?: string;
}

export interface Access {
  readonly client: ClientOptions;
  readonly accountId: string;
  /** ARN of who works here. */
  readonly callerArn: string;
}

/**
 * @param place without an account: whichever the credentials are of
 * @throws UserError where the credentials are of another account than the stack, or of nobody
 */
export async function accessTo(
  { accountId, region }: { readonly accountId?: string; readonly region: string },
  { profile, endpointUrl }: SideOptions,
): Promise<Access> {
  const endpoint = endpointUrl ?? (profile === undefined ? undefined : await endpointOf(profile));
  const client: ClientOptions = {
    region,
    credentials: fromNodeProviderChain(profile === undefined ? {} : { profile }),
    maxAttempts: 5,
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  const whose = profile === undefined ? "The credentials" : `The credentials of the profile ${profile}`;
  let caller;
  try {
    caller = await new STSClient(client).send(new GetCallerIdentityCommand());
  } catch (error) {
    throw new UserError(`${whose} don't work: ${inWords(error)}`, { cause: error });
  }
  if (accountId !== undefined && caller.Account !== accountId)
    throw new UserError(
      `${whose} are of account ${caller.Account ?? "unknown"}, the stack is in account ${accountId}: give another ` +
        "--profile.",
    );
  return { client, accountId: caller.Account ?? "", callerArn: caller.Arn ?? "" };
}

/**
 * Where a profile's settings send calls. Without a profile the SDK's clients look for that themselves; whichever they
 * are given, it is AWS_PROFILE's in which they look.
 */
export async function endpointOf(profile: string): Promise<string | undefined> {
  const isIgnored = await loadConfig<boolean>(
    {
      environmentVariableSelector: ({ AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: value }) =>
        value === undefined ? undefined : value === "true",
      configFileSelector: ({ ignore_configured_endpoint_urls: value }) =>
        value === undefined ? undefined : value === "true",
      default: false,
    },
    { profile },
  )();
  if (isIgnored) return undefined;
  return loadConfig<string | undefined>(
    {
      environmentVariableSelector: ({ AWS_ENDPOINT_URL }) => AWS_ENDPOINT_URL,
      configFileSelector: ({ endpoint_url }) => endpoint_url,
      default: undefined,
    },
    { profile },
  )();
}
