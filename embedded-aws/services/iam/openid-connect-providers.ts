// OpenID Connect providers, as far as a deployment needs them: a trust policy names one. Nobody comes with a token of
// theirs here: AssumeRoleWithWebIdentity isn't modelled.
import type { IAM } from "@aws-sdk/client-iam";
import { globalArn } from "../../core/arn.ts";
import { AwsError } from "../../core/errors.ts";
import { operations, type Call, type Permission } from "../../core/service.ts";
import { stateOf } from "../../core/state.ts";
import { creating } from "../../core/tags.ts";
import { exists, limitExceeded, noSuchEntity, onAnything } from "./entities.ts";
import { newTags, resourceTags, shownTags } from "./tags.ts";

// `CreateOpenIDConnectProvider` in the API reference.
const MAX_CLIENT_IDS = 100;
const MAX_THUMBPRINTS = 5;

interface Provider {
  readonly arn: string;
  /** Without the scheme. */
  readonly url: string;
  readonly clientIds: readonly string[];
  readonly thumbprints: readonly string[];
  readonly createdAt: Date;
  tags: Map<string, string>;
}
const PROVIDERS = stateOf("iam-openid-connect", () => new Map<string, Provider>(), { global: true });

interface ProviderInput {
  readonly OpenIDConnectProviderArn?: string | undefined;
}

const onProvider =
  (action: string) =>
  ({ OpenIDConnectProviderArn: arn = "" }: ProviderInput, call: Call): Permission => ({
    action: `iam:${action}`,
    resource: arn,
    context: resourceTags(call.cloud.state(PROVIDERS, call).get(arn)?.tags),
  });

function findProvider({ OpenIDConnectProviderArn: arn = "" }: ProviderInput, call: Call): Provider {
  const provider = call.cloud.state(PROVIDERS, call).get(arn);
  if (!provider) throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
  return provider;
}

/** The ARN holds the URL without its scheme. */
const withoutScheme = (url = ""): string => url.replace(/^https:\/\//, "");
const arnOf = (call: Call, url = ""): string => globalArn("iam", call, `oidc-provider/${withoutScheme(url)}`);

export const openIdConnectProviders = {
  ...operations<IAM>({
    CreateOpenIDConnectProvider: {
      authorize: (input, call) => {
        const create = { action: "iam:CreateOpenIDConnectProvider", resource: arnOf(call, input.Url) };
        return creating(create, "iam:TagOpenIDConnectProvider", input.Tags);
      },
      run: (input, call) => {
        const { Url: url = "", ClientIDList: clientIds = [], ThumbprintList: thumbprints = [] } = input;
        const providers = call.cloud.state(PROVIDERS, call);
        // These words are getmoto/moto's; «already exists» is in many users' logs of Terraform.
        if (!/^https:\/\/[^/?#\s]+[^?#\s]*$/.test(url))
          throw new AwsError("ValidationError", "Invalid Open ID Connect Provider URL", { status: 400 });
        const arn = arnOf(call, url);
        if (providers.has(arn)) throw exists(`Provider with url ${url} already exists.`);
        if (clientIds.length > MAX_CLIENT_IDS)
          throw limitExceeded(`Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${MAX_CLIENT_IDS}`);
        if (
          thumbprints.length > MAX_THUMBPRINTS ||
          thumbprints.some((thumbprint) => !/^[0-9a-f]{40}$/i.test(thumbprint))
        )
          throw new AwsError(
            "InvalidInput",
            `Thumbprint list must have at most ${MAX_THUMBPRINTS} entries of 40 hexadecimal digits.`,
          );
        // Where none is given, AWS fetches the certificate's: this embedded AWS reaches no network, and lists none.
        const rest = { url: withoutScheme(url), clientIds, thumbprints, createdAt: call.time };
        providers.set(arn, { arn, ...rest, tags: newTags(input.Tags) });
        return { OpenIDConnectProviderArn: arn, Tags: input.Tags ?? [] };
      },
      record: { response: (output) => output },
    },
    GetOpenIDConnectProvider: {
      authorize: onProvider("GetOpenIDConnectProvider"),
      run: (input, call) => {
        const { url, clientIds, thumbprints, createdAt, tags } = findProvider(input, call);
        return {
          Url: url,
          ClientIDList: [...clientIds],
          ThumbprintList: [...thumbprints],
          CreateDate: createdAt,
          ...shownTags(tags),
        };
      },
    },
    ListOpenIDConnectProviders: {
      authorize: onAnything("ListOpenIDConnectProviders"),
      run: (_input, call) => ({
        OpenIDConnectProviderList: [...call.cloud.state(PROVIDERS, call).keys()].map((arn) => ({ Arn: arn })),
      }),
    },
    DeleteOpenIDConnectProvider: {
      authorize: onProvider("DeleteOpenIDConnectProvider"),
      run: (input, call) => {
        call.cloud.state(PROVIDERS, call).delete(findProvider(input, call).arn);
        return {};
      },
    },
  }),
};
