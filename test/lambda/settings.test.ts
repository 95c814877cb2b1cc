import { expect } from "chai";
import { announceSettings } from "../../customer/lambda/settings.ts";
import { receiveSettings } from "../../partner/lambda/settings.ts";
import { MisconfiguredFunction } from "../../shared/lambda/variables.ts";

import { QUEUE_URL } from "./invocation.ts";

const complete = {
  ACCOUNT_ID: "111111111111",
  PARTNER_ROLE_ARN: "arn:aws:iam::222222222222:role/publish-from-customer-role-111111111111",
  PARTNER_REGION: "eu-west-1",
  STS_REGION: "us-east-1",
  OPERATIONS: "create_thing,delete_thing",
  FAILURE_QUEUE_URL: QUEUE_URL,
  PATH: "/usr/bin",
};

describe("what the functions are told", () => {
  it("reads the announce function's variables, and none that is not its own", () => {
    expect(announceSettings(complete)).to.deep.equal({
      accountId: "111111111111",
      partnerRoleArn: complete.PARTNER_ROLE_ARN,
      partnerRegion: "eu-west-1",
      stsRegion: "us-east-1",
      operations: ["create_thing", "delete_thing"],
      failureQueueUrl: QUEUE_URL,
    });
  });

  it("reads the optional ones where they are set", () => {
    const given = {
      ...complete,
      PARTNER_DATA_ENDPOINT: "abc-ats.iot.eu-west-1.amazonaws.com",
      PARTNER_TOPIC_RULE: "iot_hooks_receive",
      EXTERNAL_ID: "x1",
    };
    expect(announceSettings(given)).to.include({
      partnerDataEndpoint: "abc-ats.iot.eu-west-1.amazonaws.com",
      partnerTopicRule: "iot_hooks_receive",
      externalId: "x1",
    });
  });

  it("reads a host with a port", () => {
    const given = { ...complete, PARTNER_DATA_ENDPOINT: "127.0.0.1:4566" };
    expect(announceSettings(given)).to.include({ partnerDataEndpoint: "127.0.0.1:4566" });
  });

  const mistakes: readonly (readonly [string, string | undefined, string])[] = [
    ["ACCOUNT_ID", undefined, "ACCOUNT_ID is not set"],
    ["ACCOUNT_ID", "1234", 'ACCOUNT_ID is "1234", but must be 12 digits'],
    ["PARTNER_ROLE_ARN", "arn:aws:iam::*:role/x", "must be the ARN of a role"],
    ["PARTNER_REGION", "", "must be a Region"],
    ["STS_REGION", undefined, "STS_REGION is not set"],
    ["STS_REGION", "", "must be a Region"],
    ["PARTNER_DATA_ENDPOINT", "https://host", "must be a host name"],
    ["PARTNER_TOPIC_RULE", "a/b", "must be the name of a topic rule"],
    ["EXTERNAL_ID", "", "must not be empty"],
    ["OPERATIONS", "create_thing,paint_thing", "must be operations of the contract"],
    ["OPERATIONS", "", "must be operations of the contract"],
  ];
  for (const [variable, value, words] of mistakes) {
    it(`refuses ${variable} = ${value ?? "nothing"} and says so`, () => {
      expect(() => announceSettings({ ...complete, [variable]: value })).to.throw(MisconfiguredFunction, words);
    });
  }

  const receiving = {
    OPERATIONS: "create_thing,sync_thing",
    CUSTOMERS_TABLE: "customers-1",
    DEBUG: "true",
    SENDER_CHECK: "observe",
    FAILURE_QUEUE_URL: QUEUE_URL,
  };
  it("reads what customers may announce, and the table that has them", () => {
    const operations = ["create_thing", "sync_thing"];
    expect(receiveSettings(receiving)).to.deep.include({ operations, customersTable: "customers-1" });
    for (const [variable, value, words] of [
      ["OPERATIONS", "paint_thing", "must be operations of the contract"],
      ["OPERATIONS", undefined, "OPERATIONS is not set"],
      ["CUSTOMERS_TABLE", "a table", "must be the name of a DynamoDB table"],
      ["CUSTOMERS_TABLE", undefined, "CUSTOMERS_TABLE is not set"],
    ] as const)
      expect(() => receiveSettings({ ...receiving, [variable]: value })).to.throw(MisconfiguredFunction, words);
  });

  it("knows only true and false for debug", () => {
    expect(receiveSettings(receiving)).to.include({ debug: true });
    expect(receiveSettings({ ...receiving, DEBUG: "false" })).to.include({ debug: false });
    expect(() => receiveSettings({ ...receiving, DEBUG: "1" })).to.throw(
      MisconfiguredFunction,
      'DEBUG is "1", but must be true or false',
    );
  });

  it("knows only observe and enforce for who speaks, and guesses neither", () => {
    expect(receiveSettings(receiving)).to.include({ senderCheck: "observe" });
    expect(receiveSettings({ ...receiving, SENDER_CHECK: "enforce" })).to.include({ senderCheck: "enforce" });
    expect(() => receiveSettings({ ...receiving, SENDER_CHECK: "on" })).to.throw(
      MisconfiguredFunction,
      'SENDER_CHECK is "on", but must be observe or enforce',
    );
    const { SENDER_CHECK: _, ...without } = receiving;
    expect(() => receiveSettings(without)).to.throw(MisconfiguredFunction, "SENDER_CHECK is not set");
  });

  it("reads the URL of the failure queue, and takes nothing else for one", () => {
    const FAILURE_QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/111111111111/failures";
    for (const read of [
      (url: string) => announceSettings({ ...complete, FAILURE_QUEUE_URL: url }),
      (url: string) => receiveSettings({ ...receiving, FAILURE_QUEUE_URL: url }),
    ]) {
      expect(read(FAILURE_QUEUE_URL)).to.include({ failureQueueUrl: FAILURE_QUEUE_URL });
      expect(() => read("failures")).to.throw(
        MisconfiguredFunction,
        'FAILURE_QUEUE_URL is "failures", but must be the URL of an SQS queue',
      );
    }
  });

  it("reads the registry's table, and that there is none", () => {
    expect(receiveSettings(receiving)).to.not.have.property("registryTable");
    expect(receiveSettings({ ...receiving, REGISTRY_TABLE: "things-1" })).to.include({ registryTable: "things-1" });
    for (const name of ["", "ab", "things 1", " things", "things*", "t".repeat(256)]) {
      expect(() => receiveSettings({ ...receiving, REGISTRY_TABLE: name })).to.throw(
        MisconfiguredFunction,
        `REGISTRY_TABLE is "${name}", but must be the name of a DynamoDB table`,
      );
    }
  });
});
