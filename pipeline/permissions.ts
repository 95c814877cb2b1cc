// What previewing and deploying one side takes in its account: of all services, and its roles.
import { type AccountRegion, partitionOf } from "../shared/contract/names.ts";
import type { PolicyDocument } from "../shared/policy-document.ts";
import {
  ALARMS,
  CUSTOMERS,
  DEAD_LETTER_QUEUES,
  EVENT_CONFIGURATIONS,
  FUNCTIONS,
  LOG_GROUPS,
  REGISTRY_RULE,
  TABLES,
  TOPIC_RULE,
  TRAIL,
  type Arns,
  type Permissions,
} from "./services.ts";

export const SIDES = ["customer", "partner"] as const;
export type Side = (typeof SIDES)[number];

/** Pulumi's projects of a side: their stacks' state lies in folders of these names. */
const PROJECTS: Readonly<Record<Side, readonly string[]>> = {
  customer: ["iot-hooks-customer"],
  partner: ["iot-hooks-partner", "iot-hooks-partner-customer"],
};

/** The one role of a side whose name is agreed on with the other, and which may end in a nameSuffix. */
const CONTRACT_ROLES: Readonly<Record<Side, string>> = {
  customer: "role/publish-to-partner-role-*",
  partner: "role/publish-from-customer-role-*",
};

const rolesOf =
  (side: Side): Permissions["resources"] =>
  ({ global }) => [global("iam", CONTRACT_ROLES[side]), global("iam", "role/iot-hooks-*")];

/** Whoever may do these to a role makes it as powerful as they like, and gives it to a function of theirs. */
const WIDENING = [
  "iam:CreateRole",
  "iam:DeleteRolePolicy",
  "iam:PutRolePermissionsBoundary",
  "iam:PutRolePolicy",
] as const;

/**
 * With a boundary, roles are only made within it, and what they may do is only changed while they have it; nobody here
 * takes it off (IAM User Guide, "Permissions boundaries for IAM entities", delegating responsibility to others).
 */
const roles = (side: Side, boundary: string | undefined): readonly Permissions[] => {
  if (boundary === undefined) {
    const changes = [...WIDENING, "iam:DeleteRolePermissionsBoundary", ...ROLES.changes];
    return [{ ...ROLES, resources: rolesOf(side), changes }];
  }
  return [
    { ...ROLES, resources: rolesOf(side) },
    {
      sid: "RolesWithinTheBoundary",
      resources: rolesOf(side),
      reads: [],
      changes: WIDENING,
      condition: { StringEquals: { "iam:PermissionsBoundary": boundary } },
    },
  ];
};

const ROLES: Omit<Permissions, "resources"> = {
  sid: "Roles",
  reads: [
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    // The provider asks for them before it deletes a role.
    "iam:ListInstanceProfilesForRole",
    "iam:ListRolePolicies",
  ],
  changes: [
    "iam:DeleteRole",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
  ],
};

const OF_SIDE: Readonly<Record<Side, readonly Permissions[]>> = {
  customer: [
    ...[FUNCTIONS, ...LOG_GROUPS, DEAD_LETTER_QUEUES, ...ALARMS, REGISTRY_RULE, ...TRAIL],
    ...[...TOPIC_RULE, EVENT_CONFIGURATIONS],
  ],
  partner: [FUNCTIONS, ...LOG_GROUPS, DEAD_LETTER_QUEUES, ...ALARMS, TABLES, CUSTOMERS, ...TOPIC_RULE],
};

interface PassedRoles {
  readonly sid: string;
  readonly resources: Permissions["resources"];
  readonly service: string;
}

/** The services that get roles of a side. */
const passedRoles = (side: Side): readonly PassedRoles[] => [
  { sid: "PassRolesToFunctions", resources: rolesOf(side), service: "lambda.amazonaws.com" },
  {
    sid: "PassRoleToTopicRule",
    resources: ({ global }: Arns) => [
      global("iam", `role/${side === "partner" ? "iot-hooks-receive-rule" : "iot-hooks-events-rules"}-*`),
    ],
    service: "iot.amazonaws.com",
  },
];

export interface PermissionsArgs {
  readonly side: Side;
  readonly account: AccountRegion;
  /** With the state of the side's stacks. */
  readonly stateBucket: string;
  /** What each role of the side has to have. */
  readonly permissionsBoundaryArn?: string | undefined;
}

/**
 * What a preview reads, with refresh; it changes nothing, the state included. A preview takes no lock in an S3
 * backend.
 */
export const previewPolicy = (args: PermissionsArgs): PolicyDocument => document(args, false);

/** What an update, a refresh and a destroy take. */
export const deployPolicy = (args: PermissionsArgs): PolicyDocument => document(args, true);

function document(args: PermissionsArgs, withChanges: boolean): PolicyDocument {
  const { side, account, stateBucket, permissionsBoundaryArn } = args;
  const { accountId, region } = account;
  const partition = partitionOf(region);
  const arns: Arns = {
    regional: (service, resource) => `arn:${partition}:${service}:${region}:${accountId}:${resource}`,
    global: (service, resource) => `arn:${partition}:${service}::${accountId}:${resource}`,
    bucket: (name) => `arn:${partition}:s3:::${name}`,
  };
  const rows: readonly Permissions[] = [
    ...roles(side, permissionsBoundaryArn),
    ...OF_SIDE[side],
    { sid: "FindState", resources: ({ bucket }) => [bucket(stateBucket)], reads: ["s3:ListBucket"], changes: [] },
    {
      sid: "StateLayout",
      resources: ({ bucket }) => [bucket(`${stateBucket}/.pulumi/meta.yaml`)],
      reads: ["s3:GetObject"],
      changes: [],
    },
    {
      sid: "State",
      // Below Pulumi's folders for stacks, history, locks, and what else it may add, those of the side's projects: an
      // administrator's engine does what the state of the pipeline's own stack says, which may lie beside them.
      resources: ({ bucket }) => PROJECTS[side].map((project) => bucket(`${stateBucket}/.pulumi/*/${project}/*`)),
      reads: ["s3:GetObject"],
      changes: ["s3:DeleteObject", "s3:PutObject"],
    },
  ];
  const statements = rows
    .filter(({ reads }) => withChanges || reads.length > 0)
    .map(({ sid, resources, reads, changes, condition }) => ({
      Sid: sid,
      Effect: "Allow" as const,
      Action: withChanges ? [...reads, ...changes] : [...reads],
      Resource: [...resources(arns)],
      ...(condition === undefined ? {} : { Condition: condition }),
    }));
  const passRoles = passedRoles(side).map(({ sid, resources, service }) => ({
    Sid: sid,
    Effect: "Allow" as const,
    Action: "iam:PassRole",
    Resource: [...resources(arns)],
    Condition: { StringEquals: { "iam:PassedToService": service } },
  }));
  return { Version: "2012-10-17", Statement: withChanges ? [...statements, ...passRoles] : statements };
}
