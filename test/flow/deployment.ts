// Both programs deployed into a running embedded AWS, and what a test asks of them: create a thing, what arrived,
// what was refused.
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { type EmbeddedAws, type Missing, subscribe } from "embedded-aws";
import { type DeployedStack, deployStack } from "embedded-aws/pulumi";
import { customerProgram } from "../../customer/program.ts";
import { partnerProgram } from "../../partner/program.ts";
import { program } from "../../program.ts";
import { CUSTOMER, DEFAULT_REGION, PARTNER, type RunningCloud } from "embedded-aws/testing";

export { CUSTOMER, CUSTOMER2, DEFAULT_REGION, PARTNER, type RunningCloud, startCloud } from "embedded-aws/testing";

type Config = Readonly<Record<string, string>>;
export type Message = Readonly<Record<string, unknown>>;
export type Customer = DeployedStack<Awaited<ReturnType<typeof customerProgram>>>;
export type Partner = DeployedStack<Awaited<ReturnType<typeof partnerProgram>>>;

/** The profile's name is the account's number: whose credentials a provider gets is the program's doing. */
export const environmentOf = ({ cloud }: RunningCloud) => ({
  endpoint: cloud.endpoint,
  credentials: (profile: string | undefined) => Promise.resolve(cloud.administrator(profile ?? "")),
});

export const roleArnOf = (account: string, suffix = ""): string =>
  `arn:aws:iam::${account}:role/publish-to-partner-role-${PARTNER}${suffix}`;

export const deployCustomer = (running: RunningCloud, config: Config = {}, account = CUSTOMER): Promise<Customer> =>
  deployStack(environmentOf(running), {
    project: "iot-hooks-customer",
    program: customerProgram,
    config: {
      "aws:region": DEFAULT_REGION,
      "aws:profile": account,
      accountId: account,
      partnerAccountId: PARTNER,
      createTrail: "true",
      ...config,
    },
  });

/** What the partner took is seen on its debug topics. */
const SEEN = { debug: "true" };

export const deployPartner = (
  running: RunningCloud,
  customers: readonly string[] = [roleArnOf(CUSTOMER)],
  config: Config = {},
  stackOutputs: Readonly<Record<string, Record<string, unknown>>> = {},
): Promise<Partner> =>
  deployStack(environmentOf(running), {
    project: "iot-hooks-partner",
    program: partnerProgram,
    config: {
      "aws:region": DEFAULT_REGION,
      "aws:profile": PARTNER,
      accountId: PARTNER,
      customers: JSON.stringify(customers),
      senderCheck: "enforce",
      ...SEEN,
      ...config,
    },
    stackOutputs,
  });

export const deployRoot = (running: RunningCloud, config: Config = {}) =>
  deployStack(environmentOf(running), {
    project: "iot-hooks",
    program,
    config: {
      "aws:region": DEFAULT_REGION,
      customerAccountId: CUSTOMER,
      customerProfile: CUSTOMER,
      partnerAccountId: PARTNER,
      partnerProfile: PARTNER,
      senderCheck: "enforce",
      createTrail: "true",
      ...SEEN,
      ...config,
    },
  });

/** Debug messages that the partner sees from now on. */
export function watch(
  { cloud }: RunningCloud,
  region = DEFAULT_REGION,
): { readonly messages: Message[]; readonly stop: () => void } {
  const messages: Message[] = [];
  const stop = subscribe(cloud, { account: PARTNER, region }, "debug/+/+", ({ payload }) => {
    messages.push(JSON.parse(Buffer.from(payload).toString()) as Message);
  });
  return { messages, stop };
}

/** Creates a thing and waits until everything that follows has happened. Returns what the partner saw of it. */
export async function createThing(running: RunningCloud, thingName = "lamp", account = CUSTOMER): Promise<Message[]> {
  const { messages, stop } = watch(running);
  const attributePayload = { attributes: { colour: "warm-white" } };
  await new IoT(running.config(account)).createThing({ thingName, attributePayload });
  await running.cloud.settled();
  stop();
  return messages.filter((message) => message.thingName === thingName);
}

/** What was refused since the entry `since`: action, and what is missing where. */
export function refusals(
  cloud: EmbeddedAws,
  since: number,
): { action: string; caller: string; missing: readonly Missing[] }[] {
  return cloud.trace
    .since(since)
    .filter(({ outcome }) => outcome === "denied")
    .flatMap(({ permissions = [], principal = "" }) =>
      permissions
        .filter(({ decision }) => !decision.allowed)
        .map(({ action, decision }) => ({ action, caller: principal, missing: decision.missing })),
    );
}

export const lastEntry = ({ cloud }: RunningCloud): number => cloud.trace.since().at(-1)?.id ?? 0;

/** Changes an inline policy of a role, the one it has, by what `change` makes of its statements. */
export async function changeRolePolicy(
  running: RunningCloud,
  account: string,
  RoleName: string,
  change: (statements: Statement[]) => Statement[],
): Promise<void> {
  const iam = new IAM(running.config(account));
  const [PolicyName = ""] = (await iam.listRolePolicies({ RoleName })).PolicyNames ?? [];
  const { PolicyDocument = "" } = await iam.getRolePolicy({ RoleName, PolicyName });
  const document = JSON.parse(decodeURIComponent(PolicyDocument)) as { Statement: Statement[] };
  const changed = { ...document, Statement: change(document.Statement) };
  await iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: JSON.stringify(changed) });
}
export interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
}
