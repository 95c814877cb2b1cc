// What each setting may be, and the sentence for what it may not, whichever program or component has it.
import { expect } from "chai";
import type * as v from "valibot";
import { CUSTOMER_CONFIGURATION, CUSTOMER_FIELDS } from "../../customer/settings.ts";
import { ACCESS_CONFIGURATION, ACCESS_FIELDS, PARTNER_CONFIGURATION, PARTNER_FIELDS } from "../../partner/settings.ts";
import { PIPELINE_CONFIGURATION } from "../../pipeline/settings.ts";
import { flag, required } from "../../shared/configuration.ts";
import * as settings from "../../shared/settings.ts";
import { EXTERNAL, TEXT, said } from "./said.ts";

interface Row {
  readonly schema: v.GenericSchema;
  readonly takes: readonly unknown[];
  readonly refuses: readonly unknown[];
  /** Follows `is "value", `. */
  readonly because: string;
}

const BOOLEAN = "but it can only be true or false: set one of them";
const POLICY = "but that is no ARN of a managed policy: set one such as arn:aws:iam::111111111111:policy/boundary";
const TOPIC = "but that is no ARN of a standard SNS topic: set one, or remove it";
const HOST = "but it must be a host name alone, without scheme and path: set the partner's output dataEndpoint";

