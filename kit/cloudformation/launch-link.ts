// A link that opens CloudFormation's console with a template and its parameters filled in (AWS CloudFormation User
// Guide, "Create quick-create links").
import { type Partition, partitionFor } from "../../shared/contract/names.ts";

/** Sign-in User Guide, "AWS Management Console": each partition has its own. */
const CONSOLES: Readonly<Record<Partition, string>> = {
  aws: "https://console.aws.amazon.com",
  "aws-cn": "https://console.amazonaws.cn",
  "aws-us-gov": "https://console.amazonaws-us-gov.com",
};

export interface LaunchArgs {
  /** HTTPS address of the template in S3. */
  readonly templateUrl: string;
  /** Where the customer deploys. Default: the Region in which it used the console last. */
  readonly region?: string | undefined;
  readonly stackName: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export function launchLink({ templateUrl, region, stackName, parameters }: LaunchArgs): string {
  const console = CONSOLES[(region === undefined ? undefined : partitionFor(region)) ?? "aws"];
  const query = new URLSearchParams({ templateURL: templateUrl, stackName });
  for (const [name, value] of Object.entries(parameters)) query.set(`param_${name}`, value);
  const where = region === undefined ? "" : `?region=${region}`;
  return `${console}/cloudformation/home${where}#/stacks/create/review?${query.toString()}`;
}
