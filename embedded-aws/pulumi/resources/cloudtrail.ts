import type { CreateTrailRequest, EventSelector } from "@aws-sdk/client-cloudtrail";
import {
  type Properties,
  type ResourceType,
  argsOf,
  defined,
  propertiesOf,
  tagList,
  tagMap,
  tagsIn,
  toApi,
  unlessGone,
} from "../resource.ts";

const SETTINGS = ["name", "s3BucketName", "s3KeyPrefix", "includeGlobalServiceEvents", "isMultiRegionTrail"];
const trailArgs = (inputs: Properties) =>
  argsOf<CreateTrailRequest>(inputs, [...SETTINGS, "enableLogFileValidation"]) as CreateTrailRequest;

const selectors = (inputs: Properties) => toApi(inputs.eventSelectors ?? []) as EventSelector[];

/** What a trail has without being told («Logging management events»). */
const isDefault = ([first, ...more]: readonly EventSelector[]): boolean =>
  more.length === 0 && first?.ReadWriteType === "All" && first.IncludeManagementEvents === true;

export const trail: ResourceType = {
  autoName: { property: "name", maxLength: 128 },
  required: ["s3BucketName"],
  optional: ["eventSelectors", "s3KeyPrefix"],
  replaceOn: ["name"],
  computed: ["arn", "homeRegion"],
  tagged: true,
  defaults: {
    enableLogging: true,
    enableLogFileValidation: false,
    includeGlobalServiceEvents: true,
    isMultiRegionTrail: false,
  },
  async create(aws, inputs) {
    const cloudtrail = await aws.cloudtrail();
    const trail = { ...trailArgs(inputs), TagsList: tagList(tagsIn(inputs)) };
    const { TrailARN = "" } = await cloudtrail.createTrail(trail);
    const EventSelectors = selectors(inputs);
    if (EventSelectors.length > 0) await cloudtrail.putEventSelectors({ TrailName: TrailARN, EventSelectors });
    if (inputs.enableLogging === true) await cloudtrail.startLogging({ Name: TrailARN });
    return TrailARN;
  },
  /** By name or ARN. */
  async imported(aws, given) {
    const { Trail } = await (await aws.cloudtrail()).getTrail({ Name: given });
    return { id: Trail?.TrailARN ?? given, state: {} };
  },
  async read(aws, id, state) {
    const cloudtrail = await aws.cloudtrail();
    const it = (await unlessGone(cloudtrail.getTrail({ Name: id })))?.Trail;
    if (!it) return undefined;
    const { IsLogging } = await cloudtrail.getTrailStatus({ Name: id });
    const { EventSelectors = [] } = await cloudtrail.getEventSelectors({ TrailName: id });
    const { ResourceTagList = [] } = await cloudtrail.listTags({ ResourceIdList: [it.TrailARN ?? ""] });
    return defined({
      ...propertiesOf(it, [...SETTINGS, "homeRegion"]),
      arn: it.TrailARN,
      enableLogFileValidation: it.LogFileValidationEnabled,
      enableLogging: IsLogging,
      // Every trail has selectors; AWS's own are the program's business only if it set them.
      eventSelectors:
        state.eventSelectors === undefined && isDefault(EventSelectors)
          ? undefined
          : EventSelectors.map((selector) => propertiesOf(selector, ["readWriteType", "includeManagementEvents"])),
      tagsAll: tagMap(ResourceTagList[0]?.TagsList),
    });
  },
  async update(aws, id, news) {
    const cloudtrail = await aws.cloudtrail();
    await cloudtrail.updateTrail({ ...trailArgs(news), Name: id });
    const EventSelectors = selectors(news);
    if (EventSelectors.length > 0) await cloudtrail.putEventSelectors({ TrailName: id, EventSelectors });
    if (news.enableLogging === true) await cloudtrail.startLogging({ Name: id });
    else await cloudtrail.stopLogging({ Name: id });
  },
  tagging: {
    tag: async (aws, { arn }, tags) =>
      (await aws.cloudtrail()).addTags({ ResourceId: arn as string, TagsList: tagList(tags) }),
    untag: async (aws, { arn }, keys) =>
      (await aws.cloudtrail()).removeTags({ ResourceId: arn as string, TagsList: keys.map((Key) => ({ Key })) }),
  },
  async delete(aws, id) {
    await unlessGone((await aws.cloudtrail()).deleteTrail({ Name: id }));
  },
};
