import { expect } from "chai";
import fc from "fast-check";
import {
  ACCOUNT_ID,
  NAME_SUFFIX,
  REGISTRY_NAME,
  customerRoleName,
  debugTopicOf,
  parseRoleArn,
  partitionOf,
  publishRoleName,
  regionalArn,
  roleArn,
  topicOf,
} from "../../shared/contract/names.ts";

const accountId = fc.stringMatching(/^[0-9]{12}$/);
const nameSuffix = fc.stringMatching(NAME_SUFFIX);
const MAX_ROLE_NAME = 64; // IAM, "IAM and STS quotas"

describe("contract: names", () => {
  it("spells the topics of a customer's operation", () => {
    expect(topicOf("111111111111", "create_thing")).to.equal("cross_account_hooks/111111111111/create_thing");
    expect(debugTopicOf("111111111111", "create_thing")).to.equal("debug/111111111111/create_thing");
  });

  it("names the roles after the other side's account, and a suffix where there is one", () => {
    expect(customerRoleName("222222222222")).to.equal("publish-to-partner-role-222222222222");
    expect(customerRoleName("222222222222", "eu")).to.equal("publish-to-partner-role-222222222222-eu");
    expect(publishRoleName("111111111111")).to.equal("publish-from-customer-role-111111111111");
    expect(publishRoleName("111111111111", "eu")).to.equal("publish-from-customer-role-111111111111-eu");
  });

  it("keeps every role name within IAM's limit, whatever the suffix", () => {
    fc.assert(
      fc.property(accountId, nameSuffix, (account, suffix) => {
        expect(publishRoleName(account, suffix).length).to.be.at.most(MAX_ROLE_NAME);
        expect(customerRoleName(account, suffix).length).to.be.at.most(MAX_ROLE_NAME);
      }),
    );
  });

  const partitions = {
    "us-east-1": "aws",
    "ap-southeast-5": "aws",
    "us-east-12": "aws",
    "cn-north-1": "aws-cn",
    "cn-northwest-12": "aws-cn",
    "us-gov-west-1": "aws-us-gov",
    "us-gov-east-12": "aws-us-gov",
  };
  for (const [region, partition] of Object.entries(partitions)) {
    it(`puts ${region} into the partition ${partition}`, () => {
      expect(partitionOf(region)).to.equal(partition);
    });
  }

  const around = ["us-east-1", "cn-north-1", "us-gov-west-1"].flatMap((region) => [`x${region}`, `${region}x`]);
  for (const region of ["us-iso-east-1", "eusc-de-east-1", "us-east", "", "us-east-1 ", ...around]) {
    it(`refuses to guess a partition for "${region}"`, () => {
      expect(() => partitionOf(region)).to.throw(`"${region}" is not a Region`);
    });
  }

  it("puts a topic into an ARN", () => {
    expect(regionalArn("iot", { accountId: "222222222222", region: "cn-north-1" }, "topic/debug/1/x")).to.equal(
      "arn:aws-cn:iot:cn-north-1:222222222222:topic/debug/1/x",
    );
  });

  it("reads back the ARN of every role that the programs make", () => {
    fc.assert(
      fc.property(accountId, accountId, nameSuffix, (account, partner, suffix) => {
        const name = customerRoleName(partner, suffix);
        expect(parseRoleArn(roleArn("aws", account, name))).to.deep.equal({ partition: "aws", account, name });
      }),
    );
  });

  it("reads a role's path, of any number of steps", () => {
    const step = fc.stringMatching(/^[\w+=,.@-]{1,8}$/);
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), (steps) => {
        const path = steps.join("/");
        expect(parseRoleArn(`arn:aws:iam::111111111111:role/${path}/announce`)).to.deep.equal({
          partition: "aws",
          account: "111111111111",
          path,
          name: "announce",
        });
      }),
    );
  });

  it("knows a suffix by its letters and its length, and a name of the registry by its own", () => {
    for (const suffix of ["a", "eu-1", "a".repeat(20)]) expect(NAME_SUFFIX.test(suffix), suffix).to.equal(true);
    for (const text of ["", "a".repeat(21), "EU", "a b"]) expect(NAME_SUFFIX.test(text), text).to.equal(false);
    for (const name of ["a", "Lamp:1_2-3", "x".repeat(128)]) expect(REGISTRY_NAME.test(name), name).to.equal(true);
    for (const text of ["", "x".repeat(129), "a b", "/a", "a/"]) expect(REGISTRY_NAME.test(text), text).to.equal(false);
  });

  it("knows the number of an account by its twelve digits", () => {
    expect(ACCOUNT_ID.test("012345678901")).to.equal(true);
    for (const text of ["01234567890", "0123456789012", "x012345678901", "01234567890x", "abcdefghijkl", ""]) {
      expect(ACCOUNT_ID.test(text), text).to.equal(false);
    }
  });

  const notRoles = {
    "a wildcard in the account": "arn:aws:iam::1111111111*1:role/a",
    "a wildcard in the name": "arn:aws:iam::111111111111:role/a*",
    "a question mark in the name": "arn:aws:iam::111111111111:role/a?",
    "a wildcard in the path": "arn:aws:iam::111111111111:role/*/a",
    "a user": "arn:aws:iam::111111111111:user/a",
    "an assumed role's session": "arn:aws:sts::111111111111:assumed-role/a/b",
    "an account too short": "arn:aws:iam::11111111111:role/a",
    "another partition": "arn:aws-iso:iam::111111111111:role/a",
    "a Region": "arn:aws:iam:us-east-1:111111111111:role/a",
    "no name": "arn:aws:iam::111111111111:role/",
    "a name too long": `arn:aws:iam::111111111111:role/${"a".repeat(MAX_ROLE_NAME + 1)}`,
    "space around it": " arn:aws:iam::111111111111:role/a",
    "a line end after it": "arn:aws:iam::111111111111:role/a\n",
    "an empty step in the path": "arn:aws:iam::111111111111:role//a",
  };
  for (const [what, arn] of Object.entries(notRoles)) {
    it(`takes no role ARN with ${what}`, () => {
      expect(parseRoleArn(arn)).to.equal(undefined);
    });
  }
});
