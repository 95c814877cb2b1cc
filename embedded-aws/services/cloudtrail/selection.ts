// Which trail logs what, and if none does: why not.
import type { AdvancedEventSelector } from "@aws-sdk/client-cloudtrail";
import type { Cloud } from "../../core/service.ts";
import type { CloudTrailRecord } from "./record.ts";
import type { Trail } from "./state.ts";

type Selected = Pick<CloudTrailRecord, "readOnly" | "eventSource">;

const selects = ({ selectors, advancedSelectors }: Trail, record: Selected): boolean =>
  selectors.some(
    ({ ReadWriteType, IncludeManagementEvents }) =>
      IncludeManagementEvents &&
      (ReadWriteType === "All" || ReadWriteType === (record.readOnly ? "ReadOnly" : "WriteOnly")),
  ) || advancedSelectors.some((selector) => selectsByFields(selector, record));

/** «AdvancedFieldSelector», API reference: all fields of one selector have to match; here of management events only. */
function selectsByFields({ FieldSelectors = [] }: AdvancedEventSelector, record: Selected): boolean {
  const values: Readonly<Record<string, string>> = {
    eventCategory: "Management",
    readOnly: String(record.readOnly),
    eventSource: record.eventSource,
  };
  return FieldSelectors.every(({ Field = "", Equals, NotEquals }) => {
    const value = values[Field] ?? "";
    return (Equals?.includes(value) ?? true) && !(NotEquals?.includes(value) ?? false);
  });
}

/** Why the trail doesn't log the record; undefined when it does. */
function refusal(trail: Trail, record: CloudTrailRecord, { clock, delivery }: Cloud): string | undefined {
  const { awsRegion, eventSource, readOnly } = record;
  if (trail.logging && !delivery.isWarm(trail.startedAt, clock.now()))
    return `${trail.name} has logged only since ${trail.startedAt?.toISOString() ?? "now"} and isn't warm yet`;
  if (!trail.logging) return `${trail.name} is not logging (StartLogging)`;
  if (trail.homeRegion !== awsRegion && !trail.multiRegion)
    return `${trail.name} logs ${trail.homeRegion} only, not ${awsRegion}`;
  if (eventSource === "iam.amazonaws.com" && !trail.globalEvents) return `${trail.name} leaves out global services`;
  return selects(trail, record) ? undefined : `${trail.name} logs no ${readOnly ? "read" : "write"} management events`;
}

export const logs = (trail: Trail, record: CloudTrailRecord, cloud: Cloud): boolean =>
  refusal(trail, record, cloud) === undefined;

/** A sentence for those who wait for an event that doesn't come. */
export function whyNoTrail(trails: readonly Trail[], record: CloudTrailRecord, cloud: Cloud): string {
  const account = record.recipientAccountId;
  const reasons = trails.map((trail) => refusal(trail, record, cloud)).join("; ");
  const because = trails.length === 0 ? "it has none in any Region" : reasons;
  return (
    `No trail in account ${account} logs management write events of ${record.awsRegion} (${because}), so ` +
    "CloudTrail sends nothing to EventBridge."
  );
}
