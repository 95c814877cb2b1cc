// The partner's own code, `onThing`: where it lies, what it is given, and how it gets into the receive function.
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import {
  type Bundle,
  UnbundledModule,
  bundle,
  bundleAtOnce,
  functionArchive,
  siblingModule,
  specifier,
} from "../shared/bundle.ts";
import type { AccountRegion } from "../shared/contract/names.ts";
import { checkedInputs, whenKnown } from "../shared/inputs.ts";
import type { Statement } from "../shared/policy-document.ts";
import { type Naming, memberPath, parsed, refusal, text, wholeNumber } from "../shared/settings.ts";
import { DEFAULT_MEMORY_MB, DEFAULT_TIMEOUT_SECONDS } from "../shared/versioned-function.ts";
import { RECEIVE_VARIABLES } from "./lambda/settings.ts";
import { checkPublishing } from "./topics.ts";

/**
 * What the receive function's role may do for the partner's own code: a statement of an IAM policy, spelled as there.
 */
export interface PolicyStatement {
  /**
   * Letters and digits. Default: none.
   * @example "SendLetters"
   */
  readonly Sid?: pulumi.Input<string> | undefined;
  /**
   * `Allow` or `Deny`. Default: `Allow`.
   * @example "Allow"
   */
  readonly Effect?: pulumi.Input<string> | undefined;
  /**
   * Actions that the statement is about.
   * @example ["sqs:SendMessage"]
   */
  readonly Action: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * ARNs that the statement is about.
   * @example [queue.arn]
   */
  readonly Resource: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Values by condition key by operator. Default: none.
   * @example { StringEquals: { "aws:ResourceTag/team": ["fleet"] } }
   */
  readonly Condition?:
    pulumi.Input<Record<string, pulumi.Input<Record<string, pulumi.Input<pulumi.Input<string>[]>>>>> | undefined;
}

/** @example `{ entry: "./on-thing.ts", environment: { QUEUE_URL: queue.url } }` */
export interface OnThingModule {
  /**
   * Module that exports a function `onThing(delivery)`, in TypeScript or JavaScript: an absolute path, or one from
   * the Pulumi project's folder. It is bundled with all that it imports, npm packages included.
   * @example "./on-thing.ts"
   */
  readonly entry: string;
  /**
   * Environment variables for it. Default: none.
   * @example { QUEUE_URL: queue.url }
   */
  readonly environment?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /**
   * What it may do on AWS, beside writing its log. Default: nothing. Not publishing on the hooks' own topics: it would
   * loop, and could speak for customers.
   * @example [{ Action: ["sqs:SendMessage"], Resource: [queue.arn] }]
   */
  readonly policyStatements?: PolicyStatement[] | undefined;
  /**
   * Seconds, 1 to 900, for one message. Default: 30.
   * @example 60
   */
  readonly timeout?: pulumi.Input<number> | undefined;
  /**
   * Memory in MB, 128 to 10240; processing power grows with it. Default: 256.
   * @example 512
   */
  readonly memory?: pulumi.Input<number> | undefined;
}

/** What the receive function is made with. */
export interface OwnCode {
  readonly archive: pulumi.Output<pulumi.asset.AssetArchive>;
  readonly environment: pulumi.Output<Readonly<Record<string, string>>>;
  readonly statements: pulumi.Output<Statement[]>;
  readonly timeout: pulumi.Output<number>;
  readonly memory: pulumi.Output<number>;
}

/** Lambda Developer Guide, "Using environment variables": names, and those that the runtime sets itself. */
const VARIABLE = /^[A-Za-z]\w+$/;
const RESERVED =
  /^(?:AWS_(?:DEFAULT_REGION|REGION|EXECUTION_ENV|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|LAMBDA_\w+)|LAMBDA_(?:TASK_ROOT|RUNTIME_DIR))$/;

function variableProblem(name: string): string | undefined {
  if (!VARIABLE.test(name))
    return "but Lambda takes names of letters, digits and _, the first a letter: choose another";
  if (RESERVED.test(name)) return "but Lambda sets that variable itself: choose another name";
  return (Object.values(RECEIVE_VARIABLES) as string[]).includes(name)
    ? "but the receive function has that variable for itself: choose another name"
    : undefined;
}

/** Values aren't shown: some are secrets. */
function checkVariables(names: readonly string[], naming: Naming): void {
  for (const name of names) {
    const problem = variableProblem(name);
    if (problem !== undefined)
      throw new pulumi.RunError(`${naming(`environment${memberPath(name)}`)} is set, ${problem}.`);
  }
}

