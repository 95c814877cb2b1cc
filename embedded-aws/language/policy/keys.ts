import { notModelled } from "./error.ts";

/**
 * The condition keys that the embedded AWS puts into requests, or leaves out of them where AWS does. A policy with
 * any other is refused: its condition would silently never hold, or always. A service that supplies a further key
 * adds it here.
 */
const keys = [
  "aws:CurrentTime",
  "aws:EpochTime",
  "aws:PrincipalAccount",
  "aws:PrincipalArn",
  "aws:PrincipalIsAWSService",
  "aws:PrincipalServiceName",
  "aws:PrincipalType",
  "aws:RequestedRegion",
  "aws:ResourceAccount",
  "aws:SecureTransport",
  "aws:SourceAccount",
  "aws:SourceArn",
  "aws:SourceIp",
  "aws:TagKeys",
  "aws:UserAgent",
  "aws:ViaAWSService",
  "aws:userid",
  "aws:username",
  "cloudwatch:namespace",
  "iam:PassedToService",
  "iam:PermissionsBoundary",
  "iam:PolicyARN",
  "lambda:FunctionArn",
  "s3:x-amz-acl",
  "sts:ExternalId",
  "sts:RoleSessionName",
  "token.actions.githubusercontent.com:aud",
  "token.actions.githubusercontent.com:sub",
];

/** Keys that end in the name of a tag. */
const prefixes = ["aws:PrincipalTag/", "aws:RequestTag/", "aws:ResourceTag/", "iam:ResourceTag/"];

const known = new Set(keys.map((key) => key.toLowerCase()));
const knownPrefixes = prefixes.map((prefix) => prefix.toLowerCase());

/**
 * The name under which a condition key is compared: names are not case-sensitive ("IAM JSON policy elements:
 * Condition").
 * @throws PolicyError NotModelled
 */
export function conditionKey(name: string): string {
  const key = name.toLowerCase();
  if (known.has(key) || knownPrefixes.some((prefix) => key.startsWith(prefix) && key.length > prefix.length))
    return key;
  throw notModelled(`The condition key ${name} is not modelled here: leave it out, or use one that is.`);
}
