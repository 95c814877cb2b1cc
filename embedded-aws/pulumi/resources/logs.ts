import type { Clients } from "../clients.ts";
import { type ResourceType, tagsIn, unlessGone } from "../resource.ts";

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
    const tags = tagsIn(inputs);
    // It takes no empty map.
    await logs.createLogGroup({ logGroupName: name, ...(Object.keys(tags).length > 0 ? { tags } : {}) });
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
  update: (aws, id, news) => retain(aws, id, news.retentionInDays as number | undefined),
  tagging: {
    tag: async (aws, { arn }, tags) => (await aws.logs()).tagResource({ resourceArn: arn as string, tags }),
    untag: async (aws, { arn }, tagKeys) => (await aws.logs()).untagResource({ resourceArn: arn as string, tagKeys }),
  },
  async delete(aws, id) {
    await unlessGone((await aws.logs()).deleteLogGroup({ logGroupName: id }));
  },
};
