// Listens to every call: event history, trails' log files, and EventBridge.
import type { Cloud } from "../../core/service.ts";
import type { FinishedCall } from "../../core/service.ts";
import { uuid } from "../../core/ids.ts";
import { childSpan } from "../../core/trace.ts";
import { deliverEvent, matchingRules, whyNoRule, type BusEvent } from "../events/index.ts";
import { keepForLogFile } from "./log-files.ts";
import { recordsOf, type CloudTrailRecord } from "./record.ts";
import { logs, whyNoTrail } from "./selection.ts";
import { HISTORY, trailsOf } from "./state.ts";

// AWS keeps 90 days («Working with CloudTrail event history»). Memory is finite here: the newest of them, per account
// and Region.
const HISTORY_SIZE = 5000;

/** Where EventBridge's name of a source isn't the first part of CloudTrail's. */
const SOURCES: Readonly<Record<string, string>> = { "monitoring.amazonaws.com": "aws.cloudwatch" };
const sourceOf = (eventSource: string): string => SOURCES[eventSource] ?? `aws.${eventSource.split(".")[0] ?? ""}`;

/** «AWS service events delivered via AWS CloudTrail», EventBridge user guide. */
const eventOf = (record: CloudTrailRecord): BusEvent => ({
  version: "0",
  id: uuid(),
  "detail-type": "AWS API Call via CloudTrail",
  source: sourceOf(record.eventSource),
  account: record.recipientAccountId,
  time: record.eventTime,
  region: record.awsRegion,
  resources: [],
  detail: record,
});

function remember(cloud: Cloud, record: CloudTrailRecord): void {
  const history = cloud.state(HISTORY, { account: record.recipientAccountId, region: record.awsRegion });
  history.records.push(record);
  // Cut in blocks: dropping one at a time from the front of a long array is slow.
  if (history.records.length > HISTORY_SIZE * 1.25) history.records = history.records.slice(-HISTORY_SIZE);
}

/**
 * Whether somebody could wait for what comes of the call: a client of IoT's registry, where things are made to be
 * announced. Others write on the way to that, such as whoever deploys, and would only be disturbed.
 */
const isAwaited = ({ call: { caller }, error }: FinishedCall, { eventSource, eventName }: CloudTrailRecord): boolean =>
  caller.kind !== "service" && !error && eventSource === "iot.amazonaws.com" && eventName.includes("Thing");

/** Read-only events don't arrive at rules in state ENABLED («AWS service events delivered via AWS CloudTrail»). */
function sendToEventBridge(finished: FinishedCall, record: CloudTrailRecord, logged: boolean) {
  const { cloud, span, caller } = finished.call;
  const place = { account: record.recipientAccountId, region: record.awsRegion };
  const event = eventOf(record);
  if (logged) {
    const of = { ...place, span, service: "cloudtrail", name: "EventDelivery" };
    cloud.delivery.pass(cloud.clock, () => {
      cloud.background(() => deliverEvent(cloud, place, event, span), of);
    });
  } else if (caller.kind !== "service") {
    // Said only to somebody who could wait for it: a client, of whose call a rule would have heard.
    const rules = matchingRules(cloud, place, event);
    if (rules.length > 0)
      cloud.effect({
        ...place,
        span: childSpan(span),
        service: "cloudtrail",
        name: "NoTrail",
        outcome: "failed",
        error: { code: "NoTrail", message: whyNoTrail(trailsOf(cloud, place.account), record, cloud) },
        detail: { event: record.eventName, rules: rules.map(({ arn }) => arn) },
      });
  }
  const reason = isAwaited(finished, record) ? whyNoRule(cloud, place, event, record.eventName) : undefined;
  if (reason !== undefined)
    cloud.effect({ ...place, span: childSpan(span), service: "events", name: "NoRuleMatched", detail: { reason } });
}

export function observe(finished: FinishedCall): void {
  const { cloud } = finished.call;
  for (const record of recordsOf(finished)) {
    remember(cloud, record);
    const logging = trailsOf(cloud, record.recipientAccountId).filter((trail) => logs(trail, record, cloud));
    for (const trail of logging) keepForLogFile(cloud, trail, record);
    // The first copy of management events costs nothing, each further one does («AWS CloudTrail pricing»).
    if (logging.length > 1) cloud.trace.count(record.recipientAccountId, "cloudtrail:copies", logging.length - 1);
    if (!record.readOnly) sendToEventBridge(finished, record, logging.length > 0);
  }
}
