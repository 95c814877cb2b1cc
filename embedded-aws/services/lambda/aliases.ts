// Aliases, and the permissions of each qualifier.
import type { Lambda } from "@aws-sdk/client-lambda";
import { AwsError } from "../../core/errors.ts";
import { readPolicy, shownPolicy } from "../../core/policies.ts";
import { operations, type Call } from "../../core/service.ts";
import { invalid } from "./settings.ts";
import {
  aliasNotFound,
  find,
  functionArn,
  functionOf,
  named,
  newRevision,
  notFound,
  onFunction,
  type Alias,
  type LambdaFunction,
  type Named,
} from "./state.ts";

const shown = (of: LambdaFunction, { name, version, description, revisionId }: Alias) => ({
  AliasArn: functionArn(of, name),
  Name: name,
  FunctionVersion: version,
  Description: description,
  RevisionId: revisionId,
});
function aliasOf(of: LambdaFunction, name: string): Alias {
  const alias = of.aliases.get(name);
  if (!alias) throw notFound(`Cannot find alias arn: ${functionArn(of, name)}`);
  return alias;
}
// The action is on the function: Service Authorization Reference, CreateAlias.
const onAliased = (action: string) => (input: { FunctionName?: string | undefined }, call: Call) =>
  onFunction(action)({ FunctionName: input.FunctionName }, call);

interface PolicyStatement {
  readonly Sid: string;
  readonly [element: string]: unknown;
}
function statementsOf(of: LambdaFunction, qualifier: string): PolicyStatement[] {
  const policy = of.policies.get(qualifier);
  return policy ? (JSON.parse(policy.text) as { Statement: PolicyStatement[] }).Statement : [];
}
/** The key under which a qualifier's policy is kept; the version or alias must exist. */
function policyKey(of: LambdaFunction, { qualifier }: Named): string {
  if (qualifier === undefined) return "";
  if (qualifier === "$LATEST") throw invalid("We currently do not support adding policies for $LATEST.");
  if (!of.versions.has(qualifier) && !of.aliases.has(qualifier)) throw aliasNotFound(of, qualifier);
  return qualifier;
}
function save(of: LambdaFunction, key: string, statements: PolicyStatement[], call: Call): void {
  if (statements.length === 0) {
    of.policies.delete(key);
    return;
  }
  const text = JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements });
  // «Lambda quotas»: 20 KB of resource-based policy.
  if (Buffer.byteLength(text) > 20_480)
    throw new AwsError("PolicyLengthExceededException", "The final policy size is bigger than the limit (20480)");
  of.policies.set(key, {
    ...readPolicy(call.cloud, text, "resource", "InvalidParameterValueException"),
    revisionId: newRevision(),
  });
}

/** How AddPermission writes the principal into the policy. */
function principalOf(principal: string): unknown {
  if (principal === "*") return "*";
  if (/^[\w.-]+\.amazonaws\.com(\.cn)?$/.test(principal)) return { Service: principal };
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  return { AWS: principal };
}

export const aliases = operations<Lambda>({
  CreateAlias: {
    authorize: onAliased("CreateAlias"),
    run: (input, call) => {
      const of = functionOf(named(input, call), call);
      const { Name: name = "", FunctionVersion: version = "" } = input;
      if (of.aliases.has(name))
        throw new AwsError("ResourceConflictException", `Alias already exists: ${functionArn(of, name)}`);
      checkVersion(of, version);
      const alias = { name, version, description: input.Description ?? "", revisionId: newRevision() };
      of.aliases.set(name, alias);
      return shown(of, alias);
    },
  },
  GetAlias: {
    authorize: onAliased("GetAlias"),
    run: (input, call) => {
      const of = functionOf(named(input, call), call);
      return shown(of, aliasOf(of, input.Name ?? ""));
    },
  },
  UpdateAlias: {
    authorize: onAliased("UpdateAlias"),
    run: (input, call) => {
      const of = functionOf(named(input, call), call);
      const before = of.aliases.get(input.Name ?? "");
      if (!before) throw notFound(`Alias not found: ${functionArn(of, input.Name)}`);
      const version = input.FunctionVersion ?? before.version;
      checkVersion(of, version);
      const alias = {
        ...before,
        version,
        description: input.Description ?? before.description,
        revisionId: newRevision(),
      };
      of.aliases.set(alias.name, alias);
      return shown(of, alias);
    },
  },
  DeleteAlias: {
    authorize: onAliased("DeleteAlias"),
    run: (input, call) => {
      const of = functionOf(named(input, call), call);
      const { Name: name = "" } = input;
      // Deleting an alias that isn't there succeeds; what belonged to it goes with it.
      of.aliases.delete(name);
      of.policies.delete(name);
      of.eventInvokeConfigs.delete(name);
      return {};
    },
  },
  AddPermission: {
    authorize: onFunction("AddPermission"),
    run: (input, call) => {
      const at = named(input, call);
      const of = functionOf(at, call);
      const key = policyKey(of, at);
      const { StatementId: sid = "", Principal: principal = "", Action: action = "", SourceArn, SourceAccount } = input;
      const statements = statementsOf(of, key);
      if (statements.some(({ Sid }) => Sid === sid))
        throw new AwsError(
          "ResourceConflictException",
          `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the ` +
            "existing statement.",
        );
      const condition = {
        ...(SourceAccount === undefined ? {} : { StringEquals: { "AWS:SourceAccount": SourceAccount } }),
        ...(SourceArn === undefined ? {} : { ArnLike: { "AWS:SourceArn": SourceArn } }),
      };
      const statement: PolicyStatement = {
        Sid: sid,
        Effect: "Allow",
        Principal: principalOf(principal),
        Action: action,
        Resource: functionArn(of, key === "" ? undefined : key),
        ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
      };
      try {
        save(of, key, [...statements, statement], call);
      } catch (error) {
        if (error instanceof AwsError && /Invalid principal/i.test(error.message))
          throw invalid("The provided principal was invalid. Please check the principal and try again.");
        throw error;
      }
      return { Statement: JSON.stringify(statement) };
    },
  },
  RemovePermission: {
    authorize: onFunction("RemovePermission"),
    run: (input, call) => {
      const at = named(input, call);
      const of = find(at, call);
      if (!of) throw notFound(`No policy found for: ${functionArn(at)}`);
      const key = at.qualifier ?? "";
      if (key !== "" && !of.versions.has(key) && !of.aliases.has(key)) throw aliasNotFound(of, key);
      if (!of.policies.has(key)) throw notFound("No policy is associated with the given resource.");
      const statements = statementsOf(of, key);
      const left = statements.filter(({ Sid }) => Sid !== input.StatementId);
      if (left.length === statements.length)
        throw notFound(`Statement ${input.StatementId ?? ""} is not found in resource policy.`);
      save(of, key, left, call);
      return {};
    },
  },
  GetPolicy: {
    authorize: onFunction("GetPolicy"),
    run: (input, call) => {
      const at = named(input, call);
      const policy = find(at, call)?.policies.get(at.qualifier ?? "");
      if (!policy) throw notFound("The resource you requested does not exist.");
      return { Policy: shownPolicy(call.cloud, policy), RevisionId: policy.revisionId };
    },
  },
});

function checkVersion(of: LambdaFunction, version: string): void {
  if (version !== "$LATEST" && !of.versions.has(version))
    throw notFound(`Function not found: ${functionArn(of, version)}`);
}
