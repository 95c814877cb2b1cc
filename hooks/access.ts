// The way into the account of a deployment.
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { loadConfig } from "@smithy/core/config";
import type { SideOptions } from "./options.ts";
import { inSentence } from "./printable.ts";
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
  checkEndpoint(endpoint);
  const client: ClientOptions = {
    region,
    // A profile's role is assumed where the calls go.
    credentials: fromNodeProviderChain({
      ...(profile === undefined ? {} : { profile }),
      ...(endpoint === undefined ? {} : { clientConfig: { endpoint } }),
    }),
    maxAttempts: 5,
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  const whose = profile === undefined ? "The credentials" : `The credentials of the profile ${profile}`;
  let caller;
  try {
    caller = await new STSClient(client).send(new GetCallerIdentityCommand());
  } catch (error) {
    throw new UserError(
      isUnreachable(error)
        ? `AWS can't be reached: ${inSentence(error)} Is the Region right, and is something there to answer where ` +
            "--endpoint-url, AWS_ENDPOINT_URL or the profile's endpoint_url leads?"
        : `${whose} don't work: ${inSentence(error)} Give others with --profile; \`aws configure list-profiles\` names them.`,
      { cause: error },
    );
  }
  if (accountId !== undefined && caller.Account !== accountId)
    throw new UserError(
      `${whose} are of account ${caller.Account ?? "unknown"}, the stack is in account ${accountId}: give another ` +
        "--profile.",
    );
  return { client, accountId: caller.Account ?? "", callerArn: caller.Arn ?? "" };
}

/** Whether nobody has answered. Where a name has several addresses, the attempts alone say it. */
function isUnreachable(error: unknown): boolean {
  const attempt = error instanceof AggregateError ? (error.errors as unknown[])[0] : error;
  return attempt instanceof Error && "syscall" in attempt;
}

/** @throws UserError */
function checkEndpoint(endpoint: string | undefined): void {
  if (endpoint === undefined || (/^https?:/i.test(endpoint) && URL.canParse(endpoint))) return;
  throw new UserError(
    `"${endpoint}" is no address of an AWS: --endpoint-url, AWS_ENDPOINT_URL and a profile's endpoint_url take one ` +
      "such as http://127.0.0.1:4499.",
  );
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
