// What an administrator deploys once per account, by hand, before a pipeline can: a role that may change itself would
// be no limit.
import type * as pulumi from "@pulumi/pulumi";
import { Configuration } from "../shared/configuration.ts";
import { accountProvider } from "../shared/provider.ts";
import { GithubRoles } from "./github-roles.ts";
import { PIPELINE_CONFIGURATION, PIPELINE_RULES } from "./settings.ts";

export interface PipelineOutputs {
  readonly identityProviderArn: string;
  /** Variable AWS_ROLE_ARN of the environment for previews. */
  readonly previewRoleArn: pulumi.Output<string>;
  /** Variable AWS_ROLE_ARN of the environment for deployments. */
  readonly deployRoleArn: pulumi.Output<string>;
}

export function pipelineProgram(): Promise<PipelineOutputs> {
  const settings = new Configuration().read(PIPELINE_CONFIGURATION, PIPELINE_RULES);
  // The name keeps clear of iot-hooks-*: what the deploy role may change must not include the roles of the pipeline.
  const roles = new GithubRoles("github-iot-hooks", settings, { provider: accountProvider("pipeline", settings) });
  return Promise.resolve({
    identityProviderArn: roles.identityProviderArn,
    previewRoleArn: roles.preview.arn,
    deployRoleArn: roles.deploy.arn,
  });
}
