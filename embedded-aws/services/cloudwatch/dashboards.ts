// Dashboards: kept and given back. Their names are the account's, in all Regions («PutDashboard», «Actions, resources,
// and condition keys for Amazon CloudWatch»: an ARN without a Region).
import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { partitionOf, type Place } from "../../core/arn.ts";
import { AwsError } from "../../core/errors.ts";
import { operations, type Call, type Permission } from "../../core/service.ts";
import { stateOf } from "../../core/state.ts";

interface Dashboard {
  readonly body: string;
}
const DASHBOARDS = stateOf("dashboards", () => new Map<string, Dashboard>());

/** One place for all Regions of an account. */
const dashboards = (call: Call) => call.cloud.state(DASHBOARDS, { account: call.account, region: "*" });

const dashboardArn = ({ account, region }: Place, name: string): string =>
  `arn:${partitionOf(region)}:cloudwatch::${account}:dashboard/${name}`;

const onDashboard = (call: Call, action: string, name = ""): Permission => ({
  action: `cloudwatch:${action}`,
  resource: dashboardArn(call, name),
});

const notFound = (name: string) =>
  // The model's awsQueryError of DashboardNotFoundError.
  new AwsError("ResourceNotFound", `Dashboard ${name} does not exist`, { status: 404 });

function checkName(name: string): void {
  // «PutDashboard», DashboardName: at most 255 of these characters.
  if (/^[\w-]{1,255}$/.test(name)) return;
  throw new AwsError("InvalidParameterValue", `The value ${name} for field DashboardName is invalid.`);
}

function checkBody(body: string): void {
  let problem = "It must be an object with a list of widgets.";
  try {
    const { widgets } = JSON.parse(body) as { widgets?: unknown };
    if (Array.isArray(widgets)) return;
  } catch {
    problem = "It is no JSON.";
  }
  // «DashboardInvalidInputError»; its awsQueryError is InvalidParameterInput.
  throw new AwsError("InvalidParameterInput", `The field DashboardBody is invalid: ${problem}`);
}

export const dashboardOperations = operations<CloudWatch>({
  PutDashboard: {
    authorize: (input, call) => onDashboard(call, "PutDashboard", input.DashboardName),
    run: ({ DashboardName = "", DashboardBody = "" }, call) => {
      checkName(DashboardName);
      checkBody(DashboardBody);
      dashboards(call).set(DashboardName, { body: DashboardBody });
      return { DashboardValidationMessages: [] };
    },
  },
  GetDashboard: {
    authorize: (input, call) => onDashboard(call, "GetDashboard", input.DashboardName),
    run: ({ DashboardName = "" }, call) => {
      const found = dashboards(call).get(DashboardName);
      if (!found) throw notFound(DashboardName);
      return { DashboardArn: dashboardArn(call, DashboardName), DashboardBody: found.body, DashboardName };
    },
  },
  DeleteDashboards: {
    authorize: (input, call) => (input.DashboardNames ?? []).map((name) => onDashboard(call, "DeleteDashboards", name)),
    run: ({ DashboardNames = [] }, call) => {
      // All or none («DeleteDashboards»: an error when one doesn't exist, and none is deleted).
      const missing = DashboardNames.find((name) => !dashboards(call).has(name));
      if (missing !== undefined) throw notFound(missing);
      for (const name of DashboardNames) dashboards(call).delete(name);
      return {};
    },
  },
});
