// What each setting may be, and the sentence for what it may not, whichever program or component has it.
import { expect } from "chai";
import * as v from "valibot";
import { CUSTOMER_CONFIGURATION, CUSTOMER_FIELDS, CUSTOMER_RULES } from "../../customer/settings.ts";
import {
  ACCESS_CONFIGURATION,
  ACCESS_FIELDS,
  HUB,
  PARTNER_CONFIGURATION,
  PARTNER_FIELDS,
  PARTNER_RULES,
} from "../../partner/settings.ts";
import { PIPELINE_CONFIGURATION, PIPELINE_RULES } from "../../pipeline/settings.ts";
import { flag, list, number, record, required } from "../../shared/configuration.ts";
import { OPERATION_NAMES, rowOf } from "../../shared/contract/operations.ts";
import { argumentOf } from "../../shared/inputs.ts";
import * as settings from "../../shared/settings.ts";

const naming = (setting: string) => `the ${setting}`;

/** What is said of a value after `the x `, without its end; undefined where it is taken. */
function said(schema: v.GenericSchema, value: unknown): string | undefined {
  try {
    settings.parsed(schema, value, naming, "x");
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^the x ?/, "").replace(/\.$/, "");
  }
}

interface Row {
  readonly schema: v.GenericSchema;
  readonly takes: readonly unknown[];
  readonly refuses: readonly unknown[];
  /** Follows `is "value", `. */
  readonly because: string;
}

const TEXT = "but it must be a text: set or remove it";
const configurable = OPERATION_NAMES.filter((name) => rowOf(name).eventName !== undefined).join(", ");
const BOOLEAN = "but it can only be true or false: set one of them";
const POLICY = "but that is no ARN of a managed policy: set one such as arn:aws:iam::111111111111:policy/boundary";
const TOPIC = "but that is no ARN of a standard SNS topic: set one, or remove it";
const HOST = "but it must be a host name alone, without scheme and path: set the partner's output dataEndpoint";
const EXTERNAL =
  "but STS wants 2 to 1224 letters, digits and _+=,.@:/- in an external id: set the one that both sides agreed on";

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

describe("a list", () => {
  const operations = (...names: unknown[]) => said(settings.operations, names);
  const none = `name some of ${configurable}`;

  it("of operations has some, each once, and none that isn't announced by itself", () => {
    expect(operations("create_thing", "delete_thing")).to.equal(undefined);
    expect(operations()).to.equal(`is [], but without an operation nothing is announced: ${none}`);
    for (const name of ["paint_thing", "constructor", ""])
      expect(operations("create_thing", name)).to.match(/^\[1\] is "\w*", but (there is no such operation|it must be)/);
    expect(operations("create_thing", "paint_thing")).to.equal(
      `[1] is "paint_thing", but there is no such operation: ${none}`,
    );
    expect(operations("sync_thing")).to.equal(
      '[0] is "sync_thing", but that is no call that could be announced and comes with create_thing: remove it',
    );
    expect(operations("create_thing", "delete_thing", "create_thing")).to.equal(
      '[2] is "create_thing", but the list has it already: remove one of the two',
    );
    const sorted = settings.parsed(settings.operations, ["delete_thing", "create_thing"], naming);
    expect(sorted).to.deep.equal(["create_thing", "delete_thing"]);
  });

  it("of accounts has each once", () => {
    expect(said(settings.accountIds, ["111111111111", "222222222222"])).to.equal(undefined);
    expect(said(settings.accountIds, ["111111111111", "111111111111"])).to.equal(
      '[1] is "111111111111", but the list has it already: remove one of the two',
    );
    expect(said(settings.accountIds, ["111111111111", "1"])).to.match(/^\[1\] is "1", but an AWS account has 12/);
  });

  it("stands in the configuration as JSON, of texts", () => {
    const texts = list(v.array(v.string()), ["a"]);
    expect(settings.parsed(texts, undefined, naming)).to.deep.equal(["a"]);
    expect(settings.parsed(list(v.array(v.string())), undefined, naming)).to.deep.equal([]);
    expect(settings.parsed(texts, '["b","c"]', naming)).to.deep.equal(["b", "c"]);
    const how = `but it must be a list: remove it and run "pulumi config set --path 'the x[0]' <value>"`;
    for (const given of ["a", "{}", "[", "1"])
      expect(said(texts, given), given).to.match(/^is .*, but it must be a list/);
    expect(said(texts, "a")).to.equal(`is "a", ${how}`);
    expect(said(texts, "{}")).to.equal(`is {}, ${how}`);
    const quoted = (type: string) =>
      `but the ${type} must be a text: run "pulumi config set --type string --path 'the x[1]' <value>"`;
    expect(said(texts, '["a",1]')).to.equal(`[1] is 1, ${quoted("number")}`);
    expect(said(texts, '["a",true]')).to.equal(`[1] is true, ${quoted("boolean")}`);
    for (const [given, shown] of [
      ['["a",null]', "null"],
      ['["a",""]', '""'],
      ['["a",[]]', "[]"],
    ] as const)
      expect(said(texts, given)).to.equal(`[1] is ${shown}, ${TEXT}`);
  });
});

