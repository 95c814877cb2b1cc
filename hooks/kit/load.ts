// The kits' maker, loaded when a command needs it: it runs the component, and so loads Pulumi, which no other command
// needs and not every machine that runs one has.
import { UserError } from "../user-error.ts";

/** @throws UserError where there is no Pulumi */
export async function loadKit() {
  try {
    return await import("../../kit/index.ts");
  } catch (error) {
    const { code, message = "" } = error as { readonly code?: string; readonly message?: string };
    if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes("@pulumi/")) throw error;
    throw new UserError(
      "What `hooks kit` makes comes from the component itself, which needs Pulumi's packages: npm install " +
        "@pulumi/pulumi @pulumi/aws",
      { cause: error },
    );
  }
}

/** @throws UserError for an address that CloudFormation doesn't take a template from */
export function checkTemplateUrl(url: string): void {
  if (!url.startsWith("https://"))
    throw new UserError(`--template-url is "${url}", but CloudFormation takes an https:// address in S3 only.`);
}
