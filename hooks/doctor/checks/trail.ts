// Whether CloudTrail hands the registry's calls to EventBridge: while a trail of the account logs write management
// events of this Region (EventBridge User Guide, "AWS service events delivered via CloudTrail").
import {
  type AdvancedEventSelector,
  type AdvancedFieldSelector,
  DescribeTrailsCommand,
  type EventSelector,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  ListTrailsCommand,
  type Trail,
} from "@aws-sdk/client-cloudtrail";
import type { Account } from "../account.ts";
import type { Found } from "../finding.ts";
import { NotSeen, look } from "../look.ts";

type Customer = Account<"customer">;

const WHY = "EventBridge hears of calls only while a trail logs them: without one nothing is announced.";

export async function* trail(customer: Customer): AsyncGenerator<Found | NotSeen> {
  // Without its rule nobody waits for CloudTrail: `trigger` is `registry-events`.
  if (customer.outputs.ruleName === undefined) return;
  const { trailList = [] } = await look("the trails", "cloudtrail:DescribeTrails", () =>
    // Shadow trails, which it lists too: those of other Regions and of the organisation that log here.
    customer.cloudtrail.send(new DescribeTrailsCommand({})),
  );
  if (trailList.length === 0) {
    yield await noTrail(customer);
    return;
  }
  const refusals: Found[] = [];
  const unseen: NotSeen[] = [];
  for (const one of trailList) {
    try {
      const { refusal, deliveryError } = await examined(customer, one);
      if (refusal === undefined) {
        // One that logs is enough.
        if (deliveryError !== undefined) yield undelivered(one, deliveryError);
        return;
      }
      refusals.push(refusal);
    } catch (error) {
      if (!(error instanceof NotSeen)) throw error;
      unseen.push(error);
    }
  }
  // A trail that can't be looked at, such as the organisation's, may be the one that logs.
  yield* unseen.length > 0 ? unseen : refusals;
}

async function noTrail({ cloudtrail, outputs: { region } }: Customer): Promise<Found> {
  const { Trails = [] } = await look("the trails of other Regions", "cloudtrail:ListTrails", () =>
    cloudtrail.send(new ListTrailsCommand({})),
  );
  const [elsewhere] = Trails;
  if (elsewhere === undefined)
    return {
      id: "trail.none",
      severity: "broken",
      what: "The account has no trail.",
      why: WHY,
      mend: "pulumi config set createTrail true && pulumi up",
    };
  const { Name = "", TrailARN = "", HomeRegion = "" } = elsewhere;
  return {
    id: "trail.other-region",
    severity: "broken",
    what: `No trail logs ${region}: ${Name} is of ${HomeRegion} alone.`,
    why: WHY,
    mend:
      `aws cloudtrail update-trail --name ${TrailARN} --is-multi-region-trail --include-global-service-events ` +
      `--region ${HomeRegion}`,
  };
}

async function examined({ cloudtrail }: Customer, trail: Trail) {
  const { Name = "", TrailARN = "", IsOrganizationTrail } = trail;
  const name = `${IsOrganizationTrail === true ? "the organisation's trail" : "the trail"} ${Name}`;
  const { IsLogging, LatestDeliveryError } = await look(`whether ${name} logs`, "cloudtrail:GetTrailStatus", () =>
    cloudtrail.send(new GetTrailStatusCommand({ Name: TrailARN })),
  );
  const selectors = await look(`what ${name} logs`, "cloudtrail:GetEventSelectors", () =>
    cloudtrail.send(new GetEventSelectorsCommand({ TrailName: TrailARN })),
  );
  return {
    refusal: IsLogging === true ? unselected(trail, selectors) : stopped(trail),
    deliveryError: LatestDeliveryError === "" ? undefined : LatestDeliveryError,
  };
}

