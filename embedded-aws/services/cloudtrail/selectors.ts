// Event selectors: which management events a trail logs. Data events are not modelled.
import type { AdvancedEventSelector, CloudTrail, EventSelector } from "@aws-sdk/client-cloudtrail";
import { AwsError, notModelled } from "../../core/errors.ts";
import { operations } from "../../core/service.ts";
import { homeTrailOf, onTrail, trailOf, type Trail } from "./state.ts";

const MAX_SELECTORS = 5;

function checkBasic({ ExcludeManagementEventSources = [] }: EventSelector) {
  // Only KMS and the RDS Data API may be left out (API reference, EventSelector), and neither is here.
  for (const source of ExcludeManagementEventSources)
    if (!["kms.amazonaws.com", "rdsdata.amazonaws.com"].includes(source))
      throw new AwsError("InvalidEventSelectorsException", `${source} can't be left out of a trail.`);
}

function checkAdvanced({ FieldSelectors = [] }: AdvancedEventSelector): void {
  const category = FieldSelectors.find(({ Field }) => Field === "eventCategory")?.Equals;
  if (category?.length !== 1)
    throw new AwsError("InvalidEventSelectorsException", "Each selector needs eventCategory with one value in Equals.");
  if (category[0] !== "Management") throw notModelled(`A trail of ${category[0] ?? ""} events`);
  for (const { Field = "", Equals, ...others } of FieldSelectors) {
    const other = Object.values(others).some((value) => value !== undefined);
    if (!["eventCategory", "readOnly"].includes(Field) || other || !Equals)
      throw notModelled(`The field ${Field} in a selector of events, or an operator other than Equals,`);
  }
}

const shown = ({ arn, selectors }: Trail) => ({
  TrailARN: arn,
  ...("basic" in selectors
    ? { EventSelectors: [...selectors.basic] }
    : { AdvancedEventSelectors: [...selectors.advanced] }),
});

export const selectors = operations<CloudTrail>({
  PutEventSelectors: {
    record: { response: (output) => output },
    authorize: ({ TrailName }, call) => onTrail(call, "PutEventSelectors", TrailName),
    run: ({ TrailName, EventSelectors, AdvancedEventSelectors }, call) => {
      const trail = homeTrailOf(call, TrailName);
      if ((EventSelectors === undefined) === (AdvancedEventSelectors === undefined))
        throw new AwsError("InvalidEventSelectorsException", "Give either EventSelectors or AdvancedEventSelectors.");
      if ((EventSelectors ?? []).length > MAX_SELECTORS)
        throw new AwsError(
          "InvalidEventSelectorsException",
          `A trail may have at most ${MAX_SELECTORS} event selectors.`,
        );
      EventSelectors?.forEach(checkBasic);
      AdvancedEventSelectors?.forEach(checkAdvanced);
      trail.selectors = AdvancedEventSelectors
        ? { advanced: AdvancedEventSelectors }
        : {
            basic: (EventSelectors ?? []).map((selector) => ({
              ...selector,
              ReadWriteType: selector.ReadWriteType ?? "All",
              IncludeManagementEvents: selector.IncludeManagementEvents ?? true,
              DataResources: [],
              ExcludeManagementEventSources: selector.ExcludeManagementEventSources ?? [],
            })),
          };
      return shown(trail);
    },
  },
  GetEventSelectors: {
    authorize: ({ TrailName }, call) => onTrail(call, "GetEventSelectors", TrailName),
    run: ({ TrailName }, call) => shown(trailOf(call, TrailName)),
  },
});
