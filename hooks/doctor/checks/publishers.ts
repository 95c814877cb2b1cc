// Who else in the partner's account may speak in a customer's name: publish on the hook topics, by the broker or by
// Basic Ingest, or call the receive function itself. AWS IoT and IAM let the account's own identities do whatever
// their policies say; the function tells them apart by `principal()` only where senderCheck is enforced.
import {
  type AttachedPermissionsBoundary,
  type GetAccountAuthorizationDetailsResponse,
  GetAccountAuthorizationDetailsCommand,
  type PolicyDetail,
} from "@aws-sdk/client-iam";
import { GetPolicyCommand, ListPoliciesCommand } from "@aws-sdk/client-iot";
import { regionalArn } from "../../../shared/contract/names.ts";
import type { Account } from "../account.ts";
import { customersOf } from "../customers.ts";
import type { Found } from "../finding.ts";
import { look } from "../look.ts";
import { everyPage } from "../../pages.ts";
import { type Grant, type Statement, allowedAmong, grant, readPolicy } from "../policy.ts";
import { basicIngestOf, hookTopics } from "../topics.ts";

type Partner = Account<"partner">;

const PUBLISHES = "iot:Publish";

/** ARNs of the customers' topics, and of the same by Basic Ingest. @throws NotSeen */
async function topicArns(partner: Partner) {
  const { outputs } = partner;
  const arn = (topic: string) => regionalArn("iot", outputs, `topic/${topic}`);
  const topics = hookTopics((await customersOf(partner)).keys());
  return {
    direct: new Set(topics.map(arn)),
    ingest: new Set(topics.map((topic) => arn(basicIngestOf(outputs.ruleName, topic)))),
  };
}

/** @param own what an identity may do anyway */
function among(
  statements: readonly Statement[],
  action: string,
  resources: ReadonlySet<string>,
  own = (_resource: string) => false,
): Grant {
  const grants = allowedAmong(statements, action, resources)
    .filter((resource) => !own(resource))
    .map((resource) => grant(statements, action, resource));
  return grants.includes("yes") ? "yes" : grants.includes("conditionally") ? "conditionally" : "no";
}

const WHY =
  "It can announce things in a customer's name. senderCheck: enforce rejects such messages, observe only counts them.";
const under = (found: Grant): string => (found === "conditionally" ? ", under conditions" : "");

export async function* devices(partner: Partner): AsyncGenerator<Found> {
  const { iot, outputs } = partner;
  const policies = await look("the policies of devices", "iot:ListPolicies", () =>
    everyPage(async (marker) => {
      const { policies: items = [], nextMarker: next } = await iot.send(new ListPoliciesCommand({ marker }));
      return { items, next };
    }),
  );
  const { direct, ingest } = await topicArns(partner);
  for (const { policyName = "" } of policies) {
    const { policyDocument = "" } = await look(`the policy ${policyName} of devices`, "iot:GetPolicy", () =>
      iot.send(new GetPolicyCommand({ policyName })),
    );
    const statements = readPolicy(policyDocument);
    const mend = `aws iot list-targets-for-policy --policy-name ${policyName} --region ${outputs.region}   (then narrow its topics)`;
    const directly = among(statements, PUBLISHES, direct);
    if (directly !== "no")
      yield {
        id: "publishers.device",
        severity: "risk",
        what: `Devices with the policy ${policyName} may publish on hook topics${under(directly)}.`,
        why: WHY,
        mend,
      };
    const byIngest = among(statements, PUBLISHES, ingest);
    if (directly === "no" && byIngest !== "no")
      yield {
        id: "publishers.device-basic-ingest",
        severity: "risk",
        what: `Devices with the policy ${policyName} may publish to the rule by Basic Ingest${under(byIngest)}.`,
        why: WHY,
        mend,
      };
  }
}

interface Identity {
  readonly name: string;
  readonly arn: string;
  readonly statements: readonly Statement[];
  readonly boundary: readonly Statement[] | undefined;
}

/** Who may do one thing as far as policies and boundary say. @param own what it may do anyway */
function may(
  { statements, boundary }: Identity,
  action: string,
  resources: ReadonlySet<string>,
  own?: (resource: string) => boolean,
): Grant {
  if (boundary !== undefined && among(boundary, action, resources, own) === "no") return "no";
  return among(statements, action, resources, own);
}

/** Everything on everything: who could change any policy that would forbid it. */
const isAdministrator = (identity: Identity): boolean => may(identity, "any:thing", new Set(["*"])) === "yes";

