import { expect } from "chai";
import { type Inputs, type Recorded, inputsOf, made, resourceOf } from "../harness/run-stack.ts";
import { CUSTOMER, PARTNER, runCustomer } from "../harness/stacks.ts";

const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const FUNCTION = "aws:lambda/function:Function";
const RULE = "aws:cloudwatch/eventRule:EventRule";

/** Where the customer is, whose partner is there; any other's is in us-east-1. */
const SAME_PARTITION: Readonly<Record<string, string>> = {
  "cn-northwest-1": "cn-north-1",
  "us-gov-east-1": "us-gov-west-1",
};

const QUEUES = `https://sqs.us-east-1.amazonaws.com/${CUSTOMER}`;

const ALARMS = [
  ...["registry-letters", "registry-letters-old", "registry-failed", "registry-to-queue", "registry-lost"],
  ...["announce-letters", "announce-letters-old", "announce-errors", "announce-throttles", "announce-dropped"],
  ...["announce-undelivered", "announce-backlog"],
].map((alarm) => `iot-hooks-${alarm} MetricAlarm`);

const statementsOf = (policy: Inputs) => policy.Statement as Inputs[];
const patternOf = (resources: readonly Recorded[]) =>
  JSON.parse(inputsOf(resources, RULE).eventPattern as string) as { detail: Inputs };

