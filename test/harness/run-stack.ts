// Runs a whole Pulumi program under runtime mocks, in a way that can't go green by accident: harness.command.ts has the
// traps.
import { setTimeout as delay } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { type Account, awsOutputs } from "./aws-outputs.ts";
import { asError, takeRejections } from "embedded-aws/testing";

// Resources of all types: tests compare what is in them, whole.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Inputs = Record<string, any>;

export interface StackOptions {
  readonly project: string;
  /** Default: dev. */
  readonly stack?: string;
  /** Default: false. */
  readonly preview?: boolean;
  /**
   * With `preview`: nothing is deployed yet, so that all that AWS would make known is unknown, but for names: Pulumi
   * makes those. Default: false.
   */
  readonly empty?: boolean;
  /** Whole configuration of the run; nothing is left of the run before. Keys without a colon get the project's name. */
  readonly config?: Readonly<Record<string, string>>;
  /** Outputs of the stacks that a StackReference may name; any other name fails as in the engine. */
  readonly stackOutputs?: Readonly<Record<string, Inputs>>;
  /** Answers to provider functions; one that isn't listed throws. */
  readonly invokes?: Readonly<Record<string, (inputs: Inputs, account: Account) => Inputs>>;
}

export interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly inputs: Inputs;
  /** Where its provider points; undefined for components, providers and stack references. */
  readonly account: Account | undefined;
  /** What was there already when its registration began: what it waits for, and what only happened to be earlier. */
  readonly after: readonly Recorded[];
  readonly options: Options;
}

/** What the engine is told beside the inputs. */
export interface Options {
  /** `type name` of the component that it belongs to; undefined for what the program itself makes. */
  readonly parent: string | undefined;
  /** Whether the old one goes before the new one comes; undefined where the provider decides. */
  readonly deleteBeforeReplace: boolean | undefined;
  /** Whether it stays when the stack goes. */
  readonly retainOnDelete: boolean;
}

export interface Attempt<O> {
  readonly outputs: pulumi.Unwrap<O> | undefined;
  /** In the order in which their registration ended, after everything that was going to be registered was. */
  readonly resources: readonly Recorded[];
  /** The program's own failure first, then what the mocks threw, then what nobody awaited. */
  readonly errors: readonly unknown[];
}

/**
 * A program goes on after a resource failed until so many turns of the event loop have gone by without anything of it:
 * one that waits for the resource by hand would do so for ever.
 */
const QUIET_TURNS = 50;

/** How long AWS takes to make something: resources that don't wait for each other are on their way at the same time. */
const MAKING_MS = 5;

/** The organisation of Pulumi's file backend. */
const ORGANIZATION = "organization";

/** Outputs as plain values, and all resources. Throws the first thing that went wrong anywhere. */
export async function runStack<O>(program: () => Promise<O>, options: StackOptions) {
  const { outputs, resources, errors } = await attemptStack(program, options);
  if (errors.length > 0) throw asError(errors[0]);
  if (options.empty !== true) checkKnown(outputs, "outputs");
  return { outputs: outputs as pulumi.Unwrap<O>, resources };
}

/**
 * The sentence that a user gets for a mistake, and what had been registered by then. Throws where the program ran, or
 * failed in another way.
 */
export async function refusal(program: () => Promise<unknown>, options: StackOptions) {
  const { resources, errors } = await attemptStack(program, options);
  const [error] = errors;
  if (error === undefined) throw new Error("the program was expected to refuse this, and ran");
  if (!pulumi.RunError.isInstance(error)) throw asError(error);
  return { message: error.message, resources };
}

export async function attemptStack<O>(program: () => Promise<O>, options: StackOptions): Promise<Attempt<O>> {
  const { project, stack = "dev", preview = false } = options;
  const recorder = new Recorder(options);
  setConfig(project, options.config ?? {});
  // All five: what isn't given stays as the run before had it.
  await pulumi.runtime.setMocks(recorder.mocks, project, stack, preview, ORGANIZATION);
  recorder.listen(pulumi.runtime.getMonitor() as unknown as Monitor);
  let outputs: unknown;
  const failures: unknown[] = [];
  // In the engine an error that nobody awaits, such as one thrown in an apply, ends the program. Here the outputs
  // would wait for it for ever.
  const rejected = (reason: unknown) => {
    failures.push(reason);
    recorder.fail();
  };
  process.on("unhandledRejection", rejected);
  const run = pulumi.runtime.runInPulumiStack(program).then(
    (resolved) => (outputs = resolved),
    (error: unknown) => failures.push(error),
  );
  // Disconnecting waits until everything that was going to be registered is. Where something failed, that may be never.
  const ended = run.then(() => pulumi.runtime.disconnect());
  await Promise.race([ended, recorder.failed.then(() => recorder.quiet())]);
  // Those that Node hasn't told of yet, and those that the hooks of all tests would otherwise lay at this test's door.
  const left = await takeRejections();
  process.off("unhandledRejection", rejected);
  const errors = [...failures, ...recorder.errors, ...left];
  // The runtime wraps what a mock throws, sometimes in an empty message: a failure that only follows from it comes
  // after it.
  const own = errors.filter((error) => pulumi.RunError.isInstance(error));
  return {
    outputs: outputs as pulumi.Unwrap<O> | undefined,
    resources: recorder.resources,
    errors: [...new Set([...own, ...recorder.errors, ...errors])],
  };
}

