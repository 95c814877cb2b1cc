// Who may do what: rules on policy documents, and on the permissions of functions, which are policy statements too.
import { type Grant, demanded, grantsOf, listOf, ofAnyAccount, takesAll } from "./documents.ts";
import type { Resource, Rule } from "./rule.ts";

/**
 * Actions for which IAM knows no resource below the account: Service Authorization Reference, "Actions, resources,
 * and condition keys".
 */
const ONLY_ON_EVERYTHING = new Set([
  // Lists trails, and names none.
  "cloudtrail:DescribeTrails",
  // The endpoint belongs to the account.
  "iot:DescribeEndpoint",
  // The setting belongs to the account.
  "iot:DescribeEventConfigurations",
  "iot:UpdateEventConfigurations",
  // They list, and name none.
  "iot:ListThings",
  "iot:ListTopicRules",
]);

/** Properties with ARNs of managed policies that a role, a user or a group gets. */
const ATTACHED = /^(?:managed)?policyArns?$/i;

const AWS_MANAGED = /^arn:[\w-]+:iam::aws:policy\//;

const PERMISSION = "aws:lambda/permission:Permission";

/** Lambda sends neither key when it assumes a function's role, so that no condition on them could ever hold. */
const SENDS_NO_SOURCE = "lambda.amazonaws.com";

/** Says in AWS IoT, "Cross-service confused deputy prevention", to ask for both. */
const SENDS_BOTH = "iot.amazonaws.com";

/** Any of these says which of the other account's principals is meant, or that it knows what only it was told. */
const NARROWS_ACCOUNT = ["aws:PrincipalArn", "aws:PrincipalOrgID", "sts:ExternalId"];

const grants = (check: (grant: Grant) => readonly string[]) => (resource: Resource) =>
  grantsOf(resource).flatMap((grant) => check(grant));

const principals = ({ statement: { Principal } }: Grant, kind: string): readonly string[] =>
  typeof Principal === "object" ? listOf(Principal[kind]) : [];

const isEveryone = ({ statement: { Principal } }: Grant): boolean =>
  Principal === "*" ||
  Object.values(typeof Principal === "object" ? Principal : {}).some((p) => listOf(p).includes("*"));

/**
 * What is missing of the two keys, as the end of a sentence; undefined where nothing is. An ARN of any account is none
 * without the other key.
 */
function missingSource(service: string, arns: readonly string[], account: boolean): string | undefined {
  const arn = arns.length > 0 && (account || !arns.some(ofAnyAccount));
  if (service === SENDS_BOTH) return arn && account ? undefined : "aws:SourceArn and aws:SourceAccount, both";
  return arn || account ? undefined : "aws:SourceArn or aws:SourceAccount";
}

const withoutSource = (where: string, service: string, missing: string): string =>
  `${where} lets in ${service} for whichever account it works: demand ${missing}.`;

function permissionSource({ type, props }: Resource): readonly string[] {
  const { principal, sourceArn, sourceAccount } = props;
  if (type !== PERMISSION || typeof principal !== "string" || !principal.includes(".amazonaws.com")) return [];
  const missing = missingSource(principal, listOf(sourceArn as string | undefined), sourceAccount !== undefined);
  return missing === undefined ? [] : [withoutSource("The permission", principal, missing)];
}

function statementSource(grant: Grant): readonly string[] {
  const { statement, where, trust } = grant;
  const holds = (key: string) => demanded(statement, key).length > 0;
  return principals(grant, "Service").flatMap((service) => {
    if (trust && service === SENDS_NO_SOURCE) return [];
    const missing = missingSource(service, demanded(statement, "aws:SourceArn"), holds("aws:SourceAccount"));
    return missing === undefined ? [] : [withoutSource(where, service, missing)];
  });
}

