// The last step to the partner: what goes onto its topic, and what is too large or too odd for it.
import { expect } from "chai";
import { type Publication, publishMessage } from "../../customer/lambda/publication.ts";
import { QUEUE_URL } from "./invocation.ts";
import { CUSTOMER, PARTNER } from "./records.ts";
import { MESSAGE } from "./rule-events.ts";

const NOW = "2026-01-02T03:05:00.000Z";
const LIMIT = 131_072;

function publishing(more: object = {}) {
  const sent: { topic: string; payload: string }[] = [];
  const { hook, ...fields } = MESSAGE;
  const parts = {
    settings: {
      accountId: CUSTOMER,
      partnerRoleArn: `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}`,
      partnerRegion: "eu-west-1",
      stsRegion: "eu-west-1",
      operations: ["create_thing" as const],
      failureQueueUrl: QUEUE_URL,
      ...more,
    },
    publish: (topic: string, payload: string) => {
      sent.push({ topic, payload });
      return Promise.resolve();
    },
    now: () => new Date(NOW),
  };
  const publish = (changed: { fields?: object; hook?: object } = {}) =>
    publishMessage(
      parts,
      {
        operation: "create_thing",
        hook: { ...hook, ...changed.hook },
        fields: { ...fields, ...changed.fields },
      } as Publication,
      AbortSignal.timeout(5_000),
    );
  return { publish, sent };
}

describe("what is published", () => {
  it("is as large as AWS IoT takes it, and not a byte larger", async () => {
    const { publish, sent } = publishing();
    await publish({ fields: { attributes: { note: "" } } });
    const room = LIMIT - Buffer.byteLength(sent[0]?.payload ?? "");
    const noted = (characters: number) => publish({ fields: { attributes: { note: "x".repeat(characters) } } });
    await noted(room);
    expect(Buffer.byteLength(sent[1]?.payload ?? "")).to.equal(LIMIT);
    const failure = await noted(room + 1).then(
      () => expect.fail("it was published"),
      (error: unknown) => error as Error,
    );
    expect(failure).to.include({ reason: "message too large", eventId: MESSAGE.hook.eventId });
    expect(failure.message).to.include(
      `the message for cross_account_hooks/${CUSTOMER}/create_thing has ${LIMIT + 1} bytes, AWS IoT takes ${LIMIT}`,
    );
    expect(sent).to.have.length(2);
  });

  it("goes straight to the partner's rule where that is named", async () => {
    const { publish, sent } = publishing({ partnerTopicRule: "iot_hooks_receive" });
    await publish();
    expect(sent.map(({ topic }) => topic)).to.deep.equal([
      `$aws/rules/iot_hooks_receive/cross_account_hooks/${CUSTOMER}/create_thing`,
    ]);
  });

  it("may be from later than this clock: CloudTrail's is AWS's own", async () => {
    const ahead = "2026-01-02T05:00:00Z";
    const { publish, sent } = publishing();
    await publish({ hook: { eventTime: ahead, observedAt: ahead } });
    expect(sent).to.have.length(1);
  });

  it("is nothing that the partner would reject, and says of which event that was", async () => {
    const { publish, sent } = publishing();
    for (const [changed, words] of [
      [{ fields: { attributes: 7 } }, "attributes: must be an object of texts."],
      [{ fields: { thingArn: MESSAGE.thingArn.replace(CUSTOMER, PARTNER) } }, "thingArn"],
    ] as const) {
      const failure = await publish(changed).then(
        () => expect.fail("it was published"),
        (error: unknown) => error as Error,
      );
      expect(failure).to.include({ reason: "malformed message", eventId: MESSAGE.hook.eventId });
      expect(failure.message).to.include("what CreateThing left is not what the contract calls a message: ");
      expect(failure.message).to.include(words);
    }
    expect(sent).to.deep.equal([]);
  });
});
