import { expect } from "chai";
import { AnnounceFailure } from "../../customer/lambda/failure.ts";

describe("why an event isn't announced", () => {
  it("is said with the event's id, or that it has none", () => {
    const failure = new AnnounceFailure("describe failed", "event-1", "AccessDenied: no");
    expect(failure.message).to.equal("Event event-1 is not announced (describe failed): AccessDenied: no");
    expect(failure).to.include({ name: "AnnounceFailure", reason: "describe failed", eventId: "event-1" });
    const without = new AnnounceFailure("malformed event", undefined, "no");
    expect(without.message).to.equal("Event without an id is not announced (malformed event): no");
    expect(without.eventId).to.equal(undefined);
  });

  it("is no longer than a line may be, whatever somebody made up for an id", () => {
    const id = "i".repeat(9_000);
    const failure = new AnnounceFailure("malformed event", id, "x".repeat(9_000));
    expect(failure.message).to.match(/^Event i{300}… \(9000 characters\) .*: x{1000}… \(9000 characters\)$/);
    expect(failure.eventId).to.equal(`${"i".repeat(300)}… (9000 characters)`);
  });
});
