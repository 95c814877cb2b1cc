// Per service, the resources that both sides make, what reads them, and what changes them.

/** Makes the ARN of a resource. */
type Arn = (service: string, resource: string) => string;

export interface Arns {
  readonly regional: Arn;
  /** Without a Region, as IAM's are. */
  readonly global: Arn;
  /** Without Region and account. */
  readonly bucket: (name: string) => string;
}

export interface Permissions {
  readonly sid: string;
  /** Ends in `*` where Pulumi's auto-naming adds random digits, or where the name holds another company's account. */
  readonly resources: (arns: Arns) => readonly string[];
  readonly reads: readonly string[];
  readonly changes: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const FUNCTIONS: Permissions = {
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

export const LOG_GROUPS: readonly Permissions[] = [
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

export const DEAD_LETTER_QUEUES: Permissions = {
  sid: "DeadLetterQueues",
  resources: ({ regional }) => [regional("sqs", "iot-hooks-*")],
  reads: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"],
  changes: ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"],
};

export const TABLES: Permissions = {
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
export const CUSTOMERS: Permissions = {
  sid: "Customers",
  resources: ({ regional }) => [regional("dynamodb", "table/iot-hooks-customers-*")],
  reads: ["dynamodb:GetItem"],
  changes: ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
};

export const ALARMS: readonly Permissions[] = [
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

export const REGISTRY_RULE: Permissions = {
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

export const TRAIL: readonly Permissions[] = [
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

export const TOPIC_RULE: readonly Permissions[] = [
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
export const EVENT_CONFIGURATIONS: Permissions = {
  sid: "RegistryEvents",
  resources: () => ["*"],
  reads: ["iot:DescribeEventConfigurations"],
  changes: ["iot:UpdateEventConfigurations"],
};
