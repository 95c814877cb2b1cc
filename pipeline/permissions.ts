// What previewing and deploying one side takes in its account: per service the resources, what reads them, and what
// changes them.
import { type AccountRegion, partitionOf } from "../shared/contract/names.ts";
import type { PolicyDocument } from "../shared/policy-document.ts";

export const SIDES = ["customer", "partner"] as const;
export type Side = (typeof SIDES)[number];

/** Makes the ARN of a resource. */
type Arn = (service: string, resource: string) => string;

interface Arns {
  readonly regional: Arn;
  /** Without a Region, as IAM's are. */
  readonly global: Arn;
  /** Without Region and account. */
  readonly bucket: (name: string) => string;
}

interface Permissions {
  readonly sid: string;
  /** Ends in `*` where Pulumi's auto-naming adds random digits, or where the name holds another company's account. */
  readonly resources: (arns: Arns) => readonly string[];
  readonly reads: readonly string[];
  readonly changes: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

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

const FUNCTIONS: Permissions = {
  sid: "Functions",
  resources: ({ regional }) => [regional("lambda", "function:iot-hooks-*")],
  reads: [
    "lambda:GetAlias",
    "lambda:GetFunction",
    "lambda:GetFunctionCodeSigningConfig",
    "lambda:GetFunctionConfiguration",
    "lambda:GetFunctionEventInvokeConfig",
    "lambda:GetPolicy",
    "lambda:ListTags",
    "lambda:ListVersionsByFunction",
  ],
  changes: [
    "lambda:AddPermission",
    "lambda:CreateAlias",
    "lambda:CreateFunction",
    "lambda:DeleteAlias",
    "lambda:DeleteFunction",
    "lambda:DeleteFunctionConcurrency",
    "lambda:DeleteFunctionEventInvokeConfig",
    "lambda:PublishVersion",
    "lambda:PutFunctionConcurrency",
    "lambda:PutFunctionEventInvokeConfig",
    "lambda:RemovePermission",
    "lambda:TagResource",
    "lambda:UntagResource",
    "lambda:UpdateAlias",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
  ],
};

const LOG_GROUPS: readonly Permissions[] = [
  {
    sid: "LogGroups",
    resources: ({ regional }) => [regional("logs", "log-group:/aws/lambda/iot-hooks-*")],
    reads: ["logs:ListTagsForResource"],
    changes: [
      "logs:CreateLogGroup",
      "logs:DeleteLogGroup",
      "logs:DeleteRetentionPolicy",
      "logs:PutRetentionPolicy",
      "logs:TagResource",
      "logs:UntagResource",
    ],
  },
  {
    sid: "FindLogGroups",
    // It lists by prefix, and is authorised for all that might be listed.
    resources: ({ regional }) => [regional("logs", "log-group:*")],
    reads: ["logs:DescribeLogGroups"],
    changes: [],
  },
];

const DEAD_LETTER_QUEUES: Permissions = {
  sid: "DeadLetterQueues",
  resources: ({ regional }) => [regional("sqs", "iot-hooks-*")],
  reads: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"],
  changes: ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"],
};

const TABLES: Permissions = {
  sid: "Tables",
  resources: ({ regional }) => [regional("dynamodb", "table/iot-hooks-*")],
  reads: [
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:DescribeTable",
    "dynamodb:DescribeTimeToLive",
    "dynamodb:ListTagsOfResource",
  ],
  changes: [
    "dynamodb:CreateTable",
    "dynamodb:DeleteTable",
    "dynamodb:TagResource",
    "dynamodb:UntagResource",
    "dynamodb:UpdateContinuousBackups",
    "dynamodb:UpdateTable",
    "dynamodb:UpdateTimeToLive",
  ],
};

/** The table is one of those above; who is a customer is written into it item by item. */
const CUSTOMERS: Permissions = {
  sid: "Customers",
  resources: ({ regional }) => [regional("dynamodb", "table/iot-hooks-customers-*")],
  reads: ["dynamodb:GetItem"],
  changes: ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
};

const ALARMS: readonly Permissions[] = [
  {
    sid: "Alarms",
    // Dashboards' ARNs have no Region.
    resources: ({ regional, global }) => [
      regional("cloudwatch", "alarm:iot-hooks-*"),
      global("cloudwatch", "dashboard/iot-hooks-*"),
    ],
    reads: ["cloudwatch:GetDashboard", "cloudwatch:ListTagsForResource"],
    changes: [
      "cloudwatch:DeleteAlarms",
      "cloudwatch:DeleteDashboards",
      "cloudwatch:PutDashboard",
      "cloudwatch:PutMetricAlarm",
      "cloudwatch:TagResource",
      "cloudwatch:UntagResource",
    ],
  },
  {
    sid: "FindAlarms",
    // It lists, and is authorised for all that might be listed.
    resources: ({ regional }) => [regional("cloudwatch", "alarm:*")],
    reads: ["cloudwatch:DescribeAlarms"],
    changes: [],
  },
];

const REGISTRY_RULE: Permissions = {
  sid: "EventRules",
  resources: ({ regional }) => [regional("events", "rule/iot-hooks-*")],
  reads: ["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"],
  changes: [
    "events:DeleteRule",
    "events:DisableRule",
    "events:EnableRule",
    "events:PutRule",
    "events:PutTargets",
    "events:RemoveTargets",
    "events:TagResource",
    "events:UntagResource",
  ],
};

const TRAIL: readonly Permissions[] = [
  {
    sid: "Trail",
    resources: ({ regional }) => [regional("cloudtrail", "trail/iot-hooks-*")],
    reads: [
      "cloudtrail:GetEventSelectors",
      "cloudtrail:GetInsightSelectors",
      "cloudtrail:GetTrail",
      "cloudtrail:GetTrailStatus",
      "cloudtrail:ListTags",
    ],
    changes: [
      "cloudtrail:AddTags",
      "cloudtrail:CreateTrail",
      "cloudtrail:DeleteTrail",
      "cloudtrail:PutEventSelectors",
      "cloudtrail:RemoveTags",
      "cloudtrail:StartLogging",
      "cloudtrail:StopLogging",
      "cloudtrail:UpdateTrail",
    ],
  },
  {
    sid: "FindTrails",
    // Service Authorization Reference: the action has no resource.
    resources: () => ["*"],
    reads: ["cloudtrail:DescribeTrails"],
    changes: [],
  },
  {
    sid: "TrailBucket",
    // The wildcard covers the objects too: pulumi destroy empties the bucket.
    resources: ({ bucket }) => [bucket("iot-hooks-trail-*")],
    reads: [
      "s3:GetAccelerateConfiguration",
      "s3:GetBucketAcl",
      "s3:GetBucketCORS",
      "s3:GetBucketLocation",
      "s3:GetBucketLogging",
      "s3:GetBucketObjectLockConfiguration",
      "s3:GetBucketPolicy",
      "s3:GetBucketPublicAccessBlock",
      "s3:GetBucketRequestPayment",
      "s3:GetBucketTagging",
      "s3:GetBucketVersioning",
      "s3:GetBucketWebsite",
      "s3:GetEncryptionConfiguration",
      "s3:GetLifecycleConfiguration",
      "s3:GetReplicationConfiguration",
      "s3:ListBucket",
      "s3:ListBucketVersions",
      "s3:ListTagsForResource",
    ],
    changes: [
      "s3:CreateBucket",
      "s3:DeleteBucket",
      "s3:DeleteBucketPolicy",
      "s3:DeleteObject",
      "s3:DeleteObjectVersion",
      "s3:PutBucketPolicy",
      "s3:PutBucketPublicAccessBlock",
      "s3:PutBucketTagging",
      "s3:PutLifecycleConfiguration",
      "s3:TagResource",
      "s3:UntagResource",
    ],
  },
];

const TOPIC_RULE: readonly Permissions[] = [
  {
    sid: "TopicRules",
    resources: ({ regional }) => [regional("iot", "rule/iot_hooks_*")],
    reads: ["iot:GetTopicRule", "iot:ListTagsForResource"],
    changes: [
      "iot:CreateTopicRule",
      "iot:DeleteTopicRule",
      "iot:DisableTopicRule",
      "iot:EnableTopicRule",
      "iot:ReplaceTopicRule",
      "iot:TagResource",
      "iot:UntagResource",
    ],
  },
  {
    sid: "FindTopicRules",
    // Service Authorization Reference: neither has a resource. The provider lists all rules before it asks for one.
    resources: () => ["*"],
    reads: ["iot:DescribeEndpoint", "iot:ListTopicRules"],
    changes: [],
  },
];

/** One setting of the account and Region: neither has a resource (Service Authorization Reference, "AWS IoT"). */
const EVENT_CONFIGURATIONS: Permissions = {
  sid: "RegistryEvents",
  resources: () => ["*"],
  reads: ["iot:DescribeEventConfigurations"],
  changes: ["iot:UpdateEventConfigurations"],
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
      sid: "State",
      // Pulumi's folder in the bucket: stacks, history, locks, and what else it may add.
      resources: ({ bucket }) => [bucket(`${stateBucket}/.pulumi/*`)],
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
