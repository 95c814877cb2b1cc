// A side's deployment without its stack's outputs: its functions are found by their tags, and what the stack would put
// out follows from them. Reads only.
import { CloudTrailClient, DescribeTrailsCommand } from "@aws-sdk/client-cloudtrail";
import { EventBridgeClient, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import { DescribeEndpointCommand, GetTopicRuleCommand, IoTClient } from "@aws-sdk/client-iot";
import {
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListTagsCommand,
} from "@aws-sdk/client-lambda";
import * as v from "valibot";
import { announceSettings } from "../customer/lambda/settings.ts";
import { receiveSettings } from "../partner/lambda/settings.ts";
import { trailName } from "../shared/contract/names.ts";
import { type Operation, rowOf } from "../shared/contract/operations.ts";
import { REGISTRY_EVENTS, REGISTRY_EVENT_KINDS } from "../shared/contract/registry-events.ts";
import { TAGS, type HookFunction, suffixIn } from "../shared/contract/tags.ts";
import type { Access } from "./access.ts";
import { OWN_FUNCTION } from "./logs/line.ts";
import { type OutputsOf, type Place, checkedOutputs } from "./outputs.ts";
import { everyPage } from "./pages.ts";
import type { Side } from "./sides.ts";
import { UserError } from "./user-error.ts";

/** What triggers call. */
const ALIAS = "live";
const AT_ONCE = 10;

interface Tagged {
  readonly functionName: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** @param name of the deployment; undefined: the only one. @throws UserError where there is none, or no only one */
export async function outputsByTags<S extends Side>(
  side: S,
  { client }: Access,
  place: Place,
  name: string | undefined,
): Promise<OutputsOf[S]> {
  const lambda = new LambdaClient(client);
  const tagged = await taggedFunctions(lambda);
  const of = (own: HookFunction) => tagged.filter(({ tags }) => tags[TAGS.function] === own);
  const own = chosen(side, of(OWN_FUNCTION[side]), place, name);
  const deployment = own.tags[TAGS.deployment] ?? "";
  const parts = { client, lambda };
  const common = {
    ...(await functionOutputs(parts, own)),
    ...place,
    contractVersion: Number(own.tags[TAGS.contract]),
  };
  const schedule = of("reconcile").find(({ tags }) => tags[TAGS.deployment] === deployment);
  const found =
    side === "customer"
      ? { ...(await customerOutputs(parts, common, schedule)), trailArn: await trailArn(parts, deployment) }
      : await partnerOutputs(parts, common, suffixIn(deployment));
  return checkedOutputs(side, found, `The parts of ${own.functionName}, which was found by its tags,`);
}

/** Resource Groups Tagging API would want a permission, and a client, of its own: Lambda lists tags itself. */
async function taggedFunctions(lambda: LambdaClient): Promise<Tagged[]> {
  const all = await everyPage(async (Marker) => {
    const { Functions = [], NextMarker } = await lambda.send(new ListFunctionsCommand({ Marker }));
    return { items: Functions, next: NextMarker };
  });
  const rest = all.filter(({ Runtime = "" }) => Runtime.startsWith("nodejs")).values();
  const found: Tagged[] = [];
  const worker = async () => {
    for (const { FunctionName: functionName = "", FunctionArn: Resource } of rest) {
      const { Tags: tags = {} } = await lambda.send(new ListTagsCommand({ Resource }));
      if (TAGS.function in tags) found.push({ functionName, tags });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}

function chosen(side: Side, all: readonly Tagged[], { accountId, region }: Place, name: string | undefined): Tagged {
  const nameOf = ({ tags }: Tagged): string => tags[TAGS.deployment] ?? "";
  const where = `account ${accountId} in ${region}`;
  const fitting = all.filter((one) => name === undefined || nameOf(one) === name);
  const [one, ...others] = fitting;
  const names = [...new Set(all.map(nameOf))].sort().join(", ");
  if (one === undefined)
    throw new UserError(
      all.length === 0
        ? `No function of ${where} has the tag ${TAGS.function}=${OWN_FUNCTION[side]}: give the Region and the ` +
            `profile of the ${side}'s deployment, or its outputs with --outputs.`
        : `The ${side}'s side has no deployment "${name ?? ""}" in ${where}; it has ${names}.`,
    );
  if (others.length > 0)
    throw new UserError(
      name === undefined && names !== nameOf(one)
        ? `The ${side}'s side has several deployments in ${where}: choose one of ${names} with --deployment.`
        : `${fitting.map(({ functionName }) => functionName).join(" and ")} in ${where} have the same tags: give the ` +
            "outputs of one with --outputs.",
    );
  return one;
}

interface Parts {
  readonly client: Access["client"];
  readonly lambda: LambdaClient;
}

/** Of any function, with what its rule and its queue follow from. */
async function functionOutputs({ lambda }: Parts, { functionName: FunctionName }: Tagged) {
  const at = { FunctionName, Qualifier: ALIAS };
  const configuration = await part(FunctionName, `its alias ${ALIAS}`, () =>
    lambda.send(new GetFunctionConfigurationCommand(at)),
  );
  const policy = await part(FunctionName, "who may call it", () => lambda.send(new GetPolicyCommand(at)));
  const { DestinationConfig } = await part(FunctionName, "where failed events go", () =>
    lambda.send(new GetFunctionEventInvokeConfigCommand(at)),
  );
  const { FunctionArn: aliasArn = "", Version: functionVersion = "", LoggingConfig } = configuration;
  return {
    configuration,
    ruleArns: ruleArnsIn(policy.Policy ?? "", FunctionName),
    failureQueueArn: DestinationConfig?.OnFailure?.Destination ?? "",
    functionName: FunctionName,
    functionVersion,
    functionArn: aliasArn.replace(/[^:]+$/, functionVersion),
    functionAliasArn: aliasArn,
    logGroupName: LoggingConfig?.LogGroup ?? "",
  };
}
type Tied = Awaited<ReturnType<typeof functionOutputs>>;
type Found = Tied & Place & { readonly contractVersion: number };

/** @throws UserError where a part of a function isn't there: that says what is broken, too */
async function part<T>(functionName: string, what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ResourceNotFoundException") throw error;
    throw new UserError(
      `${functionName} was found by its tags, but not ${what}, from which the rest would follow: deploy it again, or ` +
        "give the outputs with --outputs.",
      { cause: error },
    );
  }
}

const POLICY = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    Statement: v.array(
      v.looseObject({ Condition: v.optional(v.record(v.string(), v.record(v.string(), v.unknown()))) }),
    ),
  }),
);