/** Lambda API Reference, CreateFunction: Timeout and MemorySize. */
const FIELDS = {
  environment: v.optional(v.record(v.string(), v.string("but a variable's value is a text: give one")), {}),
  timeout: v.optional(wholeNumber(1, 900, "seconds"), DEFAULT_TIMEOUT_SECONDS),
  memory: v.optional(wholeNumber(128, 10_240, "MB"), DEFAULT_MEMORY_MB),
};

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

/** The program's working directory is the Pulumi project's folder. */
export const entryFile = v.pipe(
  text,
  v.check(
    (entry) => isFile(resolve(entry)),
    ({ input }) => `but there is no file ${resolve(input)}: correct the path, which starts at the project's folder`,
  ),
);

/** Of a partner that gives no code of its own. */
const ONLY_LOGS = siblingModule(import.meta, "on-thing");

/**
 * Throws RunError for what is known to be wrong: no such file, no such function in it, a module that can't be
 * bundled, a variable that is taken, a statement that lets it publish on the hooks' own topics.
 */
export function ownCode(
  args: OnThingModule | undefined,
  partner: { readonly [K in keyof AccountRegion]: pulumi.Input<string> },
  debug: pulumi.Input<boolean>,
  naming: Naming,
): OwnCode {
  const { entry, environment, timeout, memory, policyStatements = [] } = args ?? { entry: ONLY_LOGS };
  const inside: Naming = (argument) => naming(`onThing.${argument}`);
  const file = resolve(parsed(entryFile, entry, inside, "entry"));
  // The names are known, even where the values aren't.
  if (isRecord(environment)) checkVariables(Object.keys(environment), inside);
  const checked = checkedInputs(FIELDS, { environment, timeout, memory }, inside);
  const checkedStatements = whenKnown({ statements: policyStatements, ...partner }, ({ statements, ...account }) => {
    checkPublishing(statements, account, inside);
    return statements.map(({ Effect = "Allow", Sid, Condition, ...rest }): Statement => ({
      ...(Sid === undefined ? {} : { Sid }),
      Effect: Effect as "Allow" | "Deny",
      ...rest,
      ...(Condition === undefined ? {} : { Condition }),
    }));
  });
  const refuse = (problem: string) => refusal(inside, "entry", entry, problem);
  return {
    // Last, since it takes longest.
    archive: whenKnown({ debug }, (known) => functionArchive(receiveBundle(file, known.debug, refuse))),
    statements: checkedStatements,
    ...checked,
    environment: checked.environment.apply((variables) => {
      checkVariables(Object.keys(variables), inside);
      return variables;
    }),
  };
}

const isRecord = (value: unknown): value is object =>
  typeof value === "object" && !pulumi.Output.isInstance(value) && !(value instanceof Promise);

/** @param refuse makes the error of a sentence's end */
function receiveBundle(
  file: string,
  debug: boolean,
  refuse: (problem: string) => pulumi.RunError,
): Bundle | Promise<Bundle> {
  if (file === ONLY_LOGS) return defaultReceiveBundle(debug);
  try {
    return ownReceiveBundle(file, debug);
  } catch (error) {
    if (!(error instanceof UnbundledModule)) throw error;
    throw refuse(
      error.message.startsWith("No matching export in") && error.message.includes('import "onThing"')
        ? 'but that module exports no onThing: write "export function onThing(delivery) {}" in it'
        : `but it can't be bundled: ${error.message}`,
    );
  }
}

/**
 * What Lambda calls: our receive function around the partner's `onThing`. What publishes debug messages is in the
 * bundle only where there are any, and there is nothing else that switches them on.
 */
const handlerWith = (file: string, debug: boolean): string => {
  const ours = (module: string) => specifier(siblingModule(import.meta, `lambda/${module}`));
  return [
    `import { onThing } from ${specifier(file)};`,
    `import { receive } from ${ours("receive")};`,
    ...(debug
      ? [`import { publisher } from ${ours("publisher")};`, "export const handler = receive(onThing, publisher());"]
      : ["export const handler = receive(onThing);"]),
  ].join("\n");
};

/** @param file absolute path of the module with `onThing` */
export const ownReceiveBundle = (file: string, debug: boolean): Bundle => bundleAtOnce(handlerWith(file, debug));

export const defaultReceiveBundle = (debug: boolean): Promise<Bundle> => bundle(handlerWith(ONLY_LOGS, debug));
