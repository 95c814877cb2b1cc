// Changes of roles that aren't in effect at once, where /_local/delivery asks for it: IAM is eventually consistent
// («Troubleshoot IAM», «Changes that I make are not always immediately visible»). Deletions are in effect at once all
// the same.
import type { Effective, Role } from "../../core/identity.ts";
import type { AnyOperation, Call } from "../../core/service.ts";

const CHANGES = new Set([
  ...["CreateRole", "UpdateAssumeRolePolicy", "PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary"],
  ...["PutRolePolicy", "DeleteRolePolicy", "AttachRolePolicy", "DetachRolePolicy"],
]);

const copyOf = ({ trust, inline, attached, boundary }: Role): Effective => ({
  ...{ trust, boundary },
  inline: new Map(inline),
  attached: new Set(attached),
});

export function delayed<Operations extends Readonly<Record<string, AnyOperation>>>(operations: Operations): Operations {
  const rows = Object.entries(operations).map(([name, operation]) => {
    if (!CHANGES.has(name)) return [name, operation];
    const run = async (input: { readonly RoleName?: string }, call: Call): Promise<unknown> => {
      const { identities, delivery } = call.cloud;
      const role = () => identities.iam(call.account).roles.get(input.RoleName ?? "");
      const present = role();
      const before = present && copyOf(present);
      const output: unknown = await operation.run(input, call);
      const changed = role();
      const seconds = delivery.settings.iamDelaySeconds ?? 0;
      if (changed && seconds > 0) identities.delay(changed, before, seconds);
      return output;
    };
    return [name, { ...operation, run }];
  });
  return Object.fromEntries(rows) as Operations;
}
