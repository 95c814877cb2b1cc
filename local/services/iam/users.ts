// Users are only read: each account has its one administrator, and everybody else is a role.
import type { IAM, User as ShownUser } from "@aws-sdk/client-iam";
import { AwsError } from "../../core/errors.ts";
import type { User } from "../../core/identity.ts";
import { operations, type Call } from "../../core/service.ts";
import { arnWithPath, noSuchEntity, onAnything, shownBoundary } from "./entities.ts";
import { pageOf } from "./page.ts";
import { resourceTags, shownTags } from "./tags.ts";

/** The one asked for, or else the caller itself. */
function userName(input: { readonly UserName?: string | undefined }, { caller }: Call): string {
  if (input.UserName !== undefined) return input.UserName;
  if (caller.kind === "user") return caller.arn.split("/").at(-1) ?? "";
  throw new AwsError("ValidationError", "Must specify userName when calling with non-User credentials", {
    status: 400,
  });
}

const listedUser = (user: User): ShownUser => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.uniqueId,
  Arn: user.arn,
  CreateDate: user.createdAt,
});

export const users = operations<IAM>({
  GetUser: {
    authorize: (input, call) => {
      const name = userName(input, call);
      const user = call.cloud.identities.iam(call.account).users.get(name);
      const resource = user?.arn ?? arnWithPath(call, "user", "/", name);
      return { action: "iam:GetUser", resource, context: resourceTags(user?.tags) };
    },
    run: (input, call) => {
      const name = userName(input, call);
      const user = call.cloud.identities.iam(call.account).users.get(name);
      if (!user) throw noSuchEntity(`The user with name ${name} cannot be found.`);
      return { User: { ...listedUser(user), ...shownBoundary(user), ...shownTags(user.tags) } };
    },
  },
  ListUsers: {
    authorize: onAnything("ListUsers"),
    run: (input, call) => {
      const within = [...call.cloud.identities.iam(call.account).users.values()].filter(({ path }) =>
        path.startsWith(input.PathPrefix ?? "/"),
      );
      const { items, end } = pageOf(within, ({ name }) => name, input);
      return { Users: items.map(listedUser), ...end };
    },
  },
});
