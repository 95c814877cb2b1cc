import type { AddPermissionRequest } from "@aws-sdk/client-lambda";
import { type Properties, type ResourceType, argsOf, defined, unlessGone } from "../resource.ts";

/** A statement of a function's policy, as AddPermission makes it. */
interface PolicyStatement {
  readonly Sid: string;
  readonly Action: string;
  readonly Principal: { readonly Service?: string; readonly AWS?: string };
  readonly Condition?: {
    readonly ArnLike?: { readonly "AWS:SourceArn"?: string };
    readonly StringEquals?: { readonly "AWS:SourceAccount"?: string };
  };
}

const at = (state: Properties) => ({
  FunctionName: state.function as string,
  Qualifier: state.qualifier as string | undefined,
});

export const permission: ResourceType = {
  autoName: { property: "statementId", maxLength: 100 },
  required: ["action", "function", "principal"],
  optional: ["qualifier", "sourceAccount", "sourceArn"],
  replaceOn: ["action", "function", "principal", "qualifier", "sourceAccount", "sourceArn", "statementId"],
  computed: [],
  async create(aws, inputs) {
    const names = ["action", "principal", "sourceAccount", "sourceArn", "statementId"];
    const given = argsOf<AddPermissionRequest>(inputs, names) as AddPermissionRequest;
    await (await aws.lambda()).addPermission({ ...given, ...at(inputs) });
    return inputs.statementId as string;
  },
  /** `function/statement` or `function:qualifier/statement`. */
  imported(_aws, given) {
    const [target = "", id = ""] = given.split("/");
    const [name, qualifier] = target.split(":");
    return Promise.resolve({ id, state: defined({ function: name, qualifier }) });
  },
  async read(aws, id, state) {
    const found = await unlessGone((await aws.lambda()).getPolicy(at(state)));
    const { Statement = [] } = JSON.parse(found?.Policy ?? "{}") as { Statement?: PolicyStatement[] };
    const it = Statement.find(({ Sid }) => Sid === id);
    return (
      it &&
      defined({
        function: state.function as string,
        qualifier: state.qualifier as string | undefined,
        statementId: id,
        action: it.Action,
        principal: it.Principal.Service ?? it.Principal.AWS,
        sourceArn: it.Condition?.ArnLike?.["AWS:SourceArn"],
        sourceAccount: it.Condition?.StringEquals?.["AWS:SourceAccount"],
      })
    );
  },
  async delete(aws, id, state) {
    await unlessGone((await aws.lambda()).removePermission({ ...at(state), StatementId: id }));
  },
};
