// `hooks doctor`: what the operator types, and sees.
import { Argument, type Command } from "commander";
import yoctoSpinner from "yocto-spinner";
import { openDeployment } from "../deployment.ts";
import { EXIT } from "../exit-codes.ts";
import { type BothOptions, accountId, optionsOf, withBothOptions } from "../options.ts";
import { inJson } from "../printable.ts";
import { SIDES } from "../sides.ts";
import { UserError } from "../user-error.ts";
import type { Whose } from "./checks/publish-roles.ts";

interface DoctorOptions extends BothOptions, Whose {
  readonly json?: boolean;
}

export function addDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .summary("looks for what keeps things from arriving, or will")
    .description(
      "Looks at what is deployed on one side or on both, changes nothing, and says what is wrong, why it matters, the " +
        "command that mends it, and what it could not look at. Ends with 1 where something is broken or at risk.",
    )
    .addArgument(new Argument("<side>", "whose").choices([...SIDES, "both"]))
    .option("--all-customers", "asks IAM about each customer's role, a call for each, and not about some of them only")
    .option("--customer <account>", "of the customers' roles at the partner looks at this one's only", accountId)
    .option("--json", "prints the report as JSON")
    .addHelpText(
      "after",
      `
Examples:
  hooks doctor customer --profile customer --project customer
  hooks doctor both --customer-profile customer --customer-outputs customer.json \\
                    --partner-profile partner --partner-outputs partner.json
  hooks doctor partner --profile partner --by-tags us-east-1 --customer 111111111111
  hooks doctor both --outputs both.json --json      of a stack that has both sides`,
    );
  withBothOptions(command).action((side: "customer" | "partner" | "both", options: DoctorOptions) =>
    doctor(side, options),
  );
}

async function doctor(side: "customer" | "partner" | "both", options: DoctorOptions): Promise<void> {
  if (side === "customer" && (options.allCustomers === true || options.customer !== undefined))
    throw new UserError("--customer and --all-customers are about the partner's roles: look at partner, or at both.");
  // Ten SDK clients take half a second to load: other commands don't need them.
  const { Account } = await import("./account.ts");
  const { examine } = await import("./examination.ts");
  const { needsAttention, reportText } = await import("./report.ts");
  const customer =
    side === "partner" ? undefined : new Account(await openDeployment("customer", optionsOf("customer", options)));
  const partner =
    side === "customer" ? undefined : new Account(await openDeployment("partner", optionsOf("partner", options)));
  const spinner = process.stderr.isTTY && options.json !== true ? yoctoSpinner({ text: "looking" }) : undefined;
  spinner?.start();
  const report = await examine({ customer, partner, whose: options }, (done, of) => {
    if (spinner) spinner.text = `${done} of ${of} checks`;
  }).finally(() => spinner?.stop());
  console.log(options.json === true ? inJson(report) : reportText(report));
  if (needsAttention(report)) process.exitCode = EXIT.attention;
}