const ROWS: Readonly<Record<string, Row>> = {
  "a text": { schema: settings.text, takes: ["x", " "], refuses: ["", 1, null, ["x"]], because: TEXT },
  "an account": {
    schema: settings.accountId,
    takes: ["111111111111", "000000000000"],
    refuses: ["1".repeat(11), "1".repeat(13), "partner"],
    because:
      "but an AWS account has 12 digits: set all of them, in quotes where the file is edited by hand, or leading zeros " +
      "get lost",
  },
  "a Region": {
    schema: settings.region,
    takes: ["us-east-1", "cn-north-1", "us-gov-west-1", "ap-southeast-7"],
    refuses: ["us-east", "mars-1", "us-iso-east-1", "US-EAST-1"],
    because: "but that is no Region of the partitions aws, aws-cn and aws-us-gov: set one such as us-east-1",
  },
  "a schedule": {
    schema: settings.schedule,
    takes: [
      ...["rate(1 hour)", "rate(1 day)", "rate(2 hours)", "rate(9 days)", "rate(10 days)", "rate(9999 days)"],
      ...["cron(0 3 * * ? *)", "cron(0/15 10 ? * MON-FRI *)"],
    ],
    refuses: [
      ...["rate(1 minute)", "rate(60 minutes)", "rate(1 days)", "rate(2 day)", "rate(0 days)", "rate(01 days)"],
      ...["rate(10000 days)", "rate(1 hours)", "xrate(1 day)", "rate(1 day)x", "daily", "cron(0 3 * *)"],
      ...["cron(0 3 * * ? * *)", "cron(0  3 * * ? *)", "rate1 day"],
    ],
    because:
      "but it must be a rate of an hour or more, or a cron expression of EventBridge: set one such as rate(1 day)",
  },
  "a suffix of names": {
    schema: settings.nameSuffix,
    takes: ["a", "line-2", "a".repeat(20)],
    refuses: ["a".repeat(21), "EU", "a_b"],
    because:
      "but it must be 1 to 20 of a-z, 0-9 and - for role names to stay within IAM's 64 characters: set a shorter or " +
      "simpler one",
  },
  "the level of Lambda's own lines": {
    schema: settings.systemLogLevel,
    takes: ["INFO", "WARN", undefined],
    refuses: ["DEBUG", ""],
    because: "but it can only be INFO or WARN: set one of them",
  },
  "the name of a topic rule": {
    schema: settings.topicRuleName,
    takes: ["iot_hooks_receive", "x".repeat(128)],
    refuses: ["iot-hooks", "x".repeat(129)],
    because: "but the name of a topic rule has 1 to 128 of a-z, A-Z, 0-9 and _: set the partner's output ruleName",
  },
  "an architecture": {
    schema: settings.architecture,
    takes: ["arm64", "x86_64"],
    refuses: ["riscv64"],
    because: "but Lambda has only arm64 and x86_64: set one of them",
  },
  "a boundary of permissions": {
    schema: settings.policyArn,
    takes: [
      "arn:aws:iam::111111111111:policy/boundary",
      "arn:aws-cn:iam::aws:policy/PowerUserAccess",
      "arn:aws-us-gov:iam::111111111111:policy/a/b+=,.@-_/c",
      `arn:aws:iam::111111111111:policy/${"x".repeat(128)}`,
    ],
    refuses: [
      ...["boundary", "arn:aws:iam::111111111111:role/x", "arn:aws:iam::1:policy/x", "arn:aws-iso:iam::aws:policy/x"],
      ...["xarn:aws:iam::aws:policy/x", "arn:aws:iam::aws:policy/", "arn:aws:iam::aws:policy//x"],
      ...["arn:aws:iam::aws:policy/x y", `arn:aws:iam::aws:policy/${"x".repeat(129)}`, "arn:aws:iam::aws:policy/a b/c"],
    ],
    because: POLICY,
  },
  "a topic for alarms": {
    schema: settings.alarmTopicArn,
    takes: [
      "arn:aws:sns:us-east-1:111111111111:on-call",
      "arn:aws-cn:sns:cn-north-1:111111111111:On_call",
      `arn:aws-us-gov:sns:us-gov-west-1:111111111111:${"x".repeat(256)}`,
    ],
    refuses: [
      ...[
        "arn:aws:sqs:us-east-1:111111111111:on-call",
        "arn:aws:sns:us-east-1:1:x",
        "arn:aws:sns:us-east-1:111111111111:",
      ],
      ...["arn:aws:sns:us-east-1:111111111111:x.fifo", "xarn:aws:sns:us-east-1:111111111111:x"],
      ...["arn:aws:sns::111111111111:x", `arn:aws:sns:us-east-1:111111111111:${"x".repeat(257)}`],
    ],
    because: TOPIC,
  },
  "a host": {
    schema: settings.host,
    takes: [
      ...["a1b2-ats.iot.us-east-1.amazonaws.com", "localhost:8080", "A.b", "a", `${"a".repeat(63)}.b`, "1.2.3.4:1"],
      ...[`${"a.".repeat(126)}a`],
    ],
    refuses: [
      ...[
        "https://a.b",
        "a.b/",
        "a..b",
        "-a.b",
        "a-.b",
        "a.-b",
        "a.b-",
        ".a",
        "a.",
        "a_b",
        "a.b:",
        "a.b:123456",
        "a.b:x",
      ],
      ...[`${"a".repeat(64)}.b`, `a.${"b".repeat(64)}`, `${"a.".repeat(127)}a`, " a"],
    ],
    because: HOST,
  },
  "an external id": {
    schema: settings.externalId,
    takes: ["ab", "customer-17_+=,.@:/", "x".repeat(1224)],
    refuses: ["a", "a b", "x".repeat(1225), "é1", "ab\n"],
    because: EXTERNAL,
  },
  "executions at once": {
    schema: settings.reservedConcurrency,
    takes: [1, 100_000],
    refuses: [0, 1.5, 100_001, -1, "1"],
    because: "but it must be a whole number of executions from 1 to 100000: set one",
  },
  "a flag": { schema: flag(false), takes: ["true", "false", undefined], refuses: ["1", "", true], because: BOOLEAN },
  "a way to look at senders": {
    schema: PARTNER_FIELDS.senderCheck,
    takes: ["observe", "enforce", undefined],
    refuses: ["on"],
    because: "but it can only be observe or enforce: set one of them",
  },
  "a trigger": {
    schema: CUSTOMER_FIELDS.trigger,
    takes: ["cloudtrail", "registry-events", "both", undefined],
    refuses: ["eventbridge"],
    because: "but there are only cloudtrail, registry-events, both: set one of them",
  },
  "whether a component publishes debug messages": {
    schema: PARTNER_FIELDS.debug,
    takes: [true, false, undefined],
    refuses: ["true"],
    because: BOOLEAN,
  },
  "whether a component takes Basic Ingest": {
    schema: PARTNER_FIELDS.basicIngest,
    takes: [true, false, undefined],
    refuses: ["true"],
    because: BOOLEAN,
  },
  "whether a customer is disabled": {
    schema: ACCESS_FIELDS.disabled,
    takes: [true, false, undefined],
    refuses: ["true"],
    because: BOOLEAN,
  },
  "the stack of a hub": {
    schema: ACCESS_CONFIGURATION.hub,
    takes: ["organization/iot-hooks-partner/prod", "a.b-c_d/e/f"],
    refuses: ["prod", "a/b", "a/b/c/d", "a b/c/d", "/a/b/c"],
    because: "but that is no name of a stack: set one such as organization/iot-hooks-partner/prod",
  },
  "a side": {
    schema: PIPELINE_CONFIGURATION.side,
    takes: ["customer", "partner"],
    refuses: ["both", ""],
    because: "but an account is the side of customer or partner: set one of them",
  },
  "a repository": {
    schema: PIPELINE_CONFIGURATION.repository,
    takes: ["example/hooks", "Example-2/ho_ok.s-"],
    refuses: ["example/*", "hooks", "a/b/c", "https://github.com/a/b", "a.b/c", "/b", "a/", "a:b/c", "a b/c", "a/b c"],
    because: "but a repository is written owner/name: set yours",
  },
  "what a token's subject begins with": {
    schema: PIPELINE_CONFIGURATION.subjectPrefix,
    takes: ["repo:a/b", "repo:a@1/b@23", "repo:a@12/b", "repo:a-1/b-2", "repo:a/b_.c", undefined],
    refuses: [
      ...["a/b", "repo:a@1/*", "repo:a@/b", "repo:a/b@", "repo:a/b@x", "xrepo:a/b", "repo:a@1/b@2:environment:x"],
      ...["repo:/b", "repo:a/", "repo:a.b/c", "repo:a/b c"],
    ],
    because:
      "but a subject begins with repo:owner/name, or with repo:owner@123456/name@456789: set what pipeline/README.md " +
      "says how to look up",
  },
  "a bucket": {
    schema: PIPELINE_CONFIGURATION.stateBucket,
    takes: ["abc", "1.a-b.2", "a".repeat(63)],
    refuses: ["ab", "a".repeat(64), "s3://state", "-ab", "ab-", ".ab", "ab.", "Abc", "a_b"],
    because: "but that is no name of an S3 bucket: set the name alone, without s3://",
  },
};

