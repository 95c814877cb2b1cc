import type { Action, IoT, TopicRulePayload } from "@aws-sdk/client-iot";
import type { Clients } from "../clients.ts";
import {
  type Properties,
  type ResourceType,
  defined,
  tagList,
  tagMap,
  tagsIn,
  unlessGone,
  withRole,
} from "../resource.ts";

/**
 * The provider's lists of actions, and the API's names of them. What is in a block has the API's names already, so
 * that the embedded AWS itself can refuse what it doesn't model.
 */
const ACTIONS: Readonly<Record<string, string>> = { lambdas: "lambda", sqs: "sqs" };

function payloadOf(inputs: Properties): TopicRulePayload {
  const actions = Object.entries(ACTIONS).flatMap(([property, kind]) =>
    ((inputs[property] ?? []) as Properties[]).map((block) => ({ [kind]: block })),
  );
  const errorAction = inputs.errorAction as Action | undefined;
  return {
    sql: inputs.sql as string,
    awsIotSqlVersion: inputs.sqlVersion as string,
    description: (inputs.description ?? "") as string,
    ruleDisabled: inputs.enabled === false,
    actions,
    ...(errorAction ? { errorAction } : {}),
  };
}

/** The other way round, for refresh and import. */
const blocks = (actions: readonly Action[], kind: "lambda" | "sqs"): Properties[] | undefined => {
  const found = actions.flatMap((action) => (action[kind] ? [defined(action[kind])] : []));
  return found.length > 0 ? found : undefined;
};

const turn = async (aws: Clients, { eventConfigurations }: Properties): Promise<void> => {
  const wanted = Object.entries(eventConfigurations as Record<string, boolean>);
  await (
    await aws.iot()
  ).updateEventConfigurations({
    eventConfigurations: Object.fromEntries(wanted.map(([type, Enabled]) => [type, { Enabled }])),
  });
};

/**
 * The setting of an account and Region, whose name is its id. The provider sends what the program says, reads all
 * types there are, and leaves all as it is when the resource goes (terraform-provider-aws,
 * internal/service/iot/event_configurations.go).
 */
export const eventConfigurations: ResourceType = {
  required: ["eventConfigurations"],
  replaceOn: [],
  computed: [],
  async create(aws, inputs) {
    await turn(aws, inputs);
    return aws.region;
  },
  async read(aws) {
    const { eventConfigurations: all = {} } = await (await aws.iot()).describeEventConfigurations({});
    return {
      eventConfigurations: Object.fromEntries(
        Object.entries(all).map(([type, { Enabled }]) => [type, Enabled === true]),
      ),
    };
  },
  update: (aws, _id, news) => turn(aws, news),
  delete: () => Promise.resolve(),
};

async function isListed(iot: IoT, ruleName: string): Promise<boolean> {
  let nextToken: string | undefined;
  do {
    const page = await iot.listTopicRules({ nextToken });
    if (page.rules?.some((rule) => rule.ruleName === ruleName)) return true;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return false;
}

export const topicRule: ResourceType = {
  // The provider gives topic rules the logical name as it is: a second stack in the same account and Region needs
  // names of its own.
  autoName: { property: "name", random: false, maxLength: 128 },
  required: ["sql", "sqlVersion", "enabled"],
  optional: ["description", "errorAction", ...Object.keys(ACTIONS)],
  replaceOn: ["name"],
  computed: ["arn"],
  tagged: true,
  async create(aws, inputs) {
    const tags = new URLSearchParams(tagsIn(inputs)).toString();
    const iot = await aws.iot();
    await withRole(() =>
      iot.createTopicRule({ ruleName: inputs.name as string, topicRulePayload: payloadOf(inputs), tags }),
    );
    return inputs.name as string;
  },
  async read(aws, id) {
    const iot = await aws.iot();
    // As the provider does: for a rule that doesn't exist IoT answers UnauthorizedException, which says as much of
    // one that may not be read.
    if (!(await isListed(iot, id))) return undefined;
    const found = await iot.getTopicRule({ ruleName: id });
    const { rule } = found;
    if (!rule) return undefined;
    const { tags } = await iot.listTagsForResource({ resourceArn: found.ruleArn });
    const actions = rule.actions ?? [];
    const { lambda, sqs } = rule.errorAction ?? {};
    return defined({
      name: rule.ruleName,
      arn: found.ruleArn,
      sql: rule.sql,
      sqlVersion: rule.awsIotSqlVersion,
      description: rule.description,
      enabled: rule.ruleDisabled !== true,
      lambdas: blocks(actions, "lambda"),
      sqs: blocks(actions, "sqs"),
      errorAction: rule.errorAction && defined({ lambda, sqs }),
      tagsAll: tagMap(tags),
    });
  },
  async update(aws, id, news) {
    const iot = await aws.iot();
    await withRole(() => iot.replaceTopicRule({ ruleName: id, topicRulePayload: payloadOf(news) }));
  },
  tagging: {
    tag: async (aws, { arn }, tags) =>
      (await aws.iot()).tagResource({ resourceArn: arn as string, tags: tagList(tags) }),
    untag: async (aws, { arn }, tagKeys) => (await aws.iot()).untagResource({ resourceArn: arn as string, tagKeys }),
  },
  async delete(aws, id) {
    await unlessGone((await aws.iot()).deleteTopicRule({ ruleName: id }), "UnauthorizedException");
  },
};