function setConfig(project: string, config: Readonly<Record<string, string>>): void {
  const qualified = Object.entries(config).map(([key, value]) => [
    key.includes(":") ? key : `${project}:${key}`,
    value,
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(qualified) as Record<string, string>);
}

/** A registration as it is sent, and who takes it: the runtime hands less on to mocks. */
interface Registration {
  readonly getParent: () => string;
  readonly getDeletebeforereplace: () => boolean;
  readonly getDeletebeforereplacedefined: () => boolean;
  readonly getRetainondelete: () => boolean;
}
interface Monitor {
  registerResource: (registration: Registration, callback: unknown) => Promise<void>;
}

/** Of what is read, and not registered. */
const NO_OPTIONS: Options = { parent: undefined, deleteBeforeReplace: undefined, retainOnDelete: false };

function optionsOf(registration: Registration): Options {
  // urn:pulumi:stack::project::outer$inner::name
  const [, , types = "", name] = registration.getParent().split("::");
  const type = types.replace(/^.*\$/, "");
  return {
    parent: name === undefined || type === "pulumi:pulumi:Stack" ? undefined : `${type} ${name}`,
    deleteBeforeReplace: registration.getDeletebeforereplacedefined()
      ? registration.getDeletebeforereplace()
      : undefined,
    retainOnDelete: registration.getRetainondelete(),
  };
}

class Recorder {
  readonly resources: Recorded[] = [];
  readonly errors: unknown[] = [];
  readonly failed: Promise<void>;
  readonly mocks: pulumi.runtime.Mocks;
  readonly #accounts = new Map<string, Account>();
  readonly #options: StackOptions;
  #registered = NO_OPTIONS;
  #asked = 0;
  #answering = 0;
  fail: () => void = () => undefined;

  constructor(options: StackOptions) {
    this.#options = options;
    this.failed = new Promise((resolve) => (this.fail = resolve));
    this.mocks = {
      newResource: (args) => {
        const rest = { after: [...this.resources], options: this.#registered };
        return this.#keep(() => this.#newResource(args, rest));
      },
      call: (args) => this.#keep(() => this.#call(args)),
    };
  }

  listen(monitor: Monitor): void {
    const take = monitor.registerResource.bind(monitor);
    monitor.registerResource = (registration, callback) => {
      // The mocks are asked within the call.
      this.#registered = optionsOf(registration);
      const taken = take(registration, callback);
      this.#registered = NO_OPTIONS;
      return taken;
    };
  }

  async quiet(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS;) {
      const asked = this.#asked;
      await delay(1);
      turns = this.#answering === 0 && this.#asked === asked ? turns + 1 : 0;
    }
  }

  async #keep<T>(answer: () => T): Promise<T> {
    this.#asked++;
    this.#answering++;
    await delay(MAKING_MS);
    this.#answering--;
    try {
      return answer();
    } catch (error) {
      this.errors.push(error);
      this.fail();
      throw error;
    }
  }

  #newResource(args: pulumi.runtime.MockResourceArgs, rest: Pick<Recorded, "after" | "options">) {
    const { type, name, provider, custom } = args;
    const given = args.inputs as Inputs;
    if (type === "pulumi:pulumi:StackReference") return this.#stackReference(given);
    if (type === "pulumi:providers:aws") {
      const [accountId = ""] = JSON.parse(String(given.allowedAccountIds)) as string[];
      this.#accounts.set(name, { accountId, region: String(given.region) });
    }
    const account = type.startsWith("aws:") ? this.#accountOf(provider, `${name} (${type})`) : undefined;
    const outputs = account && awsOutputs(type, name, given, account);
    this.resources.push({ type, name, inputs: given, account, ...rest });
    const id = custom === false ? "" : name;
    return { id, state: { ...given, ...(this.#options.empty === true ? namesOf(outputs) : outputs) } };
  }

  #stackReference({ name }: Inputs) {
    const outputs = this.#options.stackOutputs?.[name as string];
    // The engine's words.
    if (!outputs) throw new Error(`unknown stack "${String(name)}"`);
    return { id: name as string, state: { name: name as string, outputs, secretOutputNames: [] } };
  }

  #call({ token, inputs, provider }: pulumi.runtime.MockCallArgs) {
    const answer = this.#options.invokes?.[token];
    if (!answer) throw new Error(`nobody said what ${token} answers: list it under invokes`);
    return answer(inputs as Inputs, this.#accountOf(provider, token));
  }

  #accountOf(reference: string | undefined, what: string): Account {
    const name = reference?.split("::").at(-1) ?? "";
    const account = this.#accounts.get(name);
    if (!account) throw new Error(`${what} has no provider of its own: it would go to whichever account is configured`);
    return account;
  }
}

/**
 * Auto-names are known before AWS is asked for anything: the provider makes them of the logical name when it checks
 * the inputs.
 */
const namesOf = (outputs: Inputs = {}): Inputs =>
  Object.fromEntries(Object.entries(outputs).filter(([property]) => property === "name" || property === "bucket"));

function checkKnown(value: unknown, path: string): void {
  if (value === undefined) throw new Error(`${path} is unknown: nothing that was said about it has been evaluated`);
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) checkKnown(inner, `${path}.${key}`);
}

/** The one resource of a type, with a name where there are several. Throws where there is none, or more than one. */
export function resourceOf(resources: readonly Recorded[], type: string, name?: string): Recorded {
  const found = resources.filter(
    (resource) => resource.type === type && (name === undefined || resource.name === name),
  );
  const [one] = found;
  if (found.length === 1 && one) return one;
  const all = resources.map((resource) => `${resource.name} (${resource.type})`).join(", ");
  throw new Error(`${found.length} resources are ${name ?? ""} (${type}) among: ${all}`);
}

export const inputsOf = (resources: readonly Recorded[], type: string, name?: string): Inputs =>
  resourceOf(resources, type, name).inputs;

/** All that is made on AWS, as `<name> <type's last part>`. */
export const made = (resources: readonly Recorded[]): string[] =>
  resources.filter(({ account }) => account).map(({ type, name }) => `${name} ${type.replace(/^.*:/, "")}`);
