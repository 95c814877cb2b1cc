import type { Clients } from "../clients.ts";
import { type ResourceType, removedTags, tagsIn, unlessGone } from "../resource.ts";

async function retain(aws: Clients, logGroupName: string, retentionInDays: number | undefined): Promise<void> {
  const logs = await aws.logs();
  // 0 is the provider's word for «for ever».
  if (retentionInDays) await logs.putRetentionPolicy({ logGroupName, retentionInDays });
  else await logs.deleteRetentionPolicy({ logGroupName });
}

export const logGroup: ResourceType = {
  autoName: { property: "name", maxLength: 512 },
  required: [],
  replaceOn: ["name"],
  computed: ["arn"],
  tagged: true,
  defaults: { retentionInDays: 0 },
  fixed: { skipDestroy: false },
  async create(aws, inputs) {
    const logs = await aws.logs();
    const name = inputs.name as string;
    await logs.createLogGroup({ logGroupName: name, tags: tagsIn(inputs) });
    await retain(aws, name, inputs.retentionInDays as number | undefined);
    return name;
  },
  async read(aws, id) {
    const logs = await aws.logs();
    const { logGroups = [] } = await logs.describeLogGroups({ logGroupNamePrefix: id });
    const it = logGroups.find(({ logGroupName }) => logGroupName === id);
    if (!it) return undefined;
    const arn = (it.arn ?? "").replace(/:\*$/, "");
    const { tags = {} } = await logs.listTagsForResource({ resourceArn: arn });
    return { name: id, arn, retentionInDays: it.retentionInDays ?? 0, tagsAll: tags };
  },
  async update(aws, id, news, olds) {
    await retain(aws, id, news.retentionInDays as number | undefined);
    const logs = await aws.logs();
    const resourceArn = olds.arn as string;
    const removed = removedTags(news, olds);
    if (removed.length > 0) await logs.untagResource({ resourceArn, tagKeys: removed });
    const tags = tagsIn(news);
    if (tags) await logs.tagResource({ resourceArn, tags });
  },
  async delete(aws, id) {
    await unlessGone((await aws.logs()).deleteLogGroup({ logGroupName: id }));
  },
};