for (const preview of [false, true]) {
  describe(`the customer's program (${preview ? "preview" : "up"})`, () => {
    const run = (config?: Record<string, string>) => runCustomer(config, { preview });

    it("makes a role, a log group, a versioned function, the rule that triggers it, queues and alarms for both, and nothing else", async () => {
      const { resources } = await run();
      expect(made(resources)).to.have.members([
        "iot-hooks-announce Role",
        "/aws/lambda/iot-hooks-announce LogGroup",
        "iot-hooks-announce-dead-letters Queue",
        "iot-hooks-announce-dead-letters QueuePolicy",
        "iot-hooks-announce RolePolicy",
        "iot-hooks-announce Function",
        "iot-hooks-announce Alias",
        "iot-hooks-announce FunctionEventInvokeConfig",
        "iot-hooks-registry EventRule",
        "iot-hooks-registry-dead-letters Queue",
        "iot-hooks-registry-dead-letters QueuePolicy",
        "iot-hooks-registry Permission",
        "iot-hooks-registry EventTarget",
        ...ALARMS,
        "iot-hooks-announce Dashboard",
      ]);
    });

    it(
      "makes everything in the customer's account and Region, through a provider that refuses any other " + "account",
      async () => {
        const { resources } = await run({ "aws:region": "eu-west-1", "aws:profile": "factory" });
        for (const { account } of resources.filter(({ type }) => type.startsWith("aws:"))) {
          expect(account).to.deep.equal({ accountId: CUSTOMER, region: "eu-west-1" });
        }
        const provider = inputsOf(resources, "pulumi:providers:aws");
        expect(provider.profile).to.equal("factory");
        expect(provider.allowedAccountIds).to.equal(`["${CUSTOMER}"]`);
        expect(JSON.parse(provider.defaultTags as string)).to.deep.equal({
          tags: {
            application: "cross-account-iot-hooks",
            "pulumi:project": "iot-hooks-customer",
            "pulumi:stack": "dev",
          },
        });
      },
    );

    it(
      "gives the function's role one partner role to assume, the describe calls of its operations, and its " +
        "own log group and queue",
      async () => {
        const { resources } = await run();
        expect(inputsOf(resources, ROLE_POLICY)).to.deep.equal({
          role: `publish-to-partner-role-${PARTNER}`,
          policy: {
            Version: "2012-10-17",
            Statement: [
              {
                Sid: "AssumePublishRole",
                Effect: "Allow",
                Action: "sts:AssumeRole",
                Resource: `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}`,
              },
              {
                Sid: "WriteLogs",
                Effect: "Allow",
                Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
                Resource: `arn:aws:logs:us-east-1:${CUSTOMER}:log-group:/aws/lambda/iot-hooks-announce-1234567:*`,
              },
              {
                Sid: "SendDeadLetters",
                Effect: "Allow",
                Action: "sqs:SendMessage",
                Resource: `arn:aws:sqs:us-east-1:${CUSTOMER}:iot-hooks-announce-dead-letters-1234567`,
              },
              {
                Sid: "DescribeThing",
                Effect: "Allow",
                Action: "iot:DescribeThing",
                Resource: `arn:aws:iot:us-east-1:${CUSTOMER}:thing/*`,
              },
            ],
          },
        });
        expect(inputsOf(resources, ROLE)).to.deep.equal({
          name: `publish-to-partner-role-${PARTNER}`,
          description: `Announces things of AWS IoT to account ${PARTNER}`,
          assumeRolePolicy: {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
          },
        });
      },
    );

    it("describes things, groups, types and billing groups only where operations are about them, deletions included", async () => {
      const describes = async (...operations: string[]) => {
        const { resources } = await run({ operations: JSON.stringify(operations) });
        return statementsOf(inputsOf(resources, ROLE_POLICY).policy as Inputs)
          .filter(({ Action }) => String(Action).startsWith("iot:"))
          .map(({ Action, Resource }) => [Action as string, Resource as string]);
      };
      expect(await describes("attach_thing_principal", "add_thing_to_thing_group")).to.deep.equal([]);
      expect(await describes("delete_thing", "delete_thing_group")).to.deep.equal([
        ["iot:DescribeThing", `arn:aws:iot:us-east-1:${CUSTOMER}:thing/*`],
        ["iot:DescribeThingGroup", `arn:aws:iot:us-east-1:${CUSTOMER}:thinggroup/*`],
      ]);
      expect(await describes("create_thing", "update_thing", "update_thing_group", "create_thing_type")).to.deep.equal([
        ["iot:DescribeThing", `arn:aws:iot:us-east-1:${CUSTOMER}:thing/*`],
        ["iot:DescribeThingType", `arn:aws:iot:us-east-1:${CUSTOMER}:thingtype/*`],
        ["iot:DescribeThingGroup", `arn:aws:iot:us-east-1:${CUSTOMER}:thinggroup/*`],
      ]);
      expect(await describes("add_thing_to_billing_group")).to.deep.equal([]);
      expect(await describes("delete_billing_group")).to.deep.equal([
        ["iot:DescribeBillingGroup", `arn:aws:iot:us-east-1:${CUSTOMER}:billinggroup/*`],
      ]);
    });

    it("has the rule match the configured calls as CloudTrail records them, without those that failed", async () => {
      const { resources } = await run({ operations: '["delete_thing","create_thing"]' });
      expect(patternOf(resources)).to.deep.equal({
        source: ["aws.iot"],
        "detail-type": ["AWS API Call via CloudTrail"],
        detail: {
          eventSource: ["iot.amazonaws.com"],
          eventName: ["CreateThing", "DeleteThing"],
          errorCode: [{ exists: false }],
        },
      });
      expect(inputsOf(resources, RULE).state).to.equal("ENABLED");
    });

    it("matches eighteen calls at the most, each once, none of them for backfill", async () => {
      const all = [
        ...["create_thing", "update_thing", "delete_thing", "attach_thing_principal", "detach_thing_principal"],
        ...["create_thing_type", "update_thing_type", "deprecate_thing_type", "delete_thing_type"],
        ...["create_thing_group", "update_thing_group", "delete_thing_group"],
        ...["add_thing_to_thing_group", "remove_thing_from_thing_group"],
      ];
      const { resources } = await run({ operations: JSON.stringify(all) });
      const calls = patternOf(resources).detail.eventName as string[];
      expect(new Set(calls)).to.have.property("size", 18);
      expect(calls).to.have.lengthOf(18);
    });

    it("lets this one rule invoke the alias, and has the rule's target call it", async () => {
      const { resources } = await run();
      expect(inputsOf(resources, "aws:lambda/permission:Permission")).to.deep.equal({
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        sourceArn: `arn:aws:events:us-east-1:${CUSTOMER}:rule/iot-hooks-registry-1234567`,
        function: "iot-hooks-announce-1234567",
        qualifier: "live",
      });
      expect(inputsOf(resources, "aws:cloudwatch/eventTarget:EventTarget")).to.deep.equal({
        rule: "iot-hooks-registry-1234567",
        arn: `arn:aws:lambda:us-east-1:${CUSTOMER}:function:iot-hooks-announce-1234567:live`,
        retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
        deadLetterConfig: { arn: `arn:aws:sqs:us-east-1:${CUSTOMER}:iot-hooks-registry-dead-letters-1234567` },
      });
    });

    it("makes log group and permissions before the function, and the rule's permission before its target", async () => {
      const { resources } = await run();
      expect(made(resourceOf(resources, FUNCTION).after)).to.include.members([
        "/aws/lambda/iot-hooks-announce LogGroup",
        "iot-hooks-announce RolePolicy",
      ]);
      const target = resourceOf(resources, "aws:cloudwatch/eventTarget:EventTarget");
      expect(made(target.after)).to.include("iot-hooks-registry Permission");
    });

    it("makes the trail when its bucket's policy lets it write", async () => {
      const { resources } = await run({ createTrail: "true" });
      expect(made(resourceOf(resources, "aws:cloudtrail/trail:Trail").after)).to.include(
        "iot-hooks-trail BucketPolicy",
      );
    });

    it("publishes a version at each change, which the alias points to", async () => {
      const { resources } = await run();
      expect(inputsOf(resources, FUNCTION).publish).to.equal(true);
      expect(inputsOf(resources, "aws:lambda/alias:Alias")).to.include({
        name: "live",
        functionName: "iot-hooks-announce-1234567",
        functionVersion: "7",
      });
    });

    it(
      "runs on Node 24 and arm64, and logs as JSON into the group that the " + "program made, with a retention",
      async () => {
        const { resources } = await run();
        expect(inputsOf(resources, FUNCTION)).to.deep.include({
          runtime: "nodejs24.x",
          architectures: ["arm64"],
          handler: "index.handler",
          loggingConfig: {
            logFormat: "JSON",
            applicationLogLevel: "INFO",
            systemLogLevel: "WARN",
            logGroup: "/aws/lambda/iot-hooks-announce-1234567",
          },
        });
        expect(inputsOf(resources, "aws:cloudwatch/logGroup:LogGroup")).to.deep.equal({ retentionInDays: 30 });
      },
    );

    it("tells the function no more than it was told itself", async () => {
      const { resources } = await run();
      expect(inputsOf(resources, FUNCTION).environment).to.deep.equal({
        variables: {
          ACCOUNT_ID: CUSTOMER,
          FAILURE_QUEUE_URL: `${QUEUES}/iot-hooks-announce-dead-letters-1234567`,
          OPERATIONS: "create_thing",
          PARTNER_REGION: "us-east-1",
          STS_REGION: "us-east-1",
          PARTNER_ROLE_ARN: `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}`,
        },
      });
    });

    it("hands on the partner's Region, endpoint, rule, name suffix and external id", async () => {
      const { resources, outputs } = await run({
        partnerRegion: "eu-central-1",
        partnerDataEndpoint: "a1-ats.iot.eu-central-1.amazonaws.com",
        partnerTopicRule: "iot_hooks_receive_eu",
        partnerNameSuffix: "eu",
        nameSuffix: "line-2",
        externalId: "customer-17",
      });
      const publishRole = `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}-eu`;
      expect((inputsOf(resources, FUNCTION).environment as Inputs).variables).to.include({
        PARTNER_REGION: "eu-central-1",
        PARTNER_DATA_ENDPOINT: "a1-ats.iot.eu-central-1.amazonaws.com",
        PARTNER_TOPIC_RULE: "iot_hooks_receive_eu",
        PARTNER_ROLE_ARN: publishRole,
        EXTERNAL_ID: "customer-17",
      });
      const [assume] = statementsOf(inputsOf(resources, ROLE_POLICY).policy as Inputs);
      expect(assume?.Resource).to.equal(publishRole);
      expect(outputs.publishRoleArn).to.equal(publishRole);
      expect(outputs.roleArn).to.equal(`arn:aws:iam::${CUSTOMER}:role/publish-to-partner-role-${PARTNER}-line-2`);
    });

    const STS_REGIONS = [
      ["eu-west-3", "eu-west-3", "it is one that every account has"],
      ["me-central-1", "us-east-1", "the customer may not have switched it on"],
      ["ca-west-1", "us-east-1", "the customer may not have switched it on"],
      ["cn-northwest-1", "cn-northwest-1", "it is one that every account of China has"],
      ["us-gov-east-1", "us-gov-east-1", "it is one that every account of GovCloud has"],
    ] as const;
    for (const [partnerRegion, expected, because] of STS_REGIONS) {
      it(`asks STS in ${expected} for the role of a partner in ${partnerRegion}: ${because}`, async () => {
        const { resources } = await run({ "aws:region": SAME_PARTITION[partnerRegion] ?? "us-east-1", partnerRegion });
        expect((inputsOf(resources, FUNCTION).environment as Inputs).variables).to.include({
          STS_REGION: expected,
          PARTNER_REGION: partnerRegion,
        });
      });
    }

    it("asks STS in the Region that is set", async () => {
      const { resources } = await run({ partnerRegion: "me-central-1", stsRegion: "eu-central-1" });
      expect((inputsOf(resources, FUNCTION).environment as Inputs).variables).to.include({
        STS_REGION: "eu-central-1",
        PARTNER_REGION: "me-central-1",
      });
    });

    it("spells ARNs in the partition of its Region", async () => {
      const { resources } = await run({ "aws:region": "cn-north-1", createTrail: "true" });
      const policies = [
        inputsOf(resources, ROLE_POLICY).policy as Inputs,
        inputsOf(resources, "aws:s3/bucketPolicy:BucketPolicy").policy as Inputs,
      ];
      // What the harness answers as AWS is always in the partition aws.
      const own = JSON.stringify(policies).match(/arn:aws[^:]*:(iam|iot|cloudtrail):/g);
      expect(new Set(own)).to.deep.equal(new Set(["arn:aws-cn:iam:", "arn:aws-cn:iot:", "arn:aws-cn:cloudtrail:"]));
    });

    it("says in its outputs what the partner and operators need", async () => {
      const { outputs } = await run();
      expect(outputs).to.deep.equal({
        contractVersion: 1,
        roleArn: `arn:aws:iam::${CUSTOMER}:role/publish-to-partner-role-${PARTNER}`,
        accountId: CUSTOMER,
        region: "us-east-1",
        functionName: "iot-hooks-announce-1234567",
        functionVersion: "7",
        functionArn: `arn:aws:lambda:us-east-1:${CUSTOMER}:function:iot-hooks-announce-1234567:7`,
        functionAliasArn: `arn:aws:lambda:us-east-1:${CUSTOMER}:function:iot-hooks-announce-1234567:live`,
        logGroupName: "/aws/lambda/iot-hooks-announce-1234567",
        ruleName: "iot-hooks-registry-1234567",
        publishRoleArn: `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}`,
        deadLetterQueueUrls: {
          registryRule: `${QUEUES}/iot-hooks-registry-dead-letters-1234567`,
          announce: `${QUEUES}/iot-hooks-announce-dead-letters-1234567`,
        },
      });
    });
  });
}

describe("the customer's program (preview of an empty account)", () => {
  it("runs while nothing is known yet of what AWS will answer", async () => {
    const { resources } = await runCustomer({ createTrail: "true" }, { preview: true, empty: true });
    expect(made(resources)).to.have.lengthOf(19 + ALARMS.length);
  });
});
