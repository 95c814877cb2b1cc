import { malformed, syntaxError } from "./error.ts";
import { compilePattern, variablePattern } from "./variables.ts";
import type { Pattern } from "./variables.ts";

/** Action or NotAction, Resource or NotResource: `negated` is the one with Not. */
export interface Patterns {
  readonly negated: boolean;
  readonly patterns: readonly Pattern[];
}

/** @throws PolicyError unless it is a string or a list of strings */
export function strings(element: unknown, name: string): string[] {
  const list: unknown[] = Array.isArray(element) ? element : [element];
  return list.map((item) => {
    if (typeof item !== "string") throw syntaxError(`${name} has to be a string or a list of strings.`);
    return item;
  });
}

/** What a role's trust policy may name: wildcards are refused there. */
const assumeRoleActions = new Set(
  [
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:SetContext",
    "sts:SetSourceIdentity",
    "sts:TagSession",
  ].map((action) => action.toLowerCase()),
);

/** The sentences are AWS's, as recorded by clients that met them. */
export function parseActions(actions: readonly string[], negated: boolean, trust: boolean): Patterns {
  if (actions.length === 0) throw malformed("Policy statement must contain actions.");
  for (const action of actions) {
    const [vendor = "", ...names] = action.split(":");
    if (action !== "*") {
      if (names.length === 0) {
        throw malformed(
          "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
          `${JSON.stringify(action)} isn't.`,
        );
      }
      if (names.length > 1) {
        throw malformed("Actions/Condition can contain only one colon.", `${JSON.stringify(action)} has more.`);
      }
      if (!/^[A-Za-z0-9.-]+$/.test(vendor)) throw malformed(`Vendor ${vendor} is not valid`);
    }
    if (trust && !assumeRoleActions.has(action.toLowerCase())) {
      throw malformed("AssumeRole policy may only specify STS AssumeRole actions.", `${action} is none of them.`);
    }
  }
  const options = { wildcards: "free", ignoreCase: true, variables: false } as const;
  return { negated, patterns: actions.map((action) => compilePattern(action, options)) };
}

export function parseResources(resources: readonly string[], negated: boolean, variables: boolean): Patterns {
  if (resources.length === 0) throw malformed("Policy statement must contain resources.");
  return { negated, patterns: resources.map((resource) => parseResource(resource, variables)) };
}

/** AWS fills the missing parts of an ARN with `*`, as its error messages show. */
const incomplete = ["*", "*", "*", "*"];

const iamResources = [
  "user/",
  "federated-user/",
  "role/",
  "group/",
  "instance-profile/",
  "mfa/",
  "server-certificate/",
  "policy/",
  "sms-mfa/",
  "saml-provider/",
  "oidc-provider/",
  "report/",
  "access-report/",
];

function parseResource(resource: string, variables: boolean): Pattern {
  const compile = (text: string) => compilePattern(text, { wildcards: "resource", variables });
  if (resource === "*") return compile(resource);
  // A variable may hold a colon of its own.
  const parts = (variables ? resource.replaceAll(variablePattern, "\u0000") : resource).split(":");
  const [prefix, partition = "", service = "", region = ""] = parts;
  const known = /^(aws|aws-cn|aws-us-gov|.*\*.*)$/.test(partition);
  if (parts.length === 1 || (known && prefix !== "arn"))
    throw malformed(`Resource ${resource} must be in ARN format or "*".`);
  if (!known) {
    const shown = ["arn", ...parts.slice(1)];
    throw malformed(
      `Partition "${partition}" is not valid for resource "${[...shown, ...incomplete].slice(0, 6).join(":")}".`,
    );
  }
  // "IAM JSON policy elements: Resource": no wildcard in the part of the service.
  if (!/^[a-z0-9-]+$/.test(service)) {
    throw malformed("Resource vendor must be fully qualified and cannot contain regexes.", `${resource} isn't.`);
  }
  if (parts.slice(0, 5).some((part) => part.includes("\u0000"))) {
    // "IAM policy elements: Variables and tags" forbids it; AWS's words are not confirmed.
    throw syntaxError(`A variable may stand only in the resource part of an ARN: ${resource}.`);
  }
  // Beside this, recorded on AWS by another project's tests, some are completed, as messages about others show.
  if (parts.length < 6 && !resource.endsWith("*")) throw malformed("The policy failed legacy parsing", `(${resource})`);
  // Access points have a Region («Actions, resources, and condition keys for Amazon S3»).
  if (service === "s3" && region !== "" && !parts[5]?.startsWith("accesspoint/"))
    throw malformed(`Resource ${resource} can not contain region information.`);
  if (service === "iam" && region !== "")
    throw malformed(`IAM resource ${resource} cannot contain region information.`);
  const named = parts.slice(5).join(":");
  if (
    service === "iam" &&
    parts.length > 5 &&
    !/^[*?]/.test(named) &&
    !iamResources.some((start) => named.startsWith(start))
  ) {
    throw malformed(`IAM resource path must either be "*" or start with ${iamResources.join(", ")}.`);
  }
  return compile(parts.length < 6 ? [...parts, ...incomplete].slice(0, 6).join(":") : resource);
}
