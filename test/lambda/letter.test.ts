import { expect } from "chai";
import { type CutPayload, type Letter, MAX_LETTER_BYTES, letterOf } from "../../shared/lambda/letter.ts";
import { invocation } from "./invocation.ts";
import { ruleEvent } from "./rule-events.ts";

const REJECTION = { errorType: "RejectedMessage", errorMessage: "no", reason: "not JSON", eventId: undefined };
const NOW = new Date("2026-01-02T03:04:05.678Z");
const written = (event: unknown): string => letterOf(event, REJECTION, invocation(), NOW);
const read = (event: unknown): Letter => JSON.parse(written(event)) as Letter;

describe("a letter to the failure queue", () => {
  it("reads as what Lambda itself writes there of an event that failed each time, but for its condition", () => {
    const { awsRequestId, invokedFunctionArn, functionVersion } = invocation();
    expect(read({ detail: 1 })).to.deep.equal({
      version: "1.0",
      timestamp: "2026-01-02T03:04:05.678Z",
      requestContext: {
        requestId: awsRequestId,
        functionArn: invokedFunctionArn,
        condition: "Rejected",
        approximateInvokeCount: 1,
      },
      requestPayload: { detail: 1 },
      responseContext: { statusCode: 200, executedVersion: functionVersion },
      responsePayload: { errorType: "RejectedMessage", errorMessage: "no", reason: "not JSON" },
    });
  });

  it("holds the largest message that AWS IoT carries, whole", () => {
    const event = ruleEvent("x".repeat(128 * 1024));
    expect(read(event).requestPayload).to.deep.equal(event);
  });

  it("holds the start of what is larger than any queue takes, marked as cut", () => {
    const event = { detail: "é".repeat(MAX_LETTER_BYTES) };
    expect(Buffer.byteLength(written(event))).to.be.below(MAX_LETTER_BYTES);
    const cut = read(event).requestPayload as CutPayload;
    expect(cut).to.include({ cut: true, bytes: 2 * MAX_LETTER_BYTES + 13 });
    expect(cut.start).to.equal(JSON.stringify(event).slice(0, 1000));
  });

  it("is cut one byte above the 256 KB that any queue takes, and not at it", () => {
    expect(MAX_LETTER_BYTES).to.equal(262_144);
    const room = MAX_LETTER_BYTES - Buffer.byteLength(written(""));
    expect(read("x".repeat(room)).requestPayload).to.equal("x".repeat(room));
    expect(read("x".repeat(room + 1)).requestPayload).to.include({ cut: true });
  });

  it("has no character that SQS refuses or a terminal obeys, and reads as the event was", () => {
    const event = { name: "\u001b[31m \u0000 \u009b \u202e \u2066 \ufffe \ud800 Küche 🍳" };
    expect(written(event)).to.not.match(/[\p{Cc}\p{Cs}\u202e\u2066\ufffe]/u);
    expect(written(event)).to.include("Küche 🍳");
    expect(read(event).requestPayload).to.deep.equal(event);
  });
});
