// Which settings go together, what holds where one isn't set, and how one is called in a sentence.
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
import { flag } from "../../shared/configuration.ts";
import { argumentOf } from "../../shared/inputs.ts";
import * as settings from "../../shared/settings.ts";
import { naming, said } from "./said.ts";

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
