// Members of inputs that aren't modelled, by operation. Whatever isn't here is used by its operation. Values in
// brackets say what is so anyway, and are taken; the rest of `refused` is refused when it says anything, and
// `ignored` is ignored on purpose.
import type { UnreadMembers } from "../core/members.ts";

type Table = Readonly<Record<string, UnreadMembers>>;
/** Members by their names, one after the other, `below` another. */
const any = (members: string, below = ""): Readonly<Record<string, readonly unknown[]>> =>
  Object.fromEntries(
    members
      .trim()
      .split(/\s+/)
      .map((member) => [below + member, []]),
  );

const ONE_PAGE = "All is in one page here.";

const TRAIL: UnreadMembers = {
  refused: any(`
    SnsTopicName CloudWatchLogsLogGroupArn CloudWatchLogsRoleArn KmsKeyId IsOrganizationTrail RecursiveLogging
  `),
};
const CLOUDTRAIL: Table = {
  CreateTrail: TRAIL,
  UpdateTrail: TRAIL,
  ListTags: { ignored: { NextToken: ONE_PAGE } },
  ListTrails: { ignored: { NextToken: ONE_PAGE } },
  PutEventSelectors: {
    refused: {
      ...any("EventSelectors.DataResources AdvancedEventSelectors.Name"),
      ...any("StartsWith EndsWith NotStartsWith NotEndsWith", "AdvancedEventSelectors.FieldSelectors."),
    },
  },
  LookupEvents: { refused: any("EventCategory") },
};

const IAM: Table = {
  SimulatePrincipalPolicy: {
    refused: any(`
      PolicyInputList PermissionsBoundaryPolicyInputList ResourcePolicy ResourceOwner CallerArn
      ResourceHandlingOption PolicyExclusionList
    `),
    ignored: { "ContextEntries.ContextKeyType": "Each operator reads the values as its own type." },
  },
  ListPolicies: { refused: any("OnlyAttached PathPrefix PolicyUsageFilter") },
};

const CLOUDWATCH: Table = {
  PutMetricData: {
    refused: { ...any("EntityMetricData StrictEntityValidation"), "MetricData.StorageResolution": [60] },
  },
  ListMetrics: { refused: any("IncludeLinkedAccounts OwningAccount") },
  GetMetricStatistics: { refused: any("ExtendedStatistics") },
  GetMetricData: {
    refused: any("NextToken LabelOptions MetricDataQueries.Expression MetricDataQueries.AccountId"),
  },
  PutMetricAlarm: {
    refused: any(`
      ExtendedStatistic EvaluateLowSampleCountPercentile Metrics ThresholdMetricId EvaluationWindow
      WarmUpConfiguration EvaluationCriteria EvaluationInterval ActionConfiguration
    `),
  },
  DescribeAlarms: { refused: any("ChildrenOfAlarmName ParentsOfAlarmName") },
};

const EVENTS: Table = {
  DeleteRule: { ignored: { Force: "It is for rules that an AWS service made: there are none." } },
  PutTargets: {
    refused: any(
      `
      KinesisParameters RunCommandParameters EcsParameters BatchParameters SqsParameters HttpParameters
      RedshiftDataParameters SageMakerPipelineParameters AppSyncParameters Input InputPath InputTransformer
    `,
      "Targets.",
    ),
  },
  PutEvents: { refused: any("EndpointId Entries.TraceHeader") },
  RemoveTargets: { ignored: { Force: "It is for rules that an AWS service made: there are none." } },
};

const NO_ACTIONS = `
  dynamoDB dynamoDBv2 sns kinesis s3 firehose cloudwatchMetric cloudwatchAlarm cloudwatchLogs elasticsearch
  salesforce iotAnalytics iotEvents iotSiteWise stepFunctions timestream http kafka openSearch location influxDB
  republish
`;
const TOPIC_RULE: UnreadMembers = {
  refused: {
    ...any(NO_ACTIONS, "topicRulePayload.actions."),
    ...any(NO_ACTIONS, "topicRulePayload.errorAction."),
  },
};
const IOT: Table = {
  CreateThing: { refused: any("billingGroupName") },
  CreateThingType: { refused: any("thingTypeProperties.mqtt5Configuration") },
  AddThingToThingGroup: {
    ignored: { overrideDynamicGroups: "Without dynamic groups there is nothing that it could change." },
  },
  RegisterCertificateWithoutCA: { ignored: { status: "Nothing connects here, and nothing shows it." } },
  AttachThingPrincipal: { refused: { thingPrincipalType: ["NON_EXCLUSIVE_THING"] } },
  CreatePolicy: { refused: any("tags") },
  ListPolicies: { refused: any("ascendingOrder") },
  CreateTopicRule: TOPIC_RULE,
  ReplaceTopicRule: TOPIC_RULE,
  ListTopicRules: { refused: any("topic") },
  ListTagsForResource: { ignored: { nextToken: ONE_PAGE } },
};