function trustCondition(grant: Grant): readonly string[] {
  const { statement, where, trust } = grant;
  if (!trust) return [];
  const holds = (key: string) => demanded(statement, key).length > 0;
  const accounts = NARROWS_ACCOUNT.some(holds) ? [] : principals(grant, "AWS");
  // The provider's name is what its ARN ends in:
  // arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com
  const providers = principals(grant, "Federated").filter((arn) => {
    const provider = arn.replace(/^.*:oidc-provider\//, "");
    const exact = (key: string) => holds(key) && !demanded(statement, key).some((value) => /[*?]/.test(value));
    return !exact(`${provider}:aud`) || !exact(`${provider}:sub`);
  });
  return [
    ...accounts.map((arn) => `${where} trusts ${arn} without a condition: demand ${NARROWS_ACCOUNT.join(" or ")}.`),
    ...providers.map(
      (arn) =>
        `${where} trusts every token of ${arn}: demand its audience (aud) and its subject (sub), without wildcards.`,
    ),
  ];
}

const wideActions = (where: string, actions: string | readonly string[] | undefined): readonly string[] =>
  listOf(actions)
    .filter((action) => /^(?:[\w*?-]+:)?[*?]*\*[*?]*$/.test(action))
    .map((action) => `${where} allows the action ${action}: name the actions that are needed.`);

export const ACCESS_RULES: readonly Rule[] = [
  {
    name: "no-wildcard-principal",
    description: "No policy allows something to everybody.",
    check: (resource) => [
      ...(resource.type === PERMISSION && resource.props.principal === "*"
        ? ["The permission lets everybody in: name the service or the account."]
        : []),
      ...grants((grant) => {
        if (isEveryone(grant)) return [`${grant.where} lets everybody in (*): name the principal.`];
        return grant.statement.NotPrincipal === undefined
          ? []
          : [`${grant.where} lets in everybody but a few (NotPrincipal): name the principal.`];
      })(resource),
    ],
  },
  {
    name: "no-wildcard-action",
    description: "No policy allows all actions, nor all of a service.",
    check: (resource) => [
      ...(resource.type === PERMISSION ? wideActions("The permission", resource.props.action as string) : []),
      ...grants(({ statement, where }) => [
        ...wideActions(where, statement.Action),
        ...(statement.NotAction === undefined
          ? []
          : [`${where} allows all actions but a few (NotAction): name the actions that are needed.`]),
      ])(resource),
    ],
  },
  {
    name: "no-aws-managed-policy",
    description: "Nobody gets a policy that AWS writes for everybody: those have wildcards, and change by themselves.",
    check: ({ props }) =>
      Object.keys(props)
        .filter((property) => ATTACHED.test(property))
        .flatMap((property) =>
          listOf(props[property] as string | readonly string[])
            .filter((arn) => AWS_MANAGED.test(arn))
            .map((arn) => `${property} has ${arn}, which AWS writes for everybody: write a policy of what is needed.`),
        ),
  },
  {
    name: "no-wildcard-resource",
    description: "No policy allows an action on every resource, unless the action knows no other.",
    check: grants(({ statement, where }) => [
      ...listOf(statement.Resource)
        .filter(takesAll)
        .flatMap((resource) =>
          listOf(statement.Action)
            .filter((action) => !ONLY_ON_EVERYTHING.has(action))
            .map(
              (action) => `${where} allows ${action} on every resource (${resource}): give the ARNs that are meant.`,
            ),
        ),
      ...(statement.NotResource === undefined
        ? []
        : [`${where} allows it on everything but a few resources (NotResource): give the ARNs that are meant.`]),
    ]),
  },
  {
    name: "service-needs-source",
    description: "A service is let in only on behalf of a named resource or account; AWS IoT for both.",
    check: (resource) => [...permissionSource(resource), ...grants(statementSource)(resource)],
  },
  {
    name: "trust-needs-condition",
    description:
      "A role trusts an account only under a condition, and an identity provider only for an audience and a subject.",
    check: grants(trustCondition),
  },
];