export async function* identities(partner: Partner): AsyncGenerator<Found> {
  const { outputs } = partner;
  const { direct, ingest } = await topicArns(partner);
  const topics = new Set([...direct, ...ingest]);
  const customers = new Map([...(await customersOf(partner)).values()].map((of) => [of.roleArn, of.accountId]));
  const all = await everybody(partner);
  const administrators = all.filter(isAdministrator);
  if (administrators.length > 0)
    yield {
      id: "publishers.administrators",
      severity: "note",
      what: `Who may do everything may publish too: ${administrators.map(({ name }) => name).join(", ")}.`,
      why: "It is so in every account; the list should be short.",
      mend: "aws iam get-account-authorization-details",
    };
  for (const identity of all.filter((one) => !administrators.includes(one))) {
    const mend = `aws iam get-account-authorization-details   (narrow the policies of ${identity.name})`;
    const customer = customers.get(identity.arn);
    const own = (topic: string) => customer !== undefined && topic.includes(`/${customer}/`);
    const publishes = may(identity, PUBLISHES, topics, own);
    if (publishes !== "no")
      yield {
        id: customer === undefined ? "publishers.identity" : "publishers.other-customer",
        severity: "risk",
        what:
          customer === undefined
            ? `${identity.name} may publish on hook topics${under(publishes)}.`
            : `${identity.name}, the role of the customer ${customer}, may publish on another customer's topics${under(publishes)}.`,
        why: WHY,
        mend,
      };
    const calls = may(identity, "lambda:InvokeFunction", new Set([outputs.functionAliasArn]));
    if (calls !== "no")
      yield {
        id: "publishers.caller",
        severity: "risk",
        what: `${identity.name} may call the receive function itself${under(calls)}.`,
        why: "Whoever calls it vouches for what it is given, as hooks redrive does: no check of the sender applies.",
        mend,
      };
  }
}

async function everybody({ iam }: Partner): Promise<Identity[]> {
  const pages = await look("who may do what", "iam:GetAccountAuthorizationDetails", () =>
    everyPage(async (Marker) => {
      const page = await iam.send(new GetAccountAuthorizationDetailsCommand({ Marker }));
      return { items: [page], next: page.IsTruncated === true ? page.Marker : undefined };
    }),
  );
  const documents = new Map(pages.flatMap(documentsOf));
  const managed = (arns: readonly (string | undefined)[]) => arns.flatMap((arn) => documents.get(arn ?? "") ?? []);
  const identity = (
    kind: string,
    name: string | undefined,
    arn: string | undefined,
    inline: readonly PolicyDetail[] | undefined,
    attached: readonly (string | undefined)[],
    boundary: AttachedPermissionsBoundary | undefined,
  ): Identity => ({
    name: `${kind} ${name ?? ""}`,
    arn: arn ?? "",
    statements: [...inlineOf(inline), ...managed(attached)],
    boundary: boundary === undefined ? undefined : managed([boundary.PermissionsBoundaryArn]),
  });
  const groups = new Map(
    pages.flatMap(({ GroupDetailList = [] }) => GroupDetailList).map((group) => [group.GroupName, group]),
  );
  return pages.flatMap(({ RoleDetailList = [], UserDetailList = [] }) => [
    ...RoleDetailList.map((role) =>
      identity(
        "role",
        role.RoleName,
        role.Arn,
        role.RolePolicyList,
        (role.AttachedManagedPolicies ?? []).map(({ PolicyArn }) => PolicyArn),
        role.PermissionsBoundary,
      ),
    ),
    ...UserDetailList.map((user) => {
      const of = (user.GroupList ?? []).flatMap((name) => groups.get(name) ?? []);
      return identity(
        "user",
        user.UserName,
        user.Arn,
        [...(user.UserPolicyList ?? []), ...of.flatMap(({ GroupPolicyList = [] }) => GroupPolicyList)],
        [user, ...of].flatMap(({ AttachedManagedPolicies = [] }) =>
          AttachedManagedPolicies.map(({ PolicyArn }) => PolicyArn),
        ),
        user.PermissionsBoundary,
      );
    }),
  ]);
}

const inlineOf = (policies: readonly PolicyDetail[] = []): readonly Statement[] =>
  policies.flatMap(({ PolicyDocument = "" }) => readPolicy(PolicyDocument));

/** Managed policies by ARN: the version in force. */
const documentsOf = ({ Policies = [] }: GetAccountAuthorizationDetailsResponse) =>
  Policies.map(({ Arn = "", PolicyVersionList = [] }) => {
    const text = PolicyVersionList.find(({ IsDefaultVersion }) => IsDefaultVersion === true)?.Document;
    return [Arn, text === undefined ? [] : readPolicy(text)] as const;
  });
