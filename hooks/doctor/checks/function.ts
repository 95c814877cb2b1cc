// A function: whether it is there, works, runs the version that was deployed, and may be called.
import {
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
} from "@aws-sdk/client-lambda";
import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { regionalArn } from "../../../shared/contract/names.ts";
import { MisconfiguredFunction } from "../../../shared/lambda/variables.ts";
import type { Account } from "../account.ts";
import { type Found, REDEPLOY } from "../finding.ts";
import type { DeployedFunction } from "../functions.ts";
import { look, lookFor } from "../look.ts";
import { letsService } from "../policy.ts";

export async function* liveFunction(account: Account, of: DeployedFunction): AsyncGenerator<Found> {
  const { lambda } = account;
  const { region } = account.outputs;
  const { functionName: FunctionName, functionVersion, alias } = of;
  const found = await lookFor("the function", "lambda:GetFunction", () =>
    lambda.send(new GetFunctionCommand({ FunctionName })),
  );
  if (found === undefined) {
    yield {
      id: "function.missing",
      severity: "broken",
      what: `There is no function ${FunctionName}.`,
      why: of.without,
      mend: REDEPLOY,
    };
    return;
  }
  if (found.Concurrency?.ReservedConcurrentExecutions === 0)
    yield {
      id: "function.switched-off",
      severity: "broken",
      what: `The function ${FunctionName} has a reserved concurrency of 0: it is never run.`,
      why: "Events wait for it for six hours, and go to its dead-letter queue then.",
      mend: `aws lambda delete-function-concurrency --function-name ${FunctionName} --region ${region}`,
    };
  const live = await lookFor("the function's alias", "lambda:GetAlias", () =>
    lambda.send(new GetAliasCommand({ FunctionName, Name: alias })),
  );
  if (live === undefined) {
    yield {
      id: "function.no-alias",
      severity: "broken",
      what: `The function ${FunctionName} has no alias ${alias}.`,
      why: "Events reach the function by this alias only.",
      mend:
        `aws lambda create-alias --function-name ${FunctionName} --name ${alias} ` +
        `--function-version ${functionVersion} --region ${region}`,
    };
    return;
  }
  if (live.FunctionVersion !== functionVersion)
    yield {
      id: "function.other-version",
      severity: "risk",
      what: `The alias ${alias} points to version ${live.FunctionVersion ?? "unknown"}, deployed was ${functionVersion}.`,
      why: "Somebody moved it, or the outputs are old: what runs isn't what was deployed last.",
      mend:
        `aws lambda update-alias --function-name ${FunctionName} --name ${alias} ` +
        `--function-version ${functionVersion} --region ${region}`,
    };
  yield* state(account, of);
  yield* destination(account, of);
}

/** Lambda Developer Guide, "Lambda function states": anything but Active, and updates that failed. */
async function* state(account: Account, of: DeployedFunction): AsyncGenerator<Found> {
  const configuration = await account.configuration(of);
  const { State = "Active", StateReason, LastUpdateStatus, LastUpdateStatusReason } = configuration ?? {};
  const { functionName } = of;
  if (!["Active", "Inactive"].includes(State) || LastUpdateStatus === "Failed")
    yield {
      id: "function.state",
      severity: "broken",
      what: `The function ${functionName} is ${State}${LastUpdateStatus === "Failed" ? ", its last update failed" : ""}: ${
        StateReason ?? LastUpdateStatusReason ?? "Lambda gives no reason"
      }.`,
      why: "Lambda doesn't run it, or not as it was deployed.",
      mend: REDEPLOY,
    };
  try {
    of.settings(configuration?.Environment?.Variables ?? {});
  } catch (error) {
    if (!(error instanceof MisconfiguredFunction)) throw error;
    yield {
      id: "function.settings",
      severity: "broken",
      what: error.message,
      why: "The function fails while it starts, for each event.",
      mend: REDEPLOY,
    };
  }
}

async function* destination({ lambda }: Account, { functionName: FunctionName, alias }: DeployedFunction) {
  const config = await lookFor("where failed events go", "lambda:GetFunctionEventInvokeConfig", () =>
    lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier: alias })),
  );
  if (config?.DestinationConfig?.OnFailure?.Destination === undefined)
    yield {
      id: "function.no-queue",
      severity: "risk",
      what: `The alias ${alias} of ${FunctionName} has no queue for events that failed each time.`,
      why: "Lambda throws such events away after three attempts.",
      mend: REDEPLOY,
    } satisfies Found;
}

export async function* permission(account: Account, of: DeployedFunction): AsyncGenerator<Found> {
  // That there is no function, or no alias, is another check's finding.
  if ((await account.configuration(of)) === undefined) return;
  const { lambda, outputs } = account;
  const { accountId, region } = outputs;
  const { functionName: FunctionName, functionAliasArn, alias, rules } = of;
  const answer = await lookFor("who may call the function", "lambda:GetPolicy", () =>
    lambda.send(new GetPolicyCommand({ FunctionName, Qualifier: alias })),
  );
  for (const rule of rules) {
    const service = `${rule.service}.amazonaws.com`;
    const ruleArn = regionalArn(rule.service, outputs, `rule/${rule.name}`);
    const lets = letsService(answer?.Policy, {
      service,
      action: "lambda:InvokeFunction",
      resource: functionAliasArn,
      context: { "aws:SourceArn": ruleArn, "aws:SourceAccount": accountId },
    });
    if (!lets)
      yield {
        id: "function.permission",
        severity: "broken",
        what: `The alias ${alias} of ${FunctionName} doesn't let ${service} call it for the rule ${rule.name}.`,
        why: `${rule.service === "events" ? "EventBridge" : "AWS IoT"} doesn't try again what it isn't permitted: it goes to the rule's queue.`,
        mend:
          `aws lambda add-permission --function-name ${FunctionName} --qualifier ${alias} --statement-id rule ` +
          `--action lambda:InvokeFunction --principal ${service} --source-arn ${ruleArn} --region ${region}`,
      };
  }
}

export async function* logGroup({ logs, outputs: { region } }: Account, { logGroupName }: DeployedFunction) {
  const { logGroups = [] } = await look("the log group", "logs:DescribeLogGroups", () =>
    logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName })),
  );
  const group = logGroups.find((one) => one.logGroupName === logGroupName);
  if (group === undefined)
    yield {
      id: "logs.missing",
      severity: "risk",
      what: `There is no log group ${logGroupName}.`,
      why: "The function may not make one: its lines, which say what became of each event, are lost.",
      mend: `aws logs create-log-group --log-group-name ${logGroupName} --region ${region}`,
    } satisfies Found;
  else if (group.retentionInDays === undefined)
    yield {
      id: "logs.kept-for-ever",
      severity: "note",
      what: `The log group ${logGroupName} keeps everything for ever.`,
      why: "It grows, and costs, without end.",
      mend: `aws logs put-retention-policy --log-group-name ${logGroupName} --retention-in-days 30 --region ${region}`,
    } satisfies Found;
}
