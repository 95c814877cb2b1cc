// Event selectors: which management events a trail logs. Data events and advanced selectors are not modelled.
import type { CloudTrail, EventSelector } from "@aws-sdk/client-cloudtrail";
import { AwsError } from "../../core/errors.ts";
import { operations } from "../../core/service.ts";
import { homeTrailOf, onTrail, trailOf, type Trail } from "./state.ts";

const MAX_SELECTORS = 5;

function check({ ExcludeManagementEventSources = [] }: EventSelector) {
  // Only KMS and the RDS Data API may be left out (API reference, EventSelector), and neither is here.
  for (const source of ExcludeManagementEventSources)
    if (!["kms.amazonaws.com", "rdsdata.amazonaws.com"].includes(source))
      throw new AwsError("InvalidEventSelectorsException", `${source} can't be left out of a trail.`);
}

const shown = ({ arn, selectors }: Trail) => ({ TrailARN: arn, EventSelectors: [...selectors] });

export const selectors = operations<CloudTrail>({
  PutEventSelectors: {
    record: { response: (output) => output },
    authorize: ({ TrailName }, call) => onTrail(call, "PutEventSelectors", TrailName),
    run: ({ TrailName, EventSelectors = [] }, call) => {
      const trail = homeTrailOf(call, TrailName);
      if (EventSelectors.length === 0 || EventSelectors.length > MAX_SELECTORS)
        throw new AwsError("InvalidEventSelectorsException", `A trail has 1 to ${MAX_SELECTORS} event selectors.`);
      EventSelectors.forEach(check);
      trail.selectors = EventSelectors.map((selector) => ({
        ReadWriteType: selector.ReadWriteType ?? "All",
        IncludeManagementEvents: selector.IncludeManagementEvents ?? true,
        DataResources: [],
        ExcludeManagementEventSources: selector.ExcludeManagementEventSources ?? [],
      }));
      return shown(trail);
    },
  },
  GetEventSelectors: {
    authorize: ({ TrailName }, call) => onTrail(call, "GetEventSelectors", TrailName),
    run: ({ TrailName }, call) => shown(trailOf(call, TrailName)),
  },
});
