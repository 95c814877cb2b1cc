// Which deployment a command is about: what its stack puts out, and clients for its account and Region.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import type { Command } from "commander";
import * as v from "valibot";
import { inWords } from "./printable.ts";
import { UserError } from "./user-error.ts";

export const SIDES = ["customer", "partner"] as const;
export type Side = (typeof SIDES)[number];

/** What every command that works on a deployment takes. */
export interface StackOptions {
  readonly outputs?: string;
  readonly stack?: string;
  readonly profile?: string;
  readonly endpointUrl?: string;
}

export const withStackOptions = (command: Command): Command =>
  command
    .option("--outputs <file>", "what `pulumi stack output --json` printed; default: asks pulumi, in this folder")
    .option("--stack <name>", "the stack to ask pulumi about; default: the one that is selected")
    .option("--profile <name>", "the AWS profile; default: AWS_PROFILE, or what else the SDK finds")
    .option("--endpoint-url <url>", "another AWS, such as the embedded one; default: AWS_ENDPOINT_URL, or AWS");

const OUTPUTS = v.object({
  accountId: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  region: v.pipe(v.string(), v.nonEmpty()),
  functionAliasArn: v.pipe(v.string(), v.startsWith("arn:")),
  /** By what could not go on there. */
  deadLetterQueueUrls: v.record(v.string(), v.pipe(v.string(), v.url())),
});
export type Outputs = v.InferOutput<typeof OUTPUTS>;

/** Of the stack of one side, or of the one that has both. @throws UserError */
export async function readOutputs(side: Side, { outputs, stack }: StackOptions): Promise<Outputs> {
  if (outputs !== undefined && stack !== undefined)
    throw new UserError("--outputs and --stack both say where the stack's outputs are: give one of them.");
  const text = outputs === undefined ? await askPulumi(stack) : await readOutputsFile(outputs);
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
  const read = v.safeParse(OUTPUTS, own);
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new UserError(
    `The outputs of ${where} have no ${v.getDotPath(issue) ?? "members"} as the ${side}'s stack has it ` +
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

async function askPulumi(stack: string | undefined): Promise<string> {
  const args = ["stack", "output", "--json", ...(stack === undefined ? [] : ["--stack", stack])];
  try {
    return (await promisify(execFile)("pulumi", args)).stdout;
  } catch (error) {
    const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: string };
    throw new UserError(
      code === "ENOENT"
        ? "There is no pulumi on the PATH to ask for the stack's outputs: give them with --outputs FILE."
        : `\`pulumi ${args.join(" ")}\` failed: ${inWords(stderr ?? error)} Give the outputs with --outputs FILE, or ` +
            "run this in the folder of the stack's project.",
      { cause: error },
    );
  }
}

/** What an SDK client of this deployment is made with. */
export interface ClientOptions {
  readonly region: string;
  readonly credentials: ReturnType<typeof fromNodeProviderChain>;
  readonly maxAttempts: number;
  readonly endpoint?: string;
}

export interface Access {
  readonly client: ClientOptions;
  /** ARN of who works here. */
  readonly callerArn: string;
}

/** @throws UserError where the credentials are of another account than the stack, or of nobody */
export async function accessTo(
  { accountId, region }: Pick<Outputs, "accountId" | "region">,
  { profile, endpointUrl }: StackOptions,
): Promise<Access> {
  const client: ClientOptions = {
    region,
    credentials: fromNodeProviderChain(profile === undefined ? {} : { profile }),
    maxAttempts: 5,
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
  };
  const whose = profile === undefined ? "The credentials" : `The credentials of the profile ${profile}`;
  let caller;
  try {
    caller = await new STSClient(client).send(new GetCallerIdentityCommand());
  } catch (error) {
    throw new UserError(`${whose} don't work: ${inWords(error)}`, { cause: error });
  }
  if (caller.Account !== accountId)
    throw new UserError(
      `${whose} are of account ${caller.Account ?? "unknown"}, the stack is in account ${accountId}: give another ` +
        "--profile.",
    );
  return { client, callerArn: caller.Arn ?? "" };
}
