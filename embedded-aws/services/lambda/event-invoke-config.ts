// How asynchronous events are treated: retries, age, destinations. Each qualifier has its own, and inherits none.
import type { Lambda } from "@aws-sdk/client-lambda";
import { parseArn } from "../../core/arn.ts";
import { decide } from "../../core/authorization.ts";
import { notModelled } from "../../core/errors.ts";
import { operations, type Call } from "../../core/service.ts";
import { invalid } from "./settings.ts";
import {
  functionArn,
  find,
  named,
  notFound,
  onFunction,
  versionOf,
  type EventInvokeConfig,
  type LambdaFunction,
} from "./state.ts";

interface Asked {
  readonly FunctionName?: string | undefined;
  readonly Qualifier?: string | undefined;
}

/** The execution role must be allowed to send there: Lambda checks it when the destination is set. */
function checkDestination(of: LambdaFunction, qualifier: string, destination: string | undefined, call: Call): void {
  if (destination === undefined) return;
  const queue = parseArn(destination);
  if (queue?.service !== "sqs") throw notModelled(`The destination ${destination} (only SQS queues are)`);
  const { settings } = versionOf(of, qualifier);
  const role = call.cloud.identities.role(settings.role);
  const caller = role && {
    kind: "role" as const,
    arn: `arn:${queue.partition}:sts::${of.account}:assumed-role/${role.name}/${of.name}`,
    account: of.account,
    uniqueId: role.uniqueId,
    roleArn: role.arn,
  };
  // As if the queue were the account's own: whether its policy lets the role in from another account shows at the
  // delivery.
  const allowed =
    caller &&
    decide({ ...call, caller }, { action: "sqs:SendMessage", resource: destination, resourceAccount: of.account })
      .decision.allowed;
  if (!allowed) throw invalid("The provided execution role does not have permissions to call SendMessage on SQS");
}

/** The function, and its qualifier that has to exist. The words were recorded on AWS by another project's tests. */
function configured(input: Asked, call: Call): { of: LambdaFunction; qualifier: string } {
  const at = named(input, call);
  const of = find(at, call);
  const { qualifier = "$LATEST" } = at;
  if (!of || !(qualifier === "$LATEST" || of.versions.has(qualifier) || of.aliases.has(qualifier)))
    throw notFound("The function doesn't exist.");
  return { of, qualifier };
}

function existing(input: Asked, call: Call): { of: LambdaFunction; config: EventInvokeConfig } {
  const at = named(input, call);
  const of = find(at, call);
  const config = of?.eventInvokeConfigs.get(at.qualifier ?? "$LATEST");
  if (!of || !config)
    throw notFound(`The function ${functionArn(at, at.qualifier ?? "$LATEST")} doesn't have an EventInvokeConfig`);
  return { of, config };
}
const shown = (of: LambdaFunction, config: EventInvokeConfig) => ({
  FunctionArn: functionArn(of, config.qualifier),
  LastModified: config.modifiedAt,
  ...(config.maximumRetryAttempts === undefined ? {} : { MaximumRetryAttempts: config.maximumRetryAttempts }),
  ...(config.maximumEventAge === undefined ? {} : { MaximumEventAgeInSeconds: config.maximumEventAge }),
  DestinationConfig: {
    OnSuccess: {},
    OnFailure: config.onFailure === undefined ? {} : { Destination: config.onFailure },
  },
});

export const eventInvokeConfigs = operations<Lambda>({
  PutFunctionEventInvokeConfig: {
    authorize: onFunction("PutFunctionEventInvokeConfig"),
    run: (input, call) => {
      const { of, qualifier } = configured(input, call);
      const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = input;
      if ([MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig].every((it) => it === undefined))
        throw invalid("You must specify at least one of error handling or destination setting.");
      const onFailure = DestinationConfig?.OnFailure?.Destination;
      checkDestination(of, qualifier, onFailure, call);
      const config: EventInvokeConfig = {
        qualifier,
        maximumRetryAttempts: MaximumRetryAttempts,
        maximumEventAge: MaximumEventAgeInSeconds,
        onFailure,
        modifiedAt: call.time,
      };
      of.eventInvokeConfigs.set(qualifier, config);
      return shown(of, config);
    },
  },
  GetFunctionEventInvokeConfig: {
    authorize: onFunction("GetFunctionEventInvokeConfig"),
    run: (input, call) => {
      const { of, config } = existing(input, call);
      return shown(of, config);
    },
  },
  DeleteFunctionEventInvokeConfig: {
    authorize: onFunction("DeleteFunctionEventInvokeConfig"),
    run: (input, call) => {
      const { of, config } = existing(input, call);
      of.eventInvokeConfigs.delete(config.qualifier);
      return {};
    },
  },
});
