// Which deployment a command is about: what its stack puts out, as far as a command reads it.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import * as v from "valibot";
import { REGISTRY_EVENT_KINDS } from "../shared/contract/registry-events.ts";
import type { CustomerOutputs, PartnerOutputs } from "../shared/contract/outputs.ts";
import type { SideOptions } from "./options.ts";
import { inWords } from "./printable.ts";
import type { Side } from "./sides.ts";
import { UserError } from "./user-error.ts";

const arn = v.pipe(v.string(), v.startsWith("arn:"));
const url = v.pipe(v.string(), v.url());

/** Not there; a null, by which Terraform says so, is the same. */
const optional = <T>(schema: v.GenericSchema<unknown, T>) =>
  v.optional(
    v.pipe(
      v.nullable(schema),
      v.transform((value) => value ?? undefined),
    ),
  );

const FUNCTION = {
  functionName: v.string(),
  functionVersion: v.string(),
  functionArn: arn,
  functionAliasArn: arn,
  logGroupName: v.string(),
};

const SIDE = {
  ...FUNCTION,
  contractVersion: v.number(),
  accountId: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  region: v.pipe(v.string(), v.nonEmpty()),
};

/** What a command reads of `CustomerOutputs` and `PartnerOutputs` of the contract. */
const OUTPUTS = {
  customer: v.object({
    ...SIDE,
    roleArn: arn,
    publishRoleArn: arn,
    ruleName: optional(v.string()),
    registryEventRuleNames: optional(v.record(v.picklist(REGISTRY_EVENT_KINDS), v.string())),
    deadLetterQueueUrls: v.object({ registryRule: optional(url), registryEvents: optional(url), announce: url }),
    trailArn: optional(arn),
    reconciliation: optional(
      v.object({
        ...FUNCTION,
        ruleName: v.string(),
        deadLetterQueueUrls: v.object({ reconcileRule: url, reconcile: url }),
      }),
    ),
  }),
  partner: v.object({
    ...SIDE,
    ruleName: v.string(),
    hub: v.object({
      customersTableName: v.string(),
      operations: v.pipe(v.array(v.string()), v.nonEmpty()),
      nameSuffix: optional(v.string()),
      basicIngestRule: optional(v.string()),
    }),
    dataEndpoint: v.string(),
    deadLetterQueueUrls: v.object({ topicRule: url, receive: url }),
    registryTableName: optional(v.string()),
  }),
};
export interface OutputsOf {
  readonly customer: CustomerOutputs;
  /** Without `publishRoleArns`: who is a customer, the table says, of which other stacks' customers are items too. */
  readonly partner: Omit<PartnerOutputs, "publishRoleArns" | "hub"> & {
    readonly hub: Pick<PartnerOutputs["hub"], "customersTableName" | "nameSuffix" | "basicIngestRule"> & {
      readonly operations: readonly string[];
    };
  };
}

/** An account in one Region. */
export type Place = Pick<CustomerOutputs, "accountId" | "region">;

/** Of the stack of one side, or of the one that has both. @throws UserError */
export async function readOutputs<S extends Side>(
  side: S,
  { outputs, stack, project }: SideOptions,
): Promise<OutputsOf[S]> {
  if (outputs !== undefined && (stack ?? project) !== undefined)
    throw new UserError(
      "--outputs says where the stack's outputs are, and so do --stack and --project: give one or the other.",
    );
  const text = outputs === undefined ? await askPulumi(stack, project) : await readOutputsFile(outputs);
  const where = outputs ?? (stack === undefined ? "the selected stack" : `the stack ${stack}`);
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new UserError(`${where} holds no JSON: it takes what \`pulumi stack output --json\` prints.`);
  }
  // A stack that has both sides puts each out under its name.
  const both = v.safeParse(v.object({ customer: v.unknown(), partner: v.unknown() }), given);
  const own = both.success ? both.output[side] : given;
  return checkedOutputs(side, own, `The outputs of ${where}`);
}

/** @param whose begins the sentence. @throws UserError where something is missing */
export function checkedOutputs<S extends Side>(side: S, given: unknown, whose: string): OutputsOf[S] {
  const read = v.safeParse(OUTPUTS[side], given);
  // As JSON has it: what isn't there is no member at all.
  if (read.success) return JSON.parse(JSON.stringify(read.output)) as OutputsOf[S];
  const [issue] = read.issues;
  throw new UserError(
    `${whose} have no ${v.getDotPath(issue) ?? "members"} as the ${side}'s stack has it ` +
      `(${issue.message}). Is it the ${side}'s stack, and deployed by this release?`,
  );
}

async function readOutputsFile(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UserError(`--outputs ${file} can't be read: ${inWords(error)}.`, { cause: error });
  }
}

async function askPulumi(stack: string | undefined, project: string | undefined): Promise<string> {
  const args = [
    ...["stack", "output", "--json"],
    ...(stack === undefined ? [] : ["--stack", stack]),
    ...(project === undefined ? [] : ["--cwd", project]),
  ];
  try {
    return (await promisify(execFile)("pulumi", args)).stdout;
  } catch (error) {
    const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: string };
    throw new UserError(
      code === "ENOENT"
        ? "There is no pulumi on the PATH to ask for the stack's outputs: have it found by --by-tags REGION, or give --outputs FILE."
        : `\`pulumi ${args.join(" ")}\` failed: ${inWords(stderr ?? error)} Give the outputs with --outputs FILE, or ` +
            "the folder of the stack's project with --project FOLDER.",
      { cause: error },
    );
  }
}