describe("a map", () => {
  it("stands in the configuration as JSON, of texts by key", () => {
    const ids = record(settings.externalId);
    expect(settings.parsed(ids, undefined, naming)).to.deep.equal({});
    expect(settings.parsed(ids, '{"a":"id-1"}', naming)).to.deep.equal({ a: "id-1" });
    const how = `but it must be a map: remove it and run "pulumi config set --path 'the x["<key>"]' <value>"`;
    expect(said(ids, "a")).to.equal(`is "a", ${how}`);
    for (const given of ['["a"]', "null", "1"]) expect(said(ids, given)).to.equal(`is ${given}, ${how}`);
    expect(said(ids, '{"111":17}')).to.match(/^\["111"\] is 17, but the number must be a text/);
    expect(said(ids, '{"a":"b c"}')).to.equal(`.a is "b c", ${EXTERNAL}`);
  });
});

describe("a number in the configuration", () => {
  it("is one, and anything else is for its own schema to refuse", () => {
    const whole = number(settings.wholeNumber(-2, 30, "things"));
    for (const [given, value] of [
      ["7", 7],
      ["30", 30],
      ["-2", -2],
      [undefined, undefined],
    ] as const)
      expect(settings.parsed(whole, given, naming)).to.equal(value);
    const because = "but it must be a whole number of things from -2 to 30: set one";
    for (const given of ["many", "1e1", "0x1", " 1", "1.", "x1", "1x"])
      expect(said(whole, given)).to.equal(`is "${given}", ${because}`);
    for (const given of ["1.5", "1.25", "31", "-3"]) expect(said(whole, given)).to.equal(`is ${given}, ${because}`);
  });
});

describe("settings together", () => {
  const rule = (rules: readonly settings.PairRule[], of: string, and: string) => {
    const [one] = rules.filter((each) => each.of === of && each.and === and);
    return (given: unknown, other: unknown) => {
      try {
        settings.checkPairs(one ? [one] : [], { [of]: given, [and]: other }, naming);
        return one && undefined;
      } catch (error) {
        return (error as Error).message;
      }
    };
  };

  it("are an alarm's topic of the alarm's own Region", () => {
    for (const rules of [CUSTOMER_RULES, PARTNER_RULES]) {
      const check = rule(rules, "alarmTopicArn", "region");
      const arn = "arn:aws:sns:eu-west-1:111111111111:x";
      expect(check(arn, "eu-west-1")).to.equal(undefined);
      expect(check(arn, "us-east-1")).to.equal(
        `the alarmTopicArn is "${arn}", but alarms of us-east-1 can only tell a topic of that Region: set one.`,
      );
    }
  });

  it("are a boundary of the own account, or of AWS", () => {
    for (const rules of [CUSTOMER_RULES, PARTNER_RULES, PIPELINE_RULES]) {
      const check = rule(rules, "permissionsBoundaryArn", "accountId");
      const arn = (owner: string) => `arn:aws:iam::${owner}:policy/x`;
      for (const owner of ["aws", "111111111111"]) expect(check(arn(owner), "111111111111")).to.equal(undefined);
      expect(check(arn("222222222222"), "111111111111")).to.equal(
        `the permissionsBoundaryArn is "${arn("222222222222")}", but the accountId is 111111111111: set a policy of ` +
          "that account, or one of AWS.",
      );
    }
  });

  it("are two accounts, in one partition", () => {
    const partner = rule(CUSTOMER_RULES, "partnerAccountId", "accountId");
    expect(partner("1", "2")).to.equal(undefined);
    expect(partner("1", "1")).to.equal(
      'the partnerAccountId is "1", but so is the accountId: the partner must be another account, set its number.',
    );
    for (const setting of ["partnerRegion", "stsRegion"]) {
      const region = rule(CUSTOMER_RULES, setting, "region");
      expect(region("eu-west-1", "us-east-1")).to.equal(undefined);
      expect(region("cn-north-1", "us-east-1")).to.equal(
        `the ${setting} is "cn-north-1", but no role can be assumed from us-east-1 in the partition aws-cn: set a Region of ` +
          "aws.",
      );
    }
  });

  it("are AWS IoT's own events alone for operations that have one", () => {
    const trigger = rule(CUSTOMER_RULES, "trigger", "operations");
    for (const given of ["cloudtrail", "both"]) expect(trigger(given, ["attach_thing_principal"])).to.equal(undefined);
    expect(trigger("registry-events", ["create_thing", "delete_thing"])).to.equal(undefined);
    expect(trigger("registry-events", ["create_thing", "attach_thing_principal"])).to.equal(
      'the trigger is "registry-events", but AWS IoT has no event of its own for attach_thing_principal: set it to both, ' +
        "or take that out of the operations.",
    );
  });

  it("are a subject and a repository that are the same, with ids or without, in any case", () => {
    const prefix = rule(PIPELINE_RULES, "subjectPrefix", "repository");
    for (const same of ["repo:a/b.c", "repo:a@1/b.c@23", "repo:a-12/b.c-3", "repo:A/B.C", "repo:a@1/b.c"])
      expect(prefix(same, "a/b.c"), same).to.equal(undefined);
    const others = ["repo:a/bxc", "repo:aa/b.c", "repo:a/b.cc", "repo:a@1/b.c@2x", "repo:ax/b.c", "repo:a@/b.c"];
    for (const other of others)
      expect(prefix(other, "a/b.c")).to.equal(
        `the subjectPrefix is "${other}", but the repository is "a/b.c": both must name the same repository, so correct ` +
          "one of them.",
      );
  });

  it("are compared only where both are known", () => {
    const pair = { of: "a", and: "b", problem: () => "but no" };
    for (const given of [{ a: "1" }, { b: "1" }, { a: 1, b: "1" }, { a: "1", b: undefined }])
      expect(() => {
        settings.checkPairs([pair], given, naming);
      }).to.not.throw();
    expect(() => {
      settings.checkPairs([pair], { a: ["1"], b: ["2", "3"] }, naming);
    }).to.throw('the a is ["1"], but no.');
    const seen: string[] = [];
    const notes = { ...pair, problem: (one: string, two: string) => void seen.push(one, two) };
    settings.checkPairs([notes], { a: ["1"], b: ["2", "3"] }, naming);
    expect(seen).to.deep.equal(["1", "2, 3"]);
  });
});

