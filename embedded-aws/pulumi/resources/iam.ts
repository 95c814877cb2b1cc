import type { CreateRoleRequest } from "@aws-sdk/client-iam";
import {
  type Properties,
  type ResourceType,
  argsOf,
  defined,
  jsonText,
  propertiesOf,
  tagList,
  tagMap,
  tagsIn,
  unlessGone,
} from "../resource.ts";

/** IAM answers with URL-encoded documents (RFC 3986). */
const document = (text: string | undefined): string => decodeURIComponent(text ?? "");
/** A role's name, where a program may give it as name or ARN. */
const roleName = (role: unknown): string => String(role).split("/").at(-1) ?? "";
/** A role's name, and what is behind the first separator: neither stands in a role's name. */
const split = (id: string): [string, string] => {
  const at = id.search(/[:/]/);
  return [id.slice(0, at), id.slice(at + 1)];
};

const SETTINGS = ["path", "description", "maxSessionDuration"];

export const role: ResourceType = {
  autoName: { property: "name", maxLength: 64 },
  required: ["assumeRolePolicy"],
  optional: ["description", "permissionsBoundary"],
  replaceOn: ["name", "path"],
  computed: ["arn", "uniqueId", "createDate"],
  tagged: true,
  defaults: { path: "/", maxSessionDuration: 3600 },
  fixed: { forceDetachPolicies: false },
  json: ["assumeRolePolicy"],
  async create(aws, inputs) {
    const iam = await aws.iam();
    await iam.createRole({
      ...argsOf<CreateRoleRequest>(inputs, [...SETTINGS, "permissionsBoundary"]),
      RoleName: inputs.name as string,
      AssumeRolePolicyDocument: jsonText(inputs.assumeRolePolicy),
      Tags: tagList(tagsIn(inputs)),
    });
    return inputs.name as string;
  },
  async read(aws, id) {
    const found = await unlessGone((await aws.iam()).getRole({ RoleName: id }));
    const it = found?.Role;
    if (!it) return undefined;
    return defined({
      ...propertiesOf(it, [...SETTINGS, "arn"]),
      name: it.RoleName,
      uniqueId: it.RoleId,
      permissionsBoundary: it.PermissionsBoundary?.PermissionsBoundaryArn,
      createDate: it.CreateDate?.toISOString(),
      assumeRolePolicy: document(it.AssumeRolePolicyDocument),
      tagsAll: tagMap(it.Tags),
    });
  },
  async update(aws, id, news, olds) {
    const iam = await aws.iam();
    await iam.updateAssumeRolePolicy({ RoleName: id, PolicyDocument: jsonText(news.assumeRolePolicy) });
    await iam.updateRole({
      RoleName: id,
      Description: (news.description ?? "") as string,
      MaxSessionDuration: news.maxSessionDuration as number,
    });
    const boundary = news.permissionsBoundary as string | undefined;
    if (boundary !== undefined) await iam.putRolePermissionsBoundary({ RoleName: id, PermissionsBoundary: boundary });
    else if (olds.permissionsBoundary !== undefined) await iam.deleteRolePermissionsBoundary({ RoleName: id });
  },
  tagging: {
    tag: async (aws, { name }, tags) => (await aws.iam()).tagRole({ RoleName: name as string, Tags: tagList(tags) }),
    untag: async (aws, { name }, TagKeys) => (await aws.iam()).untagRole({ RoleName: name as string, TagKeys }),
  },
  async delete(aws, id) {
    await unlessGone((await aws.iam()).deleteRole({ RoleName: id }));
  },
};

export const rolePolicy: ResourceType = {
  autoName: { property: "name", maxLength: 128 },
  required: ["role", "policy"],
  replaceOn: ["name", "role"],
  computed: [],
  json: ["policy"],
  async create(aws, inputs) {
    await this.update?.(aws, "", inputs, {});
    return `${roleName(inputs.role)}:${inputs.name as string}`;
  },
  async read(aws, id) {
    const [RoleName, PolicyName] = split(id);
    const found = await unlessGone((await aws.iam()).getRolePolicy({ RoleName, PolicyName }));
    return found && { role: found.RoleName, name: found.PolicyName, policy: document(found.PolicyDocument) };
  },
  async update(aws, _id, news) {
    const iam = await aws.iam();
    await iam.putRolePolicy({
      RoleName: roleName(news.role),
      PolicyName: news.name as string,
      PolicyDocument: jsonText(news.policy),
    });
  },
  async delete(aws, id) {
    const [RoleName, PolicyName] = split(id);
    await unlessGone((await aws.iam()).deleteRolePolicy({ RoleName, PolicyName }));
  },
};

export const rolePolicyAttachment: ResourceType = {
  required: ["role", "policyArn"],
  replaceOn: ["role", "policyArn"],
  computed: [],
  async create(aws, inputs) {
    const iam = await aws.iam();
    await iam.attachRolePolicy({ RoleName: roleName(inputs.role), PolicyArn: inputs.policyArn as string });
    return `${roleName(inputs.role)}/${inputs.policyArn as string}`;
  },
  async read(aws, id) {
    const [RoleName, PolicyArn] = split(id);
    const found = await unlessGone((await aws.iam()).listAttachedRolePolicies({ RoleName }));
    return found?.AttachedPolicies?.some((policy) => policy.PolicyArn === PolicyArn)
      ? { role: RoleName, policyArn: PolicyArn }
      : undefined;
  },
  async delete(aws, id) {
    const [RoleName, PolicyArn] = split(id);
    await unlessGone((await aws.iam()).detachRolePolicy({ RoleName, PolicyArn }));
  },
};

export const openIdConnectProvider: ResourceType = {
  required: ["url", "clientIdLists"],
  optional: ["thumbprintLists"],
  replaceOn: ["url", "clientIdLists", "thumbprintLists"],
  computed: ["arn"],
  tagged: true,
  async create(aws, inputs) {
    const iam = await aws.iam();
    const { OpenIDConnectProviderArn = "" } = await iam.createOpenIDConnectProvider({
      Url: inputs.url as string,
      ClientIDList: inputs.clientIdLists as string[],
      ThumbprintList: inputs.thumbprintLists as string[] | undefined,
      Tags: tagList(tagsIn(inputs)),
    });
    return OpenIDConnectProviderArn;
  },
  async read(aws, id, state: Properties) {
    const found = await unlessGone((await aws.iam()).getOpenIDConnectProvider({ OpenIDConnectProviderArn: id }));
    return (
      found && {
        arn: id,
        // IAM answers without the scheme, and the provider leaves it as the program spells it.
        url: (state.url as string | undefined) ?? `https://${found.Url ?? ""}`,
        clientIdLists: found.ClientIDList,
        tagsAll: tagMap(found.Tags),
      }
    );
  },
  async delete(aws, id) {
    await unlessGone((await aws.iam()).deleteOpenIDConnectProvider({ OpenIDConnectProviderArn: id }));
  },
};
