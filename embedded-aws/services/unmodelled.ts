// Members of inputs that aren't modelled, by operation. Where `only` is given, whatever it doesn't name is refused;
// otherwise whatever isn't listed is used. Values in brackets say what is so anyway, and are taken; the rest of
// `refused` is refused when it says anything, and `ignored` is ignored on purpose, with the reason.
import type { UnreadMembers } from "../core/members.ts";

type Table = Readonly<Record<string, UnreadMembers>>;
/** Members by their names, one after the other, `below` another. */
const any = (members: string, below = ""): Readonly<Record<string, readonly unknown[]>> =>
  Object.fromEntries(names(members).map((member) => [below + member, []]));

const names = (text: string): readonly string[] => text.trim().split(/\s+/);

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
    only: {
      "": names(`
        AlarmName AlarmDescription ActionsEnabled OKActions AlarmActions InsufficientDataActions MetricName Namespace
        Statistic Dimensions Period Unit EvaluationPeriods DatapointsToAlarm Threshold ComparisonOperator
        TreatMissingData Tags
      `),
    },
  },
  DescribeAlarms: { refused: any("ChildrenOfAlarmName ParentsOfAlarmName") },
};

const EVENTS: Table = {
  DeleteRule: { ignored: { Force: "It is for rules that an AWS service made: there are none." } },
  PutTargets: { only: { Targets: names("Id Arn RoleArn RetryPolicy DeadLetterConfig") } },
  PutEvents: { refused: any("EndpointId Entries.TraceHeader") },
  RemoveTargets: { ignored: { Force: "It is for rules that an AWS service made: there are none." } },
};

const ACTIONS = ["lambda", "sqs"];
const TOPIC_RULE: UnreadMembers = {
  only: { "topicRulePayload.actions": ACTIONS, "topicRulePayload.errorAction": ACTIONS },
};
const OVERRIDE = { overrideDynamicGroups: "Dynamic groups are empty: there is nothing that it could change." };
const IOT: Table = {
  CreateThingType: { refused: any("thingTypeProperties.mqtt5Configuration") },
  UpdateThingType: { refused: any("thingTypeProperties.mqtt5Configuration") },
  AddThingToThingGroup: { ignored: OVERRIDE },
  UpdateThingGroupsForThing: { ignored: OVERRIDE },
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
    only: { "": ["topic", "payload"] },
    ignored: { qos: "What is published arrives once, whatever was asked for." },
  },
};

const NOBODY_PAYS = { RequestPayer: "Who pays makes no difference where nobody does." };
const OWN_ACCOUNT = { AccountId: "The caller's own, in which the bucket is looked for anyway." };
const READ_OBJECT: UnreadMembers = {
  only: { "": ["Bucket", "Key", "ExpectedBucketOwner"] },
  ignored: { ...NOBODY_PAYS, ChecksumMode: "No checksums are kept: S3 leaves them out for objects that have none." },
};
const COVERED = "The signature covers the body already.";
const SIGNED: UnreadMembers = { ignored: { ChecksumAlgorithm: COVERED, ContentMD5: COVERED } };
const S3: Table = {
  CreateBucket: {
    only: { "": ["Bucket", "CreateBucketConfiguration"], CreateBucketConfiguration: ["LocationConstraint", "Tags"] },
    refused: { ACL: ["private"], ObjectOwnership: ["BucketOwnerEnforced"] },
  },
  PutBucketPolicy: {
    ...SIGNED,
    refused: any("ConfirmRemoveSelfBucketAccess"),
  },
  PutPublicAccessBlock: SIGNED,
  PutBucketTagging: SIGNED,
  PutObject: {
    only: {
      "": names(`
        Bucket Key Body ACL ContentType ContentEncoding ContentMD5 ChecksumCRC32 ChecksumSHA1 ChecksumSHA256
        ExpectedBucketOwner
      `),
    },
    refused: { StorageClass: ["STANDARD"], ServerSideEncryption: ["AES256"] },
    ignored: {
      ...NOBODY_PAYS,
      ChecksumAlgorithm: "It only says which checksum there is beside it.",
      ContentLength: "It is the length of the body that arrived.",
    },
  },
  GetObject: READ_OBJECT,
  HeadObject: READ_OBJECT,
  DeleteObject: { only: { "": names("Bucket Key VersionId ExpectedBucketOwner") }, ignored: NOBODY_PAYS },
  DeleteObjects: {
    only: { "": names("Bucket Delete ExpectedBucketOwner"), "Delete.Objects": ["Key", "VersionId"] },
    ignored: { ChecksumAlgorithm: COVERED, ...NOBODY_PAYS },
  },
  GetBucketAccelerateConfiguration: { ignored: NOBODY_PAYS },
  PutBucketLifecycleConfiguration: {
    only: {
      "LifecycleConfiguration.Rules": ["ID", "Status", "Filter", "Expiration"],
      "LifecycleConfiguration.Rules.Filter": ["Prefix"],
      "LifecycleConfiguration.Rules.Expiration": ["Days"],
    },
    refused: { TransitionDefaultMinimumObjectSize: ["all_storage_classes_128K"] },
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
    only: {
      "": names("QueueUrl MessageBody DelaySeconds MessageAttributes"),
      "MessageAttributes.*": names("DataType StringValue BinaryValue"),
    },
  },
  ReceiveMessage: { refused: any("ReceiveRequestAttemptId") },
};

const STS: Table = {
  AssumeRole: { only: { "": names("RoleArn RoleSessionName DurationSeconds ExternalId Policy PolicyArns") } },
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
  UpdateFunctionConfiguration: { refused: { ...OF_FUNCTION, ...any("RevisionId") } },
  UpdateFunctionCode: { refused: any(`${OF_CODE} PublishTo RevisionId DryRun`) },
  PublishVersion: { refused: any("PublishTo RevisionId CodeSha256") },
  CreateAlias: { refused: any("RoutingConfig.AdditionalVersionWeights") },
  UpdateAlias: { refused: any("RoutingConfig.AdditionalVersionWeights RevisionId") },
  AddPermission: {
    refused: any("EventSourceToken PrincipalOrgID FunctionUrlAuthType InvokedViaFunctionUrl RevisionId"),
  },
  RemovePermission: { refused: any("RevisionId") },
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

// Beside these, it is refused what dynalite doesn't know (engine.ts).
const DYNAMODB: Table = {
  CreateTable: {
    only: {
      "": names(`
        TableName AttributeDefinitions KeySchema BillingMode ProvisionedThroughput DeletionProtectionEnabled Tags
      `),
    },
    refused: {
      TableClass: ["STANDARD"],
      ...any("StreamSpecification.StreamEnabled SSESpecification.Enabled"),
    },
  },
  UpdateTable: { only: { "": ["TableName", "DeletionProtectionEnabled"] } },
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
  servicequotas: { GetServiceQuota: { refused: any("ContextId") } },
  sqs: SQS,
  sts: STS,
};
