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
  const endpoint = endpointUrl ?? (await configuredEndpoint(profile));
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

/** Where settings send calls. An SDK client looks for `endpoint_url` in AWS_PROFILE's only, whatever it is given. */
const configuredEndpoint = (profile: string | undefined): Promise<string | undefined> =>
  loadConfig<string | undefined>(
    {
      environmentVariableSelector: ({ AWS_ENDPOINT_URL }) => AWS_ENDPOINT_URL,
      configFileSelector: ({ endpoint_url }) => endpoint_url,
      default: undefined,
    },
    profile === undefined ? {} : { profile },
  )();
