import * as pulumi from "@pulumi/pulumi";
import { BAD_PROGRAMS } from "../../policy-pack/bad-programs.ts";

/**
 * The first of the programs that were made for the rule. Some others the embedded AWS's provider refuses before the
 * pack sees them.
 */
const badProgram = async (): Promise<Record<string, never>> => {
  const rule = new pulumi.Config().require("rule");
  const found = BAD_PROGRAMS.find((program) => program.rule === rule);
  if (!found) throw new pulumi.RunError(`No program breaks the rule ${rule}.`);
  return found.program();
};

// Nothing may be exported beside it: Pulumi runs a function that is the module's default export.
export default badProgram;
