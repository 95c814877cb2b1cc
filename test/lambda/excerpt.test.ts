import { expect } from "chai";
import fc from "fast-check";
import { excerpt, inWords } from "../../shared/lambda/excerpt.ts";

const bytes = (text: string): number => Buffer.byteLength(JSON.stringify(text));

describe("an excerpt", () => {
  it("is the text itself where that is short", () => {
    expect(excerpt("x".repeat(300))).to.equal("x".repeat(300));
    expect(excerpt("")).to.equal("");
  });

  it("is the start of a longer one, with its length", () => {
    expect(excerpt("x".repeat(301))).to.equal(`${"x".repeat(300)}… (301 characters)`);
    expect(excerpt("abcdef", 3)).to.equal("abc… (6 characters)");
  });

  it("has a bounded size in a line, and nothing that a terminal obeys, whatever the text", () => {
    const unit = fc.oneof(fc.constantFrom("\u001b", "\n", '"', "\\", "\u202e", "\ud83d", "厨", "🍳"), fc.string());
    fc.assert(
      fc.property(
        fc.array(unit, { maxLength: 400 }).map((parts) => parts.join("")),
        (text) => {
          expect(bytes(excerpt(text))).to.be.at.most(340);
          expect(excerpt(text)).to.not.match(/[\p{Cc}\p{Cs}\u202e]/u);
        },
      ),
    );
  });

  it("counts bytes as they stand in a line, and ends at a whole character", () => {
    for (const unit of ['"', "é", "厨", "🍳"]) {
      for (let length = 150; length <= 300; length++) {
        const text = `${"x".repeat(length % 2)}${unit.repeat(length)}`;
        const short = excerpt(text);
        if (short === text) continue;
        const [kept = "", rest] = short.split("… ");
        expect(rest).to.equal(`(${text.length} characters)`);
        expect(text.startsWith(kept), short).to.equal(true);
        expect(bytes(kept) - 2, short).to.be.within(260, 300);
        expect(short).to.not.match(/\p{Cs}/u);
      }
    }
    expect(bytes(excerpt('"'.repeat(300)))).to.be.below(340);
    expect(bytes(excerpt("\u001b".repeat(300)))).to.be.below(340);
  });

  it("has an error's name and words, and whatever else was thrown", () => {
    expect(inWords(Object.assign(new Error("no"), { name: "AccessDenied" }))).to.equal("AccessDenied: no");
    expect(inWords("no")).to.equal("no");
  });
});
