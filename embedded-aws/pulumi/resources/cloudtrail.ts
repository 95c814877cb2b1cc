import type { EventSelector } from "@aws-sdk/client-cloudtrail";
import { type Properties, type ResourceType, defined, removedTags, tagList, tagMap, unlessGone } from "../resource.ts";

const trailArgs = (inputs: Properties) => ({
  Name: inputs.name as string,
  S3BucketName: inputs.s3BucketName as string,
  S3KeyPrefix: inputs.s3KeyPrefix as string | undefined,
  IncludeGlobalServiceEvents: inputs.includeGlobalServiceEvents as boolean,
  IsMultiRegionTrail: inputs.isMultiRegionTrail as boolean,
  EnableLogFileValidation: inputs.enableLogFileValidation as boolean,
});

const selectors = (inputs: Properties) =>
  ((inputs.eventSelectors ?? []) as Properties[]).map((selector) => ({
    ReadWriteType: selector.readWriteType as "All" | "ReadOnly" | "WriteOnly" | undefined,
    IncludeManagementEvents: selector.includeManagementEvents as boolean | undefined,
    ExcludeManagementEventSources: selector.excludeManagementEventSources as string[] | undefined,
    DataResources: (selector.dataResources as Properties[] | undefined)?.map(({ type, values }) => ({
      Type: type as string,
      Values: values as string[],
    })),
  }));

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
    const { TrailARN = "" } = await cloudtrail.createTrail({
      ...trailArgs(inputs),
      TagsList: tagList(inputs.tagsAll as Record<string, string>),
    });
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
      name: it.Name,
      arn: it.TrailARN,
      homeRegion: it.HomeRegion,
      s3BucketName: it.S3BucketName,
      s3KeyPrefix: it.S3KeyPrefix,
      includeGlobalServiceEvents: it.IncludeGlobalServiceEvents,
      isMultiRegionTrail: it.IsMultiRegionTrail,
      enableLogFileValidation: it.LogFileValidationEnabled,
      enableLogging: IsLogging,
      // Every trail has selectors; AWS's own are the program's business only if it set them.
      eventSelectors:
        state.eventSelectors === undefined && isDefault(EventSelectors)
          ? undefined
          : EventSelectors.map((selector) => ({
              readWriteType: selector.ReadWriteType,
              includeManagementEvents: selector.IncludeManagementEvents,
            })),
      tagsAll: tagMap(ResourceTagList[0]?.TagsList),
    });
  },
  async update(aws, id, news, olds) {
    const cloudtrail = await aws.cloudtrail();
    await cloudtrail.updateTrail({ ...trailArgs(news), Name: id });
    const EventSelectors = selectors(news);
    if (EventSelectors.length > 0) await cloudtrail.putEventSelectors({ TrailName: id, EventSelectors });
    if (news.enableLogging === true) await cloudtrail.startLogging({ Name: id });
    else await cloudtrail.stopLogging({ Name: id });
    const removed = removedTags(news, olds);
    if (removed.length > 0) await cloudtrail.removeTags({ ResourceId: id, TagsList: removed.map((Key) => ({ Key })) });
    await cloudtrail.addTags({ ResourceId: id, TagsList: tagList(news.tagsAll as Record<string, string>) });
  },
  async delete(aws, id) {
    await unlessGone((await aws.cloudtrail()).deleteTrail({ Name: id }));
  },
};
