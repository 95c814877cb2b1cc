// `hooks known`: which things of a customer the partner's registry has.
import { open } from "node:fs/promises";
import { DynamoDBClient, type ScanCommandOutput, paginateScan } from "@aws-sdk/client-dynamodb";
import type { Command } from "commander";
import { ATTRIBUTES } from "../../shared/contract/registry-attributes.ts";
import { openDeployment } from "../deployment.ts";
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
    .option("--to <file>", "where to write; it must not be there yet. Default: prints them")
    .option("--json", "prints how many there are as JSON; with --to")
    .addHelpText("after", EXAMPLES);
  withSideOptions(command).action((options: KnownOptions) => known(options));
}

async function known({ customer, to, json, ...options }: KnownOptions): Promise<void> {
  const { outputs, client } = await openDeployment("partner", options);
  const { registryTableName } = outputs;
  if (registryTableName === undefined)
    throw new UserError("The partner's stack keeps no device registry (registry: false): nothing says what it knows.");
  const output = to === undefined ? undefined : await created(to);
  let count = 0;
  try {
    for await (const arns of knownThings(new DynamoDBClient(client), registryTableName, customer)) {
      count += arns.length;
      const text = arns.map((arn) => `${arn}\n`).join("");
      if (output === undefined) process.stdout.write(text);
      else await output.appendFile(text);
    }
  } finally {
    await output?.close();
  }
  if (to !== undefined) console.log(json === true ? JSON.stringify({ things: count, file: to }) : `${count} in ${to}`);
}

async function created(path: string) {
  try {
    return await open(path, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new UserError(`${path} is there already: remove it, or give another name with --to.`, { cause: error });
  }
}

/** ARNs of the customer's things that are there, page by page. */
export async function* knownThings(
  client: DynamoDBClient,
  TableName: string,
  customer: string,
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
  for await (const { Items = [] } of pages as AsyncIterable<ScanCommandOutput>)
    yield Items.flatMap((item) => item[ATTRIBUTES.subject]?.S ?? []).filter((arn) => isThing.test(arn));
}
