// Time to live of a table.
import type { DynamoDB } from "@aws-sdk/client-dynamodb";
import { operations } from "../../core/service.ts";
import { scheduleSweep } from "./expiry.ts";
import { invalid, nameOf, onTable, settingsOf } from "./state.ts";

export const settings = operations<DynamoDB>({
  UpdateTimeToLive: {
    authorize: (input, call) => onTable(call, "UpdateTimeToLive", input.TableName),
    run: (input, call) => {
      const { Enabled, AttributeName = "" } = input.TimeToLiveSpecification ?? {};
      const table = settingsOf(input.TableName, call);
      if (AttributeName.length < 1 || AttributeName.length > 255)
        throw invalid("TimeToLiveSpecification.AttributeName has 1 to 255 characters.");
      // AWS's words as clients report them. That a change takes up to an hour to come into force there is not imitated.
      if (Enabled && table.timeToLive !== undefined) throw invalid("TimeToLive is already enabled");
      if (!Enabled && table.timeToLive === undefined) throw invalid("TimeToLive is already disabled");
      if (!Enabled && table.timeToLive !== AttributeName)
        throw invalid(
          `TimeToLive is active on a different AttributeName: current AttributeName is ${table.timeToLive}`,
        );
      table.timeToLive = Enabled ? AttributeName : undefined;
      if (Enabled) scheduleSweep(call.cloud, call, nameOf(input.TableName, call), table);
      else table.sweep?.cancel();
      return { TimeToLiveSpecification: { Enabled, AttributeName } };
    },
  },
  DescribeTimeToLive: {
    authorize: (input, call) => onTable(call, "DescribeTimeToLive", input.TableName),
    run: (input, call) => {
      const { timeToLive } = settingsOf(input.TableName, call);
      return {
        TimeToLiveDescription:
          timeToLive === undefined
            ? { TimeToLiveStatus: "DISABLED" }
            : { TimeToLiveStatus: "ENABLED", AttributeName: timeToLive },
      };
    },
  },
});