const IOTDATA: Table = {
  Publish: {
    refused: any(`
      retain userProperties payloadFormatIndicator contentType responseTopic correlationData messageExpiry
    `),
    ignored: { qos: "What is published arrives once, whatever was asked for." },
  },
};

const NOBODY_PAYS = { RequestPayer: "Who pays makes no difference where nobody does." };
const OWN_ACCOUNT = { AccountId: "The caller's own, in which the bucket is looked for anyway." };
const OF_OBJECT = "SSECustomerAlgorithm SSECustomerKey SSECustomerKeyMD5";
const READ_OBJECT: UnreadMembers = {
  refused: {
    ...any("CacheControl ContentDisposition ContentEncoding ContentLanguage ContentType Expires", "Response"),
    ...any(`${OF_OBJECT} IfMatch IfModifiedSince IfNoneMatch IfUnmodifiedSince PartNumber Range VersionId`),
  },
  ignored: { ...NOBODY_PAYS, ChecksumMode: "No checksums are kept: S3 leaves them out for objects that have none." },
};
const COVERED = "The signature covers the body already.";
const SIGNED: UnreadMembers = { ignored: { ChecksumAlgorithm: COVERED, ContentMD5: COVERED } };
const S3: Table = {
  CreateBucket: {
    refused: {
      ...any(`
        CreateBucketConfiguration.Location CreateBucketConfiguration.Bucket BucketNamespace GrantFullControl
        GrantRead GrantReadACP GrantWrite GrantWriteACP ObjectLockEnabledForBucket
      `),
      ACL: ["private"],
      ObjectOwnership: ["BucketOwnerEnforced"],
    },
  },
  PutBucketPolicy: {
    ...SIGNED,
    refused: any("ConfirmRemoveSelfBucketAccess"),
  },
  PutPublicAccessBlock: SIGNED,
  PutBucketTagging: SIGNED,
  PutObject: {
    refused: {
      ...any("CacheControl ContentDisposition ContentLanguage Expires Metadata WebsiteRedirectLocation"),
      ...any(`${OF_OBJECT} IfMatch IfNoneMatch WriteOffsetBytes SSEKMSKeyId SSEKMSEncryptionContext`),
      ...any(`
        GrantFullControl GrantRead GrantReadACP GrantWriteACP BucketKeyEnabled Tagging ObjectLockMode
        ObjectLockRetainUntilDate ObjectLockLegalHoldStatus ObjectLockEventHold ObjectLockEventHoldDurationDays
        ObjectLockEventHoldDurationYears ChecksumCRC32C ChecksumCRC64NVME ChecksumSHA512 ChecksumMD5
        ChecksumXXHASH64 ChecksumXXHASH3 ChecksumXXHASH128
      `),
      StorageClass: ["STANDARD"],
      ServerSideEncryption: ["AES256"],
    },
    ignored: {
      ...NOBODY_PAYS,
      ChecksumAlgorithm: "It only says which checksum there is beside it.",
      ContentLength: "It is the length of the body that arrived.",
    },
  },
  GetObject: READ_OBJECT,
  HeadObject: READ_OBJECT,
  DeleteObject: {
    refused: any("MFA BypassGovernanceRetention IfMatch IfMatchLastModifiedTime IfMatchSize"),
    ignored: NOBODY_PAYS,
  },
  DeleteObjects: {
    refused: {
      ...any("MFA BypassGovernanceRetention"),
      ...any("ETag LastModifiedTime Size", "Delete.Objects."),
    },
    ignored: { ChecksumAlgorithm: COVERED, ...NOBODY_PAYS },
  },
  GetBucketAccelerateConfiguration: { ignored: NOBODY_PAYS },
  PutBucketLifecycleConfiguration: {
    refused: {
      TransitionDefaultMinimumObjectSize: ["all_storage_classes_128K"],
      ...any(
        `
          Transitions NoncurrentVersionTransitions NoncurrentVersionExpiration Prefix Filter.Tag Filter.And
          Filter.ObjectSizeGreaterThan Filter.ObjectSizeLessThan Expiration.Date
          Expiration.ExpiredObjectDeleteMarker
        `,
        "LifecycleConfiguration.Rules.",
      ),
    },
    ignored: {
      ChecksumAlgorithm: COVERED,
      "LifecycleConfiguration.Rules.AbortIncompleteMultipartUpload": "There are no uploads in parts.",
    },
  },
  TagResource: { ignored: OWN_ACCOUNT },
  UntagResource: { ignored: OWN_ACCOUNT },
  ListTagsForResource: { ignored: OWN_ACCOUNT },
  ListObjectVersions: {
    refused: { ...any("OptionalObjectAttributes"), VersionIdMarker: ["null"] },
    ignored: NOBODY_PAYS,
  },
  ListObjectsV2: { refused: any("OptionalObjectAttributes FetchOwner"), ignored: NOBODY_PAYS },
};

