// What the rules on services and on delivery say of each resource, without a program around it.
import { expect } from "chai";
import { violations } from "../../policy-pack/rules.ts";

type Props = Readonly<Record<string, unknown>>;

const TOPIC_RULE = "aws:iot/topicRule:TopicRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const FUNCTION = "aws:lambda/function:Function";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const ALIAS = "aws:lambda/alias:Alias";
const CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";

const GOOD: Readonly<Record<string, Props>> = {
  [TOPIC_RULE]: { name: "x", sqlVersion: "2016-03-23", errorAction: { sqs: {} } },
  [TARGET]: { deadLetterConfig: { arn: "q" } },
  [FUNCTION]: { runtime: "nodejs24.x", loggingConfig: { logGroup: "g" } },
  [LOG_GROUP]: { retentionInDays: 30 },
};

/** `resource, rule: message` of each violation. */
const said = (...resources: readonly (readonly [type: string, props: Props])[]): string[] =>
  violations(resources.map(([type, props]) => ({ type, name: "x", props }))).map(
    ({ resource, rule, message }) => `${resource}, ${rule}: ${message}`,
  );

describe("a resource", () => {
  it("is fine with what it needs, and another has no need of it", () => {
    for (const [type, props] of Object.entries(GOOD)) expect(said([type, props]), type).to.deep.equal([]);
    expect(said(["aws:sqs/queue:Queue", {}])).to.deep.equal([]);
    expect(said([FUNCTION, { ...GOOD[FUNCTION], runtime: "nodejs22.x" }])).to.deep.equal([]);
  });

  const missing: readonly (readonly [type: string, props: Props, message: string])[] = [
    [
      TOPIC_RULE,
      { sqlVersion: undefined },
      "topic-rule-sql-version: sqlVersion is not set: set 2016-03-23, as the functions in the SQL need it.",
    ],
    [
      TOPIC_RULE,
      { sqlVersion: "2015-10-08" },
      'topic-rule-sql-version: sqlVersion is "2015-10-08": set 2016-03-23, as the functions in the SQL need it.',
    ],
    ...[undefined, null, "", {}].map(
      (errorAction) =>
        [
          TOPIC_RULE,
          { errorAction },
          "topic-rule-error-action: errorAction is not set: name a queue for the messages that the rule's actions fail " +
            "for.",
        ] as const,
    ),
    ...[undefined, null, "q", {}, { arn: "" }].map(
      (deadLetterConfig) =>
        [
          TARGET,
          { deadLetterConfig },
          "event-target-dead-letters: deadLetterConfig.arn is not set: name a queue for the events that the target " +
            "doesn't take.",
        ] as const,
    ),
    [FUNCTION, { runtime: "nodejs18.x" }, 'supported-runtime: runtime is "nodejs18.x": set nodejs22.x or nodejs24.x.'],
    ...[undefined, {}, { logGroup: "" }].map(
      (loggingConfig) =>
        [
          FUNCTION,
          { loggingConfig },
          "function-names-log-group: loggingConfig.logGroup is not set: name a log group of the program.",
        ] as const,
    ),
    ...[undefined, 0].map(
      (retentionInDays) =>
        [
          LOG_GROUP,
          { retentionInDays },
          `log-group-retention: retentionInDays is ${retentionInDays ?? "not set"}, so that logs are kept for ever: ` +
            "set a number of days, such as 30.",
        ] as const,
    ),
  ];
  for (const [type, props, message] of missing)
    it(`is refused with ${JSON.stringify(props)}: ${message.replace(/:.*/, "")}`, () => {
      expect(said([type, { ...GOOD[type], ...props }])).to.deep.equal([`x (${type}), ${message}`]);
    });
});

describe("an alias", () => {
  const alias = [ALIAS, { functionName: "f", name: "live" }] as const;
  const config = { functionName: "f", qualifier: "live", destinationConfig: { onFailure: { destination: "q" } } };
  const refused = (functionName = '"f"', name = '"live"') => [
    `x (${ALIAS}), alias-on-failure: no FunctionEventInvokeConfig with functionName ${functionName} and qualifier ` +
      `${name} has a destinationConfig.onFailure: add one with a queue, or events that fail three times are gone.`,
  ];

  it("has a destination of its own for what fails, whatever else has one", () => {
    expect(said(alias, [CONFIG, config])).to.deep.equal([]);
    expect(said([CONFIG, config])).to.deep.equal([]);
    expect(said(alias)).to.deep.equal(refused());
    const others: readonly Props[] = [
      { functionName: "g" },
      { qualifier: undefined },
      { destinationConfig: undefined },
      { destinationConfig: { onFailure: {} } },
      { destinationConfig: { onSuccess: { destination: "q" } } },
    ];
    for (const other of others)
      expect(said(alias, [CONFIG, { ...config, ...other }]), JSON.stringify(other)).to.deep.equal(refused());
    expect(said(alias, [LOG_GROUP, { ...config, retentionInDays: 30 }])).to.deep.equal(refused());
    // Either of several may be the one.
    expect(said(alias, [CONFIG, { ...config, qualifier: "1" }], [CONFIG, config])).to.deep.equal([]);
  });

  it("is told of by what is known of it", () => {
    expect(said([ALIAS, {}])).to.deep.equal(refused("not known yet", "not known yet"));
  });
});
