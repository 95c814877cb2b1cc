// Reserved concurrency: how much of the account's is a function's own, and at most its.
import type { Lambda } from "@aws-sdk/client-lambda";
import { CONCURRENCY, quotaOf } from "../../core/quotas.ts";
import { operations } from "../../core/service.ts";
import { invalid } from "./settings.ts";
import { STATE, find, functionArn, functionOf, named, notFound, onFunction, type Version } from "./state.ts";

/** «Lambda quotas»: 75 GB of code, 250 MB of a function unzipped, 50 MB in a request. */
const CODE = { TotalCodeSize: 80_530_636_800, CodeSizeUnzipped: 262_144_000, CodeSizeZipped: 52_428_800 };

/** «Lambda quotas»: of what an account has, 100 stay unreserved. */
const UNRESERVED = 100;

const codeSize = (versions: readonly Version[]) => versions.reduce((sum, { zip }) => sum + zip.length, 0);

export const concurrency = operations<Lambda>({
  GetAccountSettings: {
    authorize: () => ({ action: "lambda:GetAccountSettings", resource: "*" }),
    run: (_input, call) => {
      const functions = [...call.cloud.state(STATE, call).functions.values()];
      const reserved = functions.reduce((sum, { reservedConcurrency = 0 }) => sum + reservedConcurrency, 0);
      const all = quotaOf(call.cloud, CONCURRENCY, call);
      const used = functions.reduce((sum, { latest, versions }) => sum + codeSize([latest, ...versions.values()]), 0);
      return {
        AccountLimit: { ...CODE, ConcurrentExecutions: all, UnreservedConcurrentExecutions: all - reserved },
        AccountUsage: { TotalCodeSize: used, FunctionCount: functions.length },
      };
    },
  },
  PutFunctionConcurrency: {
    authorize: onFunction("PutFunctionConcurrency"),
    run: (input, call) => {
      const at = named(input, call);
      if (at.qualifier !== undefined)
        throw invalid(
          "This operation is permitted on Lambda functions only. Aliases and versions do not support this " +
            "operation. Please specify either a function name or an unqualified function ARN.",
        );
      const of = find(at, call);
      if (!of) throw notFound(`Function not found: ${functionArn(at, "$LATEST")}`);
      const { ReservedConcurrentExecutions: reserved = 0 } = input;
      const others = [...call.cloud.state(STATE, of).functions.values()].filter((other) => other !== of);
      const all = quotaOf(call.cloud, CONCURRENCY, of);
      const left = all - others.reduce((sum, other) => sum + (other.reservedConcurrency ?? 0), 0);
      if (!(reserved >= 0) || left - reserved < UNRESERVED)
        throw invalid(
          "Specified ReservedConcurrentExecutions for function decreases account's " +
            `UnreservedConcurrentExecution below its minimum value of [${UNRESERVED}].`,
        );
      of.reservedConcurrency = reserved;
      return { ReservedConcurrentExecutions: reserved };
    },
  },
  DeleteFunctionConcurrency: {
    authorize: onFunction("DeleteFunctionConcurrency"),
    run: (input, call) => {
      functionOf(named(input, call), call).reservedConcurrency = undefined;
      return {};
    },
  },
});
