// The two roles that a GitHub repository gets in one account, without any key: each workflow run comes with a token
// that GitHub signed.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { partitionOf } from "../shared/contract/names.ts";
import type { PolicyDocument } from "../shared/policy-document.ts";
import { type Side, deployPolicy, previewPolicy } from "./permissions.ts";
import type { PipelineSettings } from "./settings.ts";

/**
 * GitHub Docs, "Configuring OpenID Connect in Amazon Web Services": issuer, and the audience that
 * aws-actions/configure-aws-credentials asks for.
 */
const ISSUER = "token.actions.githubusercontent.com";
const AUDIENCE = "sts.amazonaws.com";

/**
 * As long as GitHub lets a job run: credentials that end in the middle of an update leave it half done. Previews have
 * the hour that is IAM's default.
 */
const DEPLOY_SECONDS = 6 * 3600;

/** GitHub environments of a side: the workflows name them, and the roles trust no run outside of its own. */
export const environmentsOf = (side: Side) => ({ preview: `${side}-preview`, deploy: side }) as const;

export interface GithubTrustArgs {
  readonly identityProviderArn: string;
  /** What the token's subject begins with: `repo:<owner>/<name>`, or the same with ids. */
  readonly subjectPrefix: string;
  readonly environment: string;
}

/**
 * Trust in runs of one repository inside one environment. GitHub Docs, "OpenID Connect reference": the subject of a
 * job that names an environment is `<prefix>:environment:<environment>`, whatever branch it runs on: which ones may,
 * the environment's own protection rules say. StringEquals and no wildcard: an owner's name may be another's after it
 * was given up, its id never is.
 */
const githubTrust = ({ identityProviderArn, subjectPrefix, environment }: GithubTrustArgs): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Federated: identityProviderArn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${ISSUER}:aud`]: AUDIENCE,
          [`${ISSUER}:sub`]: `${subjectPrefix}:environment:${environment}`,
        },
      },
    },
  ],
});

export class GithubRoles extends pulumi.ComponentResource {
  readonly identityProviderArn: string;
  readonly preview: aws.iam.Role;
  readonly deploy: aws.iam.Role;

  constructor(name: string, settings: PipelineSettings, opts: pulumi.ComponentResourceOptions) {
    super("iot-hooks:pipeline:GithubRoles", name, {}, opts);
    const { accountId, region, side, repository, stateBucket, permissionsBoundaryArn, createIdentityProvider } =
      settings;
    const { subjectPrefix = `repo:${repository}` } = settings;
    const environments = environmentsOf(side);
    const permissions = { side, account: settings, stateBucket, permissionsBoundaryArn };

    // Known beforehand, as an account has one provider per issuer: where another stack made it, this one only refers
    // to it.
    this.identityProviderArn = `arn:${partitionOf(region)}:iam::${accountId}:oidc-provider/${ISSUER}`;
    const identityProvider = createIdentityProvider
      ? [
          new aws.iam.OpenIdConnectProvider(
            name,
            { url: `https://${ISSUER}`, clientIdLists: [AUDIENCE] },
            { parent: this },
          ),
        ]
      : [];

    const role = (purpose: keyof typeof environments, policy: PolicyDocument): aws.iam.Role => {
      const child = `${name}-${purpose}`;
      const environment = environments[purpose];
      const made = new aws.iam.Role(
        child,
        {
          ...(purpose === "deploy" ? { maxSessionDuration: DEPLOY_SECONDS } : {}),
          description: `GitHub ${repository}, environment ${environment}`,
          assumeRolePolicy: githubTrust({ identityProviderArn: this.identityProviderArn, subjectPrefix, environment }),
        },
        { parent: this, dependsOn: identityProvider },
      );
      new aws.iam.RolePolicy(child, { role: made.name, policy }, { parent: this });
      return made;
    };
    this.preview = role("preview", previewPolicy(permissions));
    this.deploy = role("deploy", deployPolicy(permissions));
    this.registerOutputs({ previewRoleArn: this.preview.arn, deployRoleArn: this.deploy.arn });
  }
}
