// What only shows with both sides at hand: whether they mean each other.
import { AssumeRoleCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { basicIngestTopicOf, regionalArn, topicOf } from "../../../shared/contract/names.ts";
import type { Account } from "../account.ts";
import { customersOf } from "../customers.ts";
import { type Found, REDEPLOY } from "../finding.ts";
import { NotSeen, look } from "../look.ts";
import { holds } from "../policy.ts";
import { trustOf } from "./publish-roles.ts";

type Customer = Account<"customer">;
type Partner = Account<"partner">;

const add = (roleArn: string) => `pulumi config set --path 'customers[0]' ${roleArn} && pulumi up   (the partner's)`;

export async function* trust(customer: Customer, partner: Partner): AsyncGenerator<Found | NotSeen> {
  const { accountId, roleArn, publishRoleArn } = customer.outputs;
  const known = (await customersOf(partner)).get(accountId);
  if (known === undefined) {
    yield {
      id: "pair.unknown-customer",
      severity: "broken",
      what: `The partner has no role for the account ${accountId}.`,
      why: "Nothing of this customer's arrives.",
      mend: add(roleArn),
    };
    return;
  }
  const { roleArn: theirs } = known;
  const settings = await customer.settings();
  if (settings === undefined) return;
  if (settings.partnerRoleArn !== theirs) {
    yield {
      id: "pair.other-role",
      severity: "broken",
      what: `The customer's function assumes ${settings.partnerRoleArn}; the partner made ${theirs} for it.`,
      why: "One of the two is set to another partner, another account or another nameSuffix.",
      mend: "pulumi config set partnerNameSuffix SUFFIX && pulumi up   (the customer's; or partnerAccountId)",
    };
    return;
  }
  const statements = trustOf(known);
  if (statements === undefined) return;
  const role = { "aws:PrincipalArn": roleArn, "aws:PrincipalAccount": accountId };
  const ours = statements.filter(({ principals }) =>
    principals.some((one) =>
      ["*", accountId, `arn:${customer.partition}:iam::${accountId}:root`, roleArn].includes(one),
    ),
  );
  const withId = { ...role, "sts:ExternalId": settings.externalId ?? "" };
  if (ours.some(({ conditions }) => holds(conditions, withId) === "yes")) {
    yield* assumed(customer, settings.stsRegion, publishRoleArn, settings.externalId);
    return;
  }
  const byId = ours.filter(({ conditions }) => {
    const rest = conditions.filter(({ key }) => !/^sts:ExternalId$/i.test(key));
    return rest.length < conditions.length && holds(rest, role) === "yes";
  });
  if (byId.length > 0)
    yield {
      id: "pair.external-id",
      severity: "broken",
      what: `The partner's role asks for another external id than ${settings.externalId === undefined ? "none" : "the one"} that the customer's function sends.`,
      why: "STS gives it no session: nothing of this customer's arrives.",
      mend: "pulumi config set externalId THE_ID && pulumi up   (the customer's; the partner gave it out)",
    };
  else
    yield {
      id: "pair.not-trusted",
      severity: "broken",
      what: `${publishRoleArn} doesn't trust ${roleArn}, as which the customer's function runs.`,
      why: "STS gives it no session: nothing of this customer's arrives.",
      mend: add(roleArn),
    };
}

/** Tried for real: only the function's own role should get in. */
async function* assumed(customer: Customer, region: string, RoleArn: string, ExternalId?: string) {
  const { callerArn, outputs } = customer;
  const roleName = outputs.roleArn.split("/").at(-1) ?? "";
  const isFunction = callerArn.includes(`:assumed-role/${roleName}/`);
  const asked = { RoleArn, RoleSessionName: "hooks-doctor", DurationSeconds: 900 };
  try {
    await customer
      .sts(region)
      .send(new AssumeRoleCommand({ ...asked, ...(ExternalId === undefined ? {} : { ExternalId }) }));
  } catch (error) {
    yield new NotSeen(
      `whether STS gives ${outputs.roleArn} a session of ${RoleArn}; by both sides' policies it does`,
      `to run as ${outputs.roleArn} (hooks smoke has the function itself try)`,
      error,
    );
    return;
  }
  if (isFunction) return;
  yield {
    id: "pair.operator-let-in",
    severity: "risk",
    what: `${callerArn} got a session of ${RoleArn}.`,
    why: "Only the announce function's role should be let in: whoever is can publish as this customer.",
    mend: `aws iam get-role --role-name ${RoleArn.split("/").at(-1) ?? ""}   (the partner's; then ${REDEPLOY})`,
  } satisfies Found;
}

export async function* operations(customer: Customer, partner: Partner): AsyncGenerator<Found> {
  const { accountId } = customer.outputs;
  const role = (await customersOf(partner)).get(accountId)?.roleArn;
  const { operations: announced = [], partnerTopicRule } = (await customer.settings()) ?? {};
  if (role === undefined) return;
  const topicArn = (operation: string) => {
    const topic = topicOf(accountId, operation);
    const published = partnerTopicRule === undefined ? topic : basicIngestTopicOf(partnerTopicRule, topic);
    return regionalArn("iot", partner.outputs, `topic/${published}`);
  };
  const decisions = await partner.simulateAll(role, "iot:Publish", announced.map(topicArn));
  const refused = announced.filter((operation) => decisions.get(topicArn(operation)) === "implicitDeny");
  if (refused.length > 0 && refused.length < announced.length)
    yield {
      id: "pair.operations",
      severity: "broken",
      what: `The customer announces ${refused.join(", ")}, which the partner doesn't let it publish.`,
      why: "These events go to the customer's dead-letter queue.",
      mend: `pulumi config set operations '${JSON.stringify(announced)}' && pulumi up   (the partner's)`,
    };
  else if (refused.length > 0 && partnerTopicRule === partner.outputs.ruleName)
    yield {
      id: "pair.basic-ingest",
      severity: "broken",
      what: `The customer publishes straight to the rule ${partnerTopicRule}, by Basic Ingest, which the partner doesn't allow.`,
      why: "All its events go to its dead-letter queue.",
      mend: "pulumi config set basicIngest true && pulumi up   (the partner's)",
    };
}

export async function* basicIngest(customer: Customer, partner: Partner): AsyncGenerator<Found> {
  const { partnerTopicRule } = (await customer.settings()) ?? {};
  const { ruleName } = partner.outputs;
  if (partnerTopicRule !== undefined && partnerTopicRule !== ruleName)
    yield {
      id: "pair.topic-rule",
      severity: "broken",
      what: `The customer publishes straight to the rule ${partnerTopicRule}; the partner's is ${ruleName}.`,
      why: "A rule of another name takes nothing of it.",
      mend: `pulumi config set partnerTopicRule ${ruleName} && pulumi up   (the customer's)`,
    };
}

/** IAM User Guide, "Manage AWS STS in an AWS Region" (2023-06): which account has to have the Region. */
export async function* regions(customer: Customer, partner: Partner): AsyncGenerator<Found> {
  const settings = await customer.settings();
  if (settings === undefined) return;
  const { stsRegion, partnerRegion } = settings;
  if (partnerRegion !== partner.outputs.region)
    yield {
      id: "pair.region",
      severity: "broken",
      what: `The customer publishes in ${partnerRegion}; the partner is in ${partner.outputs.region}.`,
      why: "Nobody listens there.",
      mend: `pulumi config set partnerRegion ${partner.outputs.region} && pulumi up   (the customer's)`,
    };
  for (const side of [customer, partner])
    if (!(await hasRegion(side, stsRegion)))
      yield {
        id: `pair.sts-region-${side.side}`,
        severity: side.side === "partner" ? "broken" : "risk",
        what: `The ${side.side}'s account doesn't have ${stsRegion} switched on, whose STS endpoint the customer's function asks.`,
        why: "STS gives out no session there: a Region to switch on both accounts must have, any other the role's alone.",
        mend: `aws account enable-region --region-name ${stsRegion}   (or stsRegion, at the customer's)`,
      };
}

async function hasRegion(account: Account, region: string): Promise<boolean> {
  try {
    await account.sts(region).send(new GetCallerIdentityCommand());
    return true;
  } catch (error) {
    if (error instanceof Error && ["InvalidClientTokenId", "RegionDisabledException"].includes(error.name))
      return false;
    return look(`whether the ${account.side}'s account has ${region}`, "sts:GetCallerIdentity", () =>
      Promise.reject(error as Error),
    );
  }
}

export async function* endpoint(customer: Customer, partner: Partner): AsyncGenerator<Found> {
  const { partnerDataEndpoint } = (await customer.settings()) ?? {};
  const { dataEndpoint } = partner.outputs;
  if (partnerDataEndpoint !== undefined && partnerDataEndpoint !== dataEndpoint)
    yield {
      id: "pair.endpoint",
      severity: "broken",
      what: `The customer publishes at ${partnerDataEndpoint}; the partner's endpoint is ${dataEndpoint}.`,
      why: "It is another account's, or of a kind that will end.",
      mend: `pulumi config set partnerDataEndpoint ${dataEndpoint} && pulumi up   (the customer's)`,
    };
}

export async function* contract(customer: Customer, partner: Partner): AsyncGenerator<Found> {
  await Promise.resolve();
  const [ours, theirs] = [customer.outputs.contractVersion, partner.outputs.contractVersion];
  if (ours > theirs)
    yield {
      id: "pair.contract",
      severity: "broken",
      what: `The customer speaks version ${ours} of the contract, the partner only ${theirs}.`,
      why: "The partner doesn't know what it is told.",
      mend: "npm install cross-account-iot-hooks@latest && pulumi up   (the partner's, first)",
    };
}
