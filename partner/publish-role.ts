import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { partitionOf, publishRoleName } from "../shared/contract/names.ts";
import { whereSet } from "../shared/inputs.ts";
import type { Trusted } from "./customers.ts";
import { publishPolicy, publishTrust } from "./policies.ts";
import type { PartnerSettings } from "./settings.ts";
import type { TopicRule } from "./topic-rule.ts";

export interface PublishRoleArgs {
  readonly settings: PartnerSettings;
  /** The customer's account. */
  readonly accountId: string;
  readonly trusted: pulumi.Output<Trusted>;
}

/**
 * The role that one customer assumes, to publish on its own topics. Made without permissions: it comes before the
 * function, and who may publish comes last.
 */
export class PublishRole extends pulumi.ComponentResource {
  readonly role: aws.iam.Role;
  readonly #name: string;
  readonly #args: PublishRoleArgs;

  constructor(name: string, args: PublishRoleArgs, opts: pulumi.ComponentResourceOptions) {
    const { accountId: customerAccountId, trusted, settings } = args;
    const { region, nameSuffix } = settings;
    // A component's inputs make nothing, but a preview shows how they change: no customer finds a role under another
    // name by itself.
    const customerMust = nameSuffix.apply((suffix) =>
      suffix === undefined ? "leave partnerNameSuffix unset" : `set partnerNameSuffix to "${suffix}"`,
    );
    super("iot-hooks:partner:PublishRole", name, { customerMust }, opts);
    this.#name = name;
    this.#args = args;

    this.role = new aws.iam.Role(
      name,
      {
        name: nameSuffix.apply((suffix) => publishRoleName(customerAccountId, suffix)),
        description: `Lets customer ${customerAccountId} announce its things`,
        assumeRolePolicy: pulumi
          .all([trusted, region])
          .apply(([{ roleArns, externalId }, ours]) =>
            publishTrust({ customerAccountId, roleArns, partition: partitionOf(ours), externalId }),
          ),
        permissionsBoundary: whereSet(settings.permissionsBoundaryArn),
      },
      // Under another name the new one comes first: a customer's function assumes whichever it has been told of.
      { parent: this, deleteBeforeReplace: false },
    );
    this.registerOutputs({ roleArn: this.role.arn });
  }

  /** Opens it, once the rule is there, to a customer that isn't among the disabled ones. */
  letPublish({ disabled, topicRule }: { disabled: pulumi.Output<string[]>; topicRule: TopicRule }): void {
    const { accountId: customerAccountId, settings } = this.#args;
    const { accountId, region, operations, basicIngest } = settings;
    new aws.iam.RolePolicy(
      this.#name,
      {
        role: this.role.name,
        policy: pulumi
          .output({ partner: { accountId, region }, operations, disabled, basicIngest, rule: topicRule.rule.name })
          .apply(({ disabled: accounts, basicIngest: past, rule, ...known }) =>
            publishPolicy({
              ...known,
              customerAccountId,
              disabled: accounts.includes(customerAccountId),
              basicIngestRule: past ? rule : undefined,
            }),
          ),
      },
      { parent: this, dependsOn: [topicRule] },
    );
  }
}
