// Event selectors: which management events a trail logs. Data events are not modelled.
import type { AdvancedEventSelector, CloudTrail, EventSelector } from "@aws-sdk/client-cloudtrail";
import { AwsError, notModelled } from "../../core/errors.ts";
import { operations } from "../../core/service.ts";
import { homeTrailOf, onTrail, trailOf, type Trail } from "./state.ts";

const MAX_SELECTORS = 5;

function check({ ExcludeManagementEventSources = [] }: EventSelector) {
  // Only KMS and the RDS Data API may be left out (API reference, EventSelector), and neither is here.
  for (const source of ExcludeManagementEventSources)
    if (!["kms.amazonaws.com", "rdsdata.amazonaws.com"].includes(source))
      throw new AwsError("InvalidEventSelectorsException", `${source} can't be left out of a trail.`);
}

/** «Filtering management events by using advanced event selectors», CloudTrail User Guide. */
const FIELDS = ["eventCategory", "readOnly", "eventSource"];

function checkAdvanced({ FieldSelectors = [] }: AdvancedEventSelector) {
  const other = FieldSelectors.find(({ Field = "" }) => !FIELDS.includes(Field));
  if (other) throw notModelled(`The field ${other.Field ?? ""} of an advanced event selector`);
  if (!FieldSelectors.some(({ Field, Equals }) => Field === "eventCategory" && Equals?.join() === "Management"))
    throw notModelled("An advanced event selector of another eventCategory than Management");
}

const shown = ({ arn, selectors, advancedSelectors }: Trail) => ({
  TrailARN: arn,
  ...(advancedSelectors.length === 0
    ? { EventSelectors: [...selectors] }
    : { AdvancedEventSelectors: [...advancedSelectors] }),
});

export const selectors = operations<CloudTrail>({
  PutEventSelectors: {
    record: { response: (output) => output },
    authorize: ({ TrailName }, call) => onTrail(call, "PutEventSelectors", TrailName),
    run: ({ TrailName, EventSelectors = [], AdvancedEventSelectors = [] }, call) => {
      const trail = homeTrailOf(call, TrailName);
      if (AdvancedEventSelectors.length > 0) {
        if (EventSelectors.length > 0)
          throw new AwsError(
            "InvalidEventSelectorsException",
            "A trail has event selectors or advanced ones, not both.",
          );
        AdvancedEventSelectors.forEach(checkAdvanced);
        Object.assign(trail, { selectors: [], advancedSelectors: AdvancedEventSelectors });
        return shown(trail);
      }
      if (EventSelectors.length === 0 || EventSelectors.length > MAX_SELECTORS)
        throw new AwsError("InvalidEventSelectorsException", `A trail has 1 to ${MAX_SELECTORS} event selectors.`);
      EventSelectors.forEach(check);
      trail.advancedSelectors = [];
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