const stopped = ({ Name = "", TrailARN = "", HomeRegion = "" }: Trail): Found => ({
  id: "trail.stopped",
  severity: "broken",
  what: `The trail ${Name} doesn't log: it was stopped, or never started.`,
  why: WHY,
  mend: `aws cloudtrail start-logging --name ${TrailARN} --region ${HomeRegion}`,
});

export interface Selectors {
  readonly EventSelectors?: readonly EventSelector[] | undefined;
  readonly AdvancedEventSelectors?: readonly AdvancedEventSelector[] | undefined;
}

/** What is wrong with the selectors of a trail that logs. */
function unselected({ Name = "", TrailARN = "", HomeRegion = "" }: Trail, selectors: Selectors): Found | undefined {
  const { EventSelectors = [], AdvancedEventSelectors = [] } = selectors;
  if (EventSelectors.some(selects) || AdvancedEventSelectors.some(selectsByFields)) return undefined;
  const mend =
    `aws cloudtrail put-event-selectors --trail-name ${TrailARN} --region ${HomeRegion} --event-selectors ` +
    `'[{"ReadWriteType":"WriteOnly","IncludeManagementEvents":true}]'`;
  if (AdvancedEventSelectors.length > 0)
    return {
      id: "trail.advanced-selectors",
      severity: "broken",
      what: `No advanced event selector of the trail ${Name} takes write management events of AWS IoT.`,
      why: WHY,
      mend: `${mend}   (it replaces the advanced ones: add one to them instead where others need them)`,
    };
  if (EventSelectors.some(({ IncludeManagementEvents }) => IncludeManagementEvents !== false))
    return {
      id: "trail.read-only",
      severity: "broken",
      what: `The trail ${Name} logs read events only: making, changing and deleting a thing are writes.`,
      why: WHY,
      mend,
    };
  return {
    id: "trail.no-management-events",
    severity: "broken",
    what: `The trail ${Name} logs no management events, which all calls to the registry are.`,
    why: WHY,
    mend,
  };
}

const selects = ({ IncludeManagementEvents, ReadWriteType = "All" }: EventSelector): boolean =>
  IncludeManagementEvents !== false && ReadWriteType !== "ReadOnly";

/** What the fields of the registry's calls hold (CloudTrail API Reference, AdvancedFieldSelector). */
const FIELDS: Readonly<Record<string, string>> = {
  eventCategory: "Management",
  readOnly: "false",
  eventSource: "iot.amazonaws.com",
};

/** All fields of a selector have to match; those that differ from call to call are taken to. */
export const selectsByFields = ({ FieldSelectors = [] }: AdvancedEventSelector): boolean =>
  FieldSelectors.every((selector) => {
    const value = FIELDS[selector.Field ?? ""];
    return value === undefined || selectsField(selector, value);
  });

function selectsField(selector: AdvancedFieldSelector, value: string): boolean {
  const { Equals, StartsWith, EndsWith, NotEquals, NotStartsWith, NotEndsWith } = selector;
  const none = (values: readonly string[] | undefined, test: (one: string) => boolean) => !(values ?? []).some(test);
  return (
    (Equals?.includes(value) ?? true) &&
    (StartsWith?.some((one) => value.startsWith(one)) ?? true) &&
    (EndsWith?.some((one) => value.endsWith(one)) ?? true) &&
    none(NotEquals, (one) => one === value) &&
    none(NotStartsWith, (one) => value.startsWith(one)) &&
    none(NotEndsWith, (one) => value.endsWith(one))
  );
}

const undelivered = ({ Name = "", S3BucketName = "" }: Trail, error: string): Found => ({
  id: "trail.undelivered",
  severity: "risk",
  what: `The trail ${Name} can't write to its bucket ${S3BucketName} (${error}).`,
  why: "EventBridge gets the events all the same, as far as is known; a trail that nobody mends is one that somebody deletes.",
  mend: `aws s3api get-bucket-policy --bucket ${S3BucketName}   (then let cloudtrail.amazonaws.com write there again)`,
});
