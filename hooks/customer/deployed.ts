// Who is a customer of a partner that is deployed, whatever program made it: by its table and its roles.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IAMClient } from "@aws-sdk/client-iam";
import { type KnownCustomer, knownCustomers, listedCustomers, listedRoles } from "../customers.ts";
import { openDeployment } from "../deployment.ts";
import { type Condition, readPolicy } from "../doctor/policy.ts";
import type { SideOptions } from "../options.ts";
import type { Customer, Partner, Partnership } from "./partnership.ts";

/** @throws UserError as any command that opens a deployment, and what the SDK throws */
export async function deployedPartnership(options: SideOptions): Promise<Partnership> {
  const { client, outputs } = await openDeployment("partner", options);
  const { accountId, region, hub } = outputs;
  const { customersTableName, nameSuffix, operations, basicIngestRule } = hub;
  const partner: Partner = { accountId, region, nameSuffix, operations, basicIngestRule };
  const items = await listedCustomers(new DynamoDBClient(client), customersTableName);
  const known = knownCustomers(items, await listedRoles(new IAMClient(client)), nameSuffix);
  return { partner, customers: known.map(customerOf), where: `account ${accountId} in ${region}` };
}

function customerOf({ accountId, item, role }: KnownCustomer): Customer {
  const trust = readPolicy(role?.AssumeRolePolicyDocument ?? '{"Statement":[]}');
  const values = (name: RegExp): string[] =>
    trust.flatMap(({ conditions }) =>
      conditions.filter(({ key }: Condition) => name.test(key)).flatMap((condition) => condition.values),
    );
  const named = values(/^aws:PrincipalArn$/i);
  const entries = named.length > 0 ? named : trust.flatMap(({ principals }) => principals);
  const [externalId] = values(/^sts:ExternalId$/i);
  return { accountId, entries, externalId, disabled: item?.disabled === true, ownStack: undefined };
}

/** What a program of the partner's own has to say for a customer: there is no file of ours that would. */
export function programLines({
  account,
  roleArns,
  externalId,
  hub,
}: {
  readonly account: string;
  /** Empty: the one that the contract names. */
  readonly roleArns: readonly string[];
  readonly externalId: string | undefined;
  /** The hub's stack, for a customer with a stack of its own. */
  readonly hub: string | undefined;
}): readonly string[] {
  const members = [
    `accountId: "${account}"`,
    ...(roleArns.length === 0 ? [] : [`roleArns: ${JSON.stringify(roleArns)}`]),
    ...(externalId === undefined ? [] : [`externalId: "${externalId}"`]),
  ].join(", ");
  return hub === undefined
    ? [`{ ${members} }   (in the customers of PartnerHooks)`]
    : [
        `const hub = new pulumi.StackReference("${hub}").requireOutput("hub");`,
        `new CustomerAccess("customer-${account}", { hub, ${members} });`,
      ];
}