describe("what isn't set", () => {
  const defaults = (entries: v.ObjectEntries) =>
    Object.fromEntries(
      Object.entries(entries).flatMap(([name, schema]) => {
        const result = v.safeParse(schema, undefined);
        return result.success && result.output !== undefined ? [[name, result.output]] : [];
      }),
    );
  const BOTH = { operations: ["create_thing"], architecture: "arm64", systemLogLevel: "WARN" };
  const HEARD = { debug: false, basicIngest: false, senderCheck: "observe", publishTopics: [], disabledCustomers: [] };

  it("is as the components say", () => {
    expect(defaults(CUSTOMER_FIELDS)).to.deep.equal({ ...BOTH, trigger: "cloudtrail" });
    expect(defaults(PARTNER_FIELDS)).to.deep.equal({ ...BOTH, ...HEARD });
    expect(defaults(ACCESS_FIELDS)).to.deep.equal({ disabled: false });
  });

  it("is as the projects say", () => {
    expect(defaults(CUSTOMER_CONFIGURATION)).to.deep.equal({
      ...{ ...BOTH, trigger: "cloudtrail" },
      ...{ createTrail: false, keepOnDestroy: true },
    });
    expect(defaults(PARTNER_CONFIGURATION)).to.deep.equal({
      ...{ ...BOTH, ...HEARD },
      ...{ registry: true, keepOnDestroy: true, externalIds: {}, customers: [] },
    });
    expect(defaults(ACCESS_CONFIGURATION)).to.deep.equal({ roles: [], disabled: false });
    expect(defaults(PIPELINE_CONFIGURATION)).to.deep.equal({ createIdentityProvider: true });
    expect(settings.parsed(flag(true), "true", naming)).to.equal(true);
    expect(settings.parsed(flag(true), "false", naming)).to.equal(false);
  });
});

describe("a hub", () => {
  it("is of this version of the contract", () => {
    const hub = {
      contractVersion: 1,
      accountId: "222222222222",
      region: "us-east-1",
      operations: ["create_thing"],
      customersTableName: "t",
    };
    expect(said(HUB, hub)).to.equal(undefined);
    expect(said(HUB, { ...hub, contractVersion: 2 })).to.equal(
      ".contractVersion is 2, but this program speaks version 1 of the contract: deploy both from the same release",
    );
    for (const name of Object.keys(hub)) expect(said(HUB, { ...hub, [name]: undefined }), name).to.match(/^\.?\w+/);
  });
});

describe("a setting's name", () => {
  it("has where in it something is wrong", () => {
    expect(settings.memberPath("timeout")).to.equal(".timeout");
    expect(settings.memberPath("Timeout_2")).to.equal(".Timeout_2");
    for (const key of ["111111111111", "a-b", "", "_a", "a.b", "2a"])
      expect(settings.memberPath(key)).to.equal(`["${key}"]`);
    const nested = v.object({ a: v.object({ b: v.array(v.string("but no")) }) });
    expect(() => settings.parsed(nested, { a: { b: ["x", 1] } }, naming)).to.throw("the a.b[1] is 1, but no.");
    expect(said(nested, { a: { b: ["x", 1] } })).to.equal(".a.b[1] is 1, but no");
    expect(argumentOf("CustomerHooks", "acme")("region")).to.equal('region of CustomerHooks "acme"');
  });

  it("stands in sentences for another setting's, and its own", () => {
    const { message } = settings.refusal(naming, "a", undefined, "is like {b[0].c}, not {this} and { }");
    expect(message).to.equal("the a is like the b[0].c, not the a and { }.");
  });
});
