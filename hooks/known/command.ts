// `hooks known`: which things of a customer the partner's registry has.
import { access, open, rename, rm } from "node:fs/promises";
import { DynamoDBClient, type ScanCommandOutput, paginateScan } from "@aws-sdk/client-dynamodb";
import type { Command } from "commander";
import { ATTRIBUTES } from "../../shared/contract/registry-attributes.ts";
import { openDeployment } from "../deployment.ts";
import { EXIT } from "../exit-codes.ts";
import { writing } from "../files.ts";
import { interruptible } from "../interruptible.ts";
import { type SideOptions, accountId, withSideOptions } from "../options.ts";
import { UserError } from "../user-error.ts";

interface KnownOptions extends SideOptions {
  readonly customer: string;
  readonly to?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Example:
  $ hooks known --profile partner --customer 111111111111 --to known.txt`;

export function addKnown(program: Command): void {
  const command = program
    .command("known")
    .summary("writes down which things of a customer the partner knows")
    .description(
      "Writes the ARN of each thing of a customer that the partner's device registry has, one a line, for " +
        "`hooks backfill --known`. It reads the whole table: half a read unit for each 4 KB.",
    )
    .requiredOption("--customer <account>", "whose things", accountId)
    .option("--to <file>", "where to write, all or nothing; it must not be there yet. Default: prints them")
    .option("--json", "with --to: prints how many there are as JSON")
    .addHelpText("after", EXAMPLES);
  withSideOptions(command).action((options: KnownOptions) => known(options));
}

async function known({ customer, to, json, ...options }: KnownOptions): Promise<void> {
  if (json === true && to === undefined)
    throw new UserError("--json says how many were written: add --to FILE. Without it, each line printed is an ARN.");
  const { outputs, client } = await openDeployment("partner", options);
  const { registryTableName } = outputs;
  if (registryTableName === undefined)
    throw new UserError("The partner's stack keeps no device registry (registry: false): nothing says what it knows.");
  const signal = interruptible("a file is there only when all is in it");
  const pages = knownThings(new DynamoDBClient(client), registryTableName, customer, signal);
  if (to === undefined) for await (const arns of pages) process.stdout.write(linesOf(arns));
  else {
    const count = await writeWhole(to, pages, signal);
    if (!signal.aborted) console.log(json === true ? JSON.stringify({ things: count, file: to }) : `${count} in ${to}`);
  }
  if (signal.aborted) process.exitCode = EXIT.interrupted;
}

const linesOf = (arns: readonly string[]): string => arns.map((arn) => `${arn}\n`).join("");

/** All or nothing: a part would be taken for all that the partner knows. Returns how many lines it has. */
async function writeWhole(path: string, pages: AsyncIterable<readonly string[]>, signal: AbortSignal): Promise<number> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw new UserError(`${path} is there already: remove it, or give another name with --to.`);
  const unfinished = `${path}.unfinished`;
  const output = await writing(path, () => open(unfinished, "w"));
  let count = 0;
  try {
    for await (const arns of pages) {
      count += arns.length;
      await writing(path, () => output.appendFile(linesOf(arns)));
    }
    if (!signal.aborted) await writing(path, () => rename(unfinished, path));
  } finally {
    await output.close();
    await rm(unfinished, { force: true });
  }
  return count;
}

/** ARNs of the customer's things that are there, page by page. */
export async function* knownThings(
  client: DynamoDBClient,
  TableName: string,
  customer: string,
  signal?: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const pages = paginateScan(
    { client },
    {
      TableName,
      ProjectionExpression: "#subject",
      FilterExpression: "#deleted = :false",
      ExpressionAttributeNames: { "#subject": ATTRIBUTES.subject, "#deleted": ATTRIBUTES.deleted },
      ExpressionAttributeValues: { ":false": { BOOL: false } },
    },
  );
  const isThing = new RegExp(`^arn:[a-z-]+:iot:[a-z0-9-]+:${customer}:thing/[^#]+$`);
  for await (const { Items = [] } of pages as AsyncIterable<ScanCommandOutput>) {
    yield Items.flatMap((item) => item[ATTRIBUTES.subject]?.S ?? []).filter((arn) => isThing.test(arn));
    if (signal?.aborted === true) return;
  }
}