/** Of the rules that the alias lets in. */
function ruleArnsIn(policy: string, functionName: string): readonly string[] {
  const arns = v
    .parse(POLICY, policy)
    .Statement.flatMap(({ Condition = {} }) => Object.values(Condition).flatMap((test) => Object.entries(test)))
    .flatMap(([key, value]) => (/^aws:SourceArn$/i.test(key) ? String(value) : []))
    .filter((arn) => arn.includes(":rule/"));
  if (arns.length > 0) return arns;
  throw new UserError(`The alias ${ALIAS} of ${functionName} lets no rule call it: give the outputs with --outputs.`);
}

const nameIn = (arn: string): string => arn.split(/[/:]/).at(-1) ?? "";

/** Queues of one account and Region have one URL but for their names. @param sibling another's URL */
const queueUrlOf = (arn: string, sibling: string): string => new URL(nameIn(arn), sibling).href;

/** An EventBridge rule that calls the function, if one does, and the queue of its target. */
async function eventRule(
  { client }: Parts,
  { ruleArns, functionAliasArn }: Pick<Tied, "ruleArns" | "functionAliasArn">,
  sibling: string,
) {
  const arn = ruleArns.find((one) => one.includes(":events:"));
  if (arn === undefined) return { ruleName: undefined, queueUrl: undefined };
  const ruleName = nameIn(arn);
  const { Targets = [] } = await new EventBridgeClient(client).send(new ListTargetsByRuleCommand({ Rule: ruleName }));
  const target = Targets.find(({ Arn }) => Arn === functionAliasArn) ?? Targets[0];
  return { ruleName, queueUrl: queueUrlOf(target?.DeadLetterConfig?.Arn ?? "", sibling) };
}

