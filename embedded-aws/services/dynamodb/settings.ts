// Time to live of a table, and its point-in-time recovery, as far as it can be switched: nothing is ever restored here.
import type { DynamoDB } from "@aws-sdk/client-dynamodb";
import { operations } from "../../core/service.ts";
import { scheduleSweep } from "./expiry.ts";
import { invalid, nameOf, onTable, settingsOf, type TableSettings } from "./state.ts";

const DAY_MS = 86_400_000;
/**
 * «Point-in-time recovery for DynamoDB», developer guide: 1 to 35 days, by default 35; the latest second is some five
 * minutes ago.
 */
const RECOVERY_DAYS = 35;
const RECOVERY_LAG_MS = 5 * 60_000;

/**
 * As the API shows it. A new table has DISABLED, under an ENABLED of the whole, which can't be switched
 * (DescribeContinuousBackups).
 */
function backupsOf({ pointInTimeRecovery: recovery }: TableSettings, now: Date) {
  const earliest = recovery && Math.max(recovery.since.getTime(), now.getTime() - recovery.days * DAY_MS);
  return {
    ContinuousBackupsStatus: "ENABLED" as const,
    PointInTimeRecoveryDescription:
      recovery && earliest !== undefined
        ? {
            PointInTimeRecoveryStatus: "ENABLED" as const,
            RecoveryPeriodInDays: recovery.days,
            EarliestRestorableDateTime: new Date(earliest),
            LatestRestorableDateTime: new Date(Math.max(earliest, now.getTime() - RECOVERY_LAG_MS)),
          }
        : { PointInTimeRecoveryStatus: "DISABLED" as const },
  };
}

export const settings = operations<DynamoDB>({
  UpdateTimeToLive: {
    authorize: (input, call) => onTable(call, "UpdateTimeToLive", input.TableName),
    run: (input, call) => {
      const { Enabled, AttributeName = "" } = input.TimeToLiveSpecification ?? {};
      const table = settingsOf(input.TableName, call);
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
  UpdateContinuousBackups: {
    authorize: (input, call) => onTable(call, "UpdateContinuousBackups", input.TableName),
    run: (input, call) => {
      const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays } = input.PointInTimeRecoverySpecification ?? {};
      const table = settingsOf(input.TableName, call);
      const { since = call.time, days = RECOVERY_DAYS } = table.pointInTimeRecovery ?? {};
      table.pointInTimeRecovery = PointInTimeRecoveryEnabled
        ? { since, days: RecoveryPeriodInDays ?? days }
        : undefined;
      return { ContinuousBackupsDescription: backupsOf(table, call.time) };
    },
  },
  DescribeContinuousBackups: {
    authorize: (input, call) => onTable(call, "DescribeContinuousBackups", input.TableName),
    run: (input, call) => ({
      ContinuousBackupsDescription: backupsOf(settingsOf(input.TableName, call), call.time),
    }),
  },
});
