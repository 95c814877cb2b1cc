// `hooks smoke`: what the operator types, and sees.
import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IoTClient } from "@aws-sdk/client-iot";
import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import yoctoSpinner from "yocto-spinner";
import { type Deployment, openDeployment } from "../deployment.ts";
import { EXIT } from "../exit-codes.ts";
import { interruptible } from "../interruptible.ts";
import { OWN_FUNCTION } from "../logs/line.ts";
import type { LogGroup } from "../logs/read.ts";
import { type BothOptions, optionsOf, withBothOptions } from "../options.ts";
import { inJson } from "../printable.ts";
import { SIDES, type Side } from "../sides.ts";
import { UserError } from "../user-error.ts";
import { historyIn, triggersOf } from "./answer.ts";
import { CREATE_THING, PATH_NAMES, type Path, type PathName, REGISTER_THING } from "./paths.ts";
import { registryHop } from "./registry.ts";
import { needsAttention, reportText } from "./report.ts";
import { SMOKE_PREFIX, type SmokeParts, smoke } from "./smoke.ts";

interface SmokeOptions extends BothOptions {
  readonly eventId?: string;
  readonly thing?: string;
  readonly timeout: number;
  readonly path: PathName;
  readonly bucket?: string;
  readonly roleArn?: string;
  readonly json?: boolean;
}
type Which = Side | "both";

/** CloudTrail was measured at 17 seconds once, and at more than five minutes in three other runs. */
const DEFAULT_MINUTES = 15;

function minutes(value: string): number {
  const number = Number(value);
  if (!(number > 0) || number > 24 * 60) throw new InvalidArgumentError("It takes minutes, up to a day.");
  return number;
}

export function addSmoke(program: Command): void {
  const command = program
    .command("smoke")
    .summary("sends a real thing through both accounts, and removes it")
    .description(
      `Makes a thing ${SMOKE_PREFIX}… in the customer's account, follows it by what both functions log and what the ` +
        "device registry knows, says how long each hop took and which principal AWS IoT saw, and removes the thing. The " +
        "customer's half alone says what to type at the partner's; that half needs the event's id.",
    )
    .addArgument(new Argument("<side>", "whose half").choices([...SIDES, "both"]))
    .option("--event-id <id>", "only the partner's half: the event that the customer's half named")
    .option("--thing <name>", "only the partner's half: the thing that the customer's half named")
    .option("--timeout <minutes>", "how long each half is waited for", minutes, DEFAULT_MINUTES)
    .addOption(
      new Option("--path <way>", "how the thing is made: of other ways than CreateThing it says how they are heard of")
        .choices(PATH_NAMES)
        .default(PATH_NAMES[0]),
    )
    .option(
      "--bucket <name>",
      "with --path bulk: a bucket in the customer's account and Region, for a file of one line",
    )
    .option("--role-arn <arn>", "with --path bulk: the role as which AWS IoT reads that file and registers the thing")
    .option("--json", "prints the report as JSON")
    .addHelpText(
      "after",
      `
Examples:
  hooks smoke both --customer-profile customer --customer-outputs customer.json \\
                   --partner-profile partner --partner-outputs partner.json
  hooks smoke customer --profile customer --timeout 30
  hooks smoke customer --profile customer --path register-thing
  hooks smoke partner --profile partner --event-id 5a4f1c2e-… --thing ${SMOKE_PREFIX}1f2e3d4c

It ends with 1 where the thing did not arrive, nobody could see whether it did, or it could not be removed; with 130 after Ctrl-C, the thing removed.`,
    );
  withBothOptions(command).action((side: Which, options: SmokeOptions) => run(side, options));
}

const logGroupOf = ({ side, client, outputs }: Deployment<Side>): LogGroup => ({
  side,
  function: OWN_FUNCTION[side],
  logs: new CloudWatchLogsClient(client),
  logGroupName: outputs.logGroupName,
});

async function pathOf(
  { path, bucket = "", roleArn = "" }: SmokeOptions,
  { client }: Deployment<"customer">,
): Promise<Path> {
  if (path === "create-thing") return CREATE_THING;
  if (path === "register-thing") return REGISTER_THING;
  // A client that nothing else needs.
  const [{ S3Client }, { bulk }] = await Promise.all([import("@aws-sdk/client-s3"), import("./bulk.ts")]);
  return bulk({ s3: new S3Client(client), bucket, roleArn });
}

async function run(side: Which, options: SmokeOptions): Promise<void> {
  const { eventId, thing, path, bucket, roleArn } = options;
  if (side === "partner" && eventId === undefined && thing === undefined)
    throw new UserError(
      "Which thing? The customer's half (`hooks smoke customer`) says what to type here: --event-id ID --thing NAME.",
    );
  if (side !== "partner" && (eventId ?? thing) !== undefined)
    throw new UserError("--event-id and --thing are for the partner's half: the other one makes a thing of its own.");
  if (side === "partner" && path !== PATH_NAMES[0])
    throw new UserError("--path is for the customer's half, which makes the thing: leave it out.");
  if ((bucket ?? roleArn) !== undefined && path !== "bulk")
    throw new UserError("--bucket and --role-arn are for bulk registration alone: add --path bulk, or leave them out.");
  if (path === "bulk" && (bucket === undefined || roleArn === undefined))
    throw new UserError(
      "Bulk registration reads a file in S3 as a role: give --bucket NAME and --role-arn ARN, both of that account.",
    );
  const customer = side === "partner" ? undefined : await openDeployment("customer", optionsOf("customer", options));
  const partner = side === "customer" ? undefined : await openDeployment("partner", optionsOf("partner", options));
  const signal = interruptible("then the thing stays until the next run");
  const spinner = process.stderr.isTTY && options.json !== true ? yoctoSpinner({ handleSignals: false }) : undefined;
  spinner?.start("Making a thing");
  const table = partner?.outputs.registryTableName;
  const parts: SmokeParts = {
    customer: customer && {
      iot: new IoTClient(customer.client),
      log: logGroupOf(customer),
      triggers: triggersOf(customer.outputs),
      history: historyIn(new CloudTrailClient(customer.client)),
    },
    partner: partner && logGroupOf(partner),
    registry:
      partner && table !== undefined
        ? registryHop(new DynamoDBClient(partner.client), table, customer?.outputs)
        : undefined,
    now: Date.now,
    wait: (ms) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
    signal,
    timeoutMs: options.timeout * 60_000,
    progress: (text) => {
      if (spinner) spinner.text = text;
    },
  };
  const thingName = customer ? SMOKE_PREFIX + randomBytes(6).toString("hex") : (thing ?? "");
  const report = await smoke(parts, {
    thingName,
    eventId,
    path: customer && (await pathOf(options, customer)),
  }).finally(() => spinner?.stop());
  console.log(options.json === true ? inJson(report) : reportText(report));
  if (signal.aborted) process.exitCode = EXIT.interrupted;
  else if (needsAttention(report)) process.exitCode = EXIT.attention;
}