/** Topic rules that call the function, with what they say. */
async function topicRules({ client }: Parts, { ruleArns }: Pick<Tied, "ruleArns">) {
  const iot = new IoTClient(client);
  const names = ruleArns.filter((one) => one.includes(":iot:")).map(nameIn);
  return Promise.all(
    names.map(async (ruleName) => ({ ruleName, rule: (await iot.send(new GetTopicRuleCommand({ ruleName }))).rule })),
  );
}

const variablesOf = ({ Environment }: FunctionConfiguration): Readonly<Record<string, string>> =>
  Environment?.Variables ?? {};

async function customerOutputs(parts: Parts, { configuration, ...found }: Found, schedule: Tagged | undefined) {
  const { partnerRoleArn, failureQueueUrl } = announceSettings(variablesOf(configuration));
  const { ruleName, queueUrl: registryRule } = await eventRule(parts, found, failureQueueUrl);
  const ofEvents = (await topicRules(parts, found)).flatMap(({ ruleName: name, rule }) => {
    const kind = REGISTRY_EVENT_KINDS.find((one) => rule?.sql?.includes(`'${REGISTRY_EVENTS[one].topicFilter}'`));
    return kind === undefined ? [] : [{ kind, name, queueUrl: rule?.errorAction?.sqs?.queueUrl }];
  });
  return {
    ...found,
    ruleName,
    registryEventRuleNames:
      ofEvents.length === 0 ? undefined : Object.fromEntries(ofEvents.map(({ kind, name }) => [kind, name])),
    roleArn: configuration.Role,
    publishRoleArn: partnerRoleArn,
    deadLetterQueueUrls: { registryRule, registryEvents: ofEvents[0]?.queueUrl, announce: failureQueueUrl },
    reconciliation: schedule && (await scheduleOutputs(parts, schedule, failureQueueUrl)),
  };
}

/** @param sibling URL of another queue */
async function scheduleOutputs(parts: Parts, schedule: Tagged, sibling: string) {
  const found = await functionOutputs(parts, schedule);
  const { ruleName, queueUrl: reconcileRule } = await eventRule(parts, found, sibling);
  return {
    ...found,
    ruleName,
    deadLetterQueueUrls: { reconcileRule, reconcile: queueUrlOf(found.failureQueueArn, sibling) },
  };
}

/**
 * The trail that it made itself, by the name that it gives one. Undefined where there is none, or the operator may not
 * look: no command rests on this trail alone.
 */
async function trailArn({ client }: Parts, deployment: string): Promise<string | undefined> {
  const asked = { trailNameList: [trailName(deployment)], includeShadowTrails: false };
  try {
    const { trailList = [] } = await new CloudTrailClient(client).send(new DescribeTrailsCommand(asked));
    return trailList[0]?.TrailARN;
  } catch (error) {
    if (error instanceof Error && error.name === "AccessDeniedException") return undefined;
    throw error;
  }
}

/** The function also takes what says what is there already, which nobody configures. */
const isConfigurable = (operation: Operation): boolean => rowOf(operation).eventName !== undefined;

async function partnerOutputs(parts: Parts, { configuration, ...found }: Found, nameSuffix: string | undefined) {
  const [topicRule] = await topicRules(parts, found);
  const { endpointAddress } = await new IoTClient(parts.client).send(
    new DescribeEndpointCommand({ endpointType: "iot:Data-ATS" }),
  );
  const { registryTable, customersTable, operations, basicIngest, failureQueueUrl } = receiveSettings(
    variablesOf(configuration),
  );
  const ruleName = topicRule?.ruleName;
  return {
    ...found,
    ruleName,
    hub: {
      customersTableName: customersTable,
      operations: operations.filter(isConfigurable),
      nameSuffix,
      basicIngestRule: basicIngest === undefined ? undefined : ruleName,
    },
    dataEndpoint: endpointAddress,
    registryTableName: registryTable,
    deadLetterQueueUrls: { topicRule: topicRule?.rule?.errorAction?.sqs?.queueUrl, receive: failureQueueUrl },
  };
}