describe("a setting", () => {
  for (const [what, { schema, takes, refuses, because }] of Object.entries(ROWS))
    it(`is ${what}, or refused with a sentence that says so`, () => {
      for (const value of takes) expect(said(schema, value), JSON.stringify(value)).to.equal(undefined);
      for (const value of refuses) {
        const json = JSON.stringify(value);
        const cut = json.length > 200 ? `${json.slice(0, 197)}...` : json;
        expect(said(schema, value), json).to.equal(`is ${cut}, ${because}`);
      }
    });

  it("is shown whole with two hundred characters, and cut beyond them", () => {
    const whole = "x".repeat(198);
    expect(said(settings.accountId, whole)).to.include(`is "${whole}", but`);
    expect(said(settings.accountId, `${whole}x`)).to.include(`is "${"x".repeat(196)}..., but`);
  });

  it("that must be there says how to set it where it isn't", () => {
    const ofProject = {
      ...{ ...CUSTOMER_CONFIGURATION, ...PARTNER_CONFIGURATION },
      ...{ ...ACCESS_CONFIGURATION, ...PIPELINE_CONFIGURATION },
    };
    const examples = {
      accountId: "111111111111",
      partnerAccountId: "111111111111",
      region: "us-east-1",
      hub: "organization/iot-hooks-partner/prod",
      side: "customer",
      repository: "owner/name",
      stateBucket: "my-pulumi-state",
    };
    const missing = Object.entries(ofProject).flatMap(([name, schema]) => {
      const sentence = said(schema, undefined);
      return sentence === undefined ? [] : [[name, sentence]];
    });
    expect(Object.fromEntries(missing)).to.deep.equal(
      Object.fromEntries(
        Object.entries(examples).map(([name, example]) => [
          name,
          `is not set: run "pulumi config set the x ${example}" with your own value`,
        ]),
      ),
    );
    for (const one of [CUSTOMER_CONFIGURATION, PARTNER_CONFIGURATION, PIPELINE_CONFIGURATION]) {
      expect(said(one.accountId, undefined)).to.include("config set the x 111111111111");
      expect(said(one.region, undefined)).to.include("config set the x us-east-1");
    }
    expect(said(required(settings.text, "y"), "")).to.equal(`is "", ${TEXT}`);
  });
});