const SQS: Table = {
  SendMessage: {
    refused: any(`
      MessageDeduplicationId MessageGroupId MessageSystemAttributes MessageAttributes.*.StringListValues
      MessageAttributes.*.BinaryListValues
    `),
  },
  ReceiveMessage: { refused: any("ReceiveRequestAttemptId") },
};

const STS: Table = {
  AssumeRole: {
    refused: any(`
      Tags TransitiveTagKeys SourceIdentity SerialNumber TokenCode ProvidedContexts MinimumSessionTokenSize
    `),
  },
};

const OF_FUNCTION = {
  ...any(`
    VpcConfig.SubnetIds VpcConfig.SecurityGroupIds VpcConfig.Ipv6AllowedForDualStack DeadLetterConfig.TargetArn
    KMSKeyArn Layers FileSystemConfigs ImageConfig CapacityProviderConfig DurableConfig
  `),
  "TracingConfig.Mode": ["PassThrough"],
  "EphemeralStorage.Size": [512],
  "SnapStart.ApplyOn": ["None"],
};
const OF_CODE = "S3Bucket S3Key S3ObjectVersion S3ObjectStorageMode ImageUri SourceKMSKeyArn";
const LAMBDA: Table = {
  CreateFunction: {
    refused: {
      ...OF_FUNCTION,
      ...any("PublishTo CodeSigningConfigArn TenancyConfig"),
      ...any(OF_CODE, "Code."),
      PackageType: ["Zip"],
    },
  },
  UpdateFunctionConfiguration: { refused: OF_FUNCTION },
  UpdateFunctionCode: { refused: any(`${OF_CODE} PublishTo`) },
  PublishVersion: { refused: any("PublishTo") },
  CreateAlias: { refused: any("RoutingConfig.AdditionalVersionWeights") },
  UpdateAlias: { refused: any("RoutingConfig.AdditionalVersionWeights") },
  AddPermission: {
    refused: any("EventSourceToken PrincipalOrgID FunctionUrlAuthType InvokedViaFunctionUrl"),
  },
  ListFunctions: { refused: any("MasterRegion FunctionVersion") },
  PutFunctionEventInvokeConfig: { refused: any("DestinationConfig.OnSuccess") },
  Invoke: { refused: any("ClientContext DurableExecutionName TenantId") },
};

const LOGS: Table = {
  CreateLogGroup: { refused: { ...any("kmsKeyId deletionProtectionEnabled"), logGroupClass: ["STANDARD"] } },
  DescribeLogGroups: {
    refused: any("accountIdentifiers includeLinkedAccounts logGroupIdentifiers"),
  },
  PutLogEvents: {
    refused: any("entity"),
    ignored: { sequenceToken: "It is ignored since 2023 (PutLogEvents, API reference)." },
  },
  GetLogEvents: { ignored: { unmask: "There is no masking of data." } },
  FilterLogEvents: {
    ignored: {
      interleaved: "Events are always interleaved since 2019 (FilterLogEvents, API reference).",
      unmask: "There is no masking of data.",
    },
  },
};

// Beside these, dynalite says what it doesn't know (checkParameters).
const OF_TABLE = {
  ...any(`
    StreamSpecification.StreamEnabled StreamSpecification.StreamViewType SSESpecification.Enabled
    SSESpecification.SSEType SSESpecification.KMSMasterKeyId OnDemandThroughput WarmThroughput
    GlobalTableSettingsReplicationMode
  `),
  TableClass: ["STANDARD"],
};
const DYNAMODB: Table = {
  CreateTable: {
    refused: {
      ...OF_TABLE,
      ...any("GlobalSecondaryIndexes LocalSecondaryIndexes ResourcePolicy GlobalTableSourceArn VectorIndexes"),
    },
  },
  UpdateTable: {
    refused: {
      ...OF_TABLE,
      ...any(`
        AttributeDefinitions BillingMode ProvisionedThroughput GlobalSecondaryIndexUpdates ReplicaUpdates
        MultiRegionConsistency GlobalTableWitnessUpdates VectorIndexUpdates DisassociationProtectionEnabled
      `),
    },
  },
  Query: { refused: any("IndexName") },
  Scan: { refused: any("IndexName") },
  ListTagsOfResource: { ignored: { NextToken: ONE_PAGE } },
};

/** By the service's name. */
export const UNMODELLED: Readonly<Record<string, Table>> = {
  cloudtrail: CLOUDTRAIL,
  cloudwatch: CLOUDWATCH,
  dynamodb: DYNAMODB,
  events: EVENTS,
  iam: IAM,
  iot: IOT,
  iotdata: IOTDATA,
  lambda: LAMBDA,
  logs: LOGS,
  s3: S3,
  sqs: SQS,
  sts: STS,
};
