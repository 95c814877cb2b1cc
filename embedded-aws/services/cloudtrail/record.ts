// CloudTrail's record of a call («CloudTrail record contents for management, data, and network activity events», user
// guide).
import type { Caller } from "../../core/identity.ts";
import { uuid } from "../../core/ids.ts";
import type { FinishedCall } from "../../core/service.ts";

export interface CloudTrailRecord {
  readonly eventVersion: "1.11";
  readonly userIdentity: Readonly<Record<string, unknown>>;
  /** ISO 8601, whole seconds. */
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly requestParameters: unknown;
  readonly responseElements: unknown;
  readonly requestID: string;
  readonly eventID: string;
  readonly readOnly: boolean;
  readonly eventType: "AwsApiCall";
  readonly managementEvent: true;
  readonly recipientAccountId: string;
  readonly sharedEventID?: string;
  readonly eventCategory: "Management";
}

const seconds = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

/** «CloudTrail userIdentity element», user guide. */
function identityOf({ kind, arn, account, uniqueId, roleArn, credential }: Caller): Readonly<Record<string, unknown>> {
  if (kind === "service") return { type: "AWSService", invokedBy: arn };
  const caller = { arn, accountId: account, ...(credential ? { accessKeyId: credential.accessKeyId } : {}) };
  if (kind !== "role") return { type: "IAMUser", principalId: uniqueId, ...caller, userName: arn.split("/").at(-1) };
  return {
    type: "AssumedRole",
    principalId: `${uniqueId}:${credential?.sessionName ?? arn.split("/").at(-1) ?? ""}`,
    ...caller,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: uniqueId,
        arn: roleArn,
        accountId: account,
        userName: roleArn?.split("/").at(-1),
      },
      attributes: {
        ...(credential ? { creationDate: seconds(new Date(credential.issuedAt)) } : {}),
        mfaAuthenticated: "false",
      },
    },
  };
}

const HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";
// AWS shows the session token of AssumeRole, which opens nothing without the secret key; here nothing of a secret is
// kept.
const SECRETS = new Set(["sessionToken", "secretAccessKey"]);
/** Members that hold maps: their keys are the user's own words, and stay as they are. */
const MAPS = new Set([
  "tags",
  "variables",
  "inputPathsMap",
  "attributes",
  "messageAttributes",
  "metadata",
  "parameters",
]);
/** «Logging AWS Lambda API calls using AWS CloudTrail», developer guide: code and environment are left out. */
const LEFT_OUT = new Set(["zipFile", "environment"]);

const date = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });
const camelCase = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** Names as CloudTrail writes them, in a copy; no bytes and no secrets. */
function shown(value: unknown, isMap = false): unknown {
  // As in the examples of «Logging IAM and AWS STS API calls with AWS CloudTrail».
  if (value instanceof Date) return date.format(value).replaceAll("\u202f", " ");
  if (Array.isArray(value)) return value.map((item) => shown(item));
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const name = isMap ? key : camelCase(key);
    if (member === undefined || member instanceof Uint8Array || LEFT_OUT.has(name)) continue;
    copy[name] = SECRETS.has(name) ? HIDDEN : shown(member, MAPS.has(name) && !Array.isArray(member));
  }
  return copy;
}

/**
 * Where CloudTrail's name of an event is not the operation's. Lambda's carry the version of its API; those listed are
 * in its guide or in public records.
 */
const EVENT_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  lambda: {
    AddPermission: "AddPermission20150331v2",
    CreateAlias: "CreateAlias20150331",
    CreateFunction: "CreateFunction20150331",
    DeleteAlias: "DeleteAlias20150331",
    DeleteFunction: "DeleteFunction20150331",
    GetAlias: "GetAlias20150331",
    GetFunction: "GetFunction20150331v2",
    GetFunctionConfiguration: "GetFunctionConfiguration20150331v2",
    GetPolicy: "GetPolicy20150331v2",
    ListFunctions: "ListFunctions20150331",
    ListVersionsByFunction: "ListVersionsByFunction20150331",
    PublishVersion: "PublishVersion20150331",
    RemovePermission: "RemovePermission20150331v2",
    UpdateAlias: "UpdateAlias20150331",
    UpdateFunctionCode: "UpdateFunctionCode20150331v2",
    UpdateFunctionConfiguration: "UpdateFunctionConfiguration20150331v2",
  },
  s3: {
    PutPublicAccessBlock: "PutBucketPublicAccessBlock",
    GetPublicAccessBlock: "GetBucketPublicAccessBlock",
    DeletePublicAccessBlock: "DeleteBucketPublicAccessBlock",
  },
};

/** IAM is one for all Regions; its events are in us-east-1 («Managing global service events», user guide). */
const eventRegion = (service: string, region: string): string => (service === "iam" ? "us-east-1" : region);

const READ_ONLY = /^(Get|List|Describe|Head|Lookup|Filter|AssumeRole$)/;

/**
 * The role's account, where a call into another account is recorded in both («sharedEventID» in the record's
 * contents).
 */
function otherAccount({ name, input, call: { account } }: FinishedCall): string | undefined {
  if (name !== "AssumeRole") return undefined;
  const role = (input as { readonly RoleArn?: string }).RoleArn?.split(":")[4];
  return role !== undefined && /^\d{12}$/.test(role) && role !== account ? role : undefined;
}

/** The records of a call, one per account that it concerns; none for data events and for what isn't modelled. */
export function recordsOf(finished: FinishedCall): CloudTrailRecord[] {
  const { call, service, name, operation, input, output, error } = finished;
  if (operation.record?.data || error?.code === "NotModelledHere") return [];
  const readOnly = operation.record?.readOnly ?? READ_ONLY.test(name);
  const denied = error?.code === service.errors.accessDenied.code;
  const { request, response } = operation.record ?? {};
  const other = otherAccount(finished);
  const shared = other === undefined ? {} : { sharedEventID: uuid() };
  const record = (recipientAccountId: string): CloudTrailRecord => ({
    eventVersion: "1.11",
    userIdentity: identityOf(call.caller),
    eventTime: seconds(call.time),
    eventSource: service.eventSource,
    eventName: EVENT_NAMES[service.name]?.[name] ?? name,
    awsRegion: eventRegion(service.name, call.region),
    sourceIPAddress: call.caller.kind === "service" ? call.caller.arn : call.sourceIp,
    userAgent: call.userAgent,
    ...(error ? { errorCode: error.code, errorMessage: error.message } : {}),
    // «When an access denied error is returned, requestParameters may be null»: AWS does either, so a rule must be
    // able to live with it.
    requestParameters: denied ? null : nullIfEmpty(shown(request ? request(input) : input)),
    responseElements: error || !response ? null : nullIfEmpty(shown(response(output))),
    requestID: call.requestId,
    eventID: uuid(),
    readOnly,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId,
    ...shared,
    eventCategory: "Management",
  });
  // A service that assumes a role does so in no account of its own.
  const accounts = call.caller.kind === "service" ? [other ?? call.account] : [call.account, ...(other ? [other] : [])];
  return accounts.map(record);
}

const nullIfEmpty = (value: unknown): unknown =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0 ? null : value;
