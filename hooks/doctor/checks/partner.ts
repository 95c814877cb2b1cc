// What else the partner's side rests on: its endpoint, its device registry, and the check of who sends.
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { DescribeEndpointCommand } from "@aws-sdk/client-iot";
import type { Account } from "../account.ts";
import { type Found, REDEPLOY } from "../finding.ts";
import { look, lookFor } from "../look.ts";

type Partner = Account<"partner">;

export async function* dataEndpoint({ iot, outputs }: Partner): AsyncGenerator<Found> {
  const { endpointAddress } = await look("the data endpoint", "iot:DescribeEndpoint", () =>
    iot.send(new DescribeEndpointCommand({ endpointType: "iot:Data-ATS" })),
  );
  if (endpointAddress !== outputs.dataEndpoint)
    yield {
      id: "endpoint.other",
      severity: "risk",
      what: `The account's data endpoint is ${endpointAddress ?? "unknown"}; the stack puts out ${outputs.dataEndpoint}.`,
      why: "Customers who were told of it publish elsewhere.",
      mend: "pulumi up --refresh   (then tell the customers who set partnerDataEndpoint)",
    };
}

export async function* registry({ dynamodb, outputs }: Partner): AsyncGenerator<Found> {
  const { registryTableName: TableName, region } = outputs;
  if (TableName === undefined) return;
  const answer = await lookFor("the device registry", "dynamodb:DescribeTable", () =>
    dynamodb.send(new DescribeTableCommand({ TableName })),
  );
  if (answer?.Table === undefined)
    yield {
      id: "registry.missing",
      severity: "broken",
      what: `There is no table ${TableName}.`,
      why: "No message can be applied: all of them go to the function's dead-letter queue.",
      mend: REDEPLOY,
    };
  else if (answer.Table.DeletionProtectionEnabled !== true)
    yield {
      id: "registry.unprotected",
      severity: "risk",
      what: `The table ${TableName} can be deleted by a single call.`,
      why: "It is the only record of what was applied; only a backfill would bring it back.",
      mend: `aws dynamodb update-table --table-name ${TableName} --deletion-protection-enabled --region ${region}`,
    };
}

export async function* senderCheck(partner: Partner): AsyncGenerator<Found> {
  if ((await partner.settings())?.senderCheck === "observe")
    yield {
      id: "sender-check.observe",
      severity: "note",
      what: "The receive function takes messages of other principals than the customers' roles, and only counts them.",
      why: "Whoever may publish on the hook topics in this account is believed.",
      mend: "npx hooks smoke both && pulumi config set senderCheck enforce && pulumi up   (if smoke says that it passes)",
    };
}
