// `npm run test:spoof`: none of these ways makes the partner believe anything about somebody else's things, and each
// is refused where it should be. The run writes docs/spoofing.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import * as prettier from "prettier";
import { type Attempt, WHO } from "./attempt.ts";
import { ATTEMPTS } from "./attempts.ts";
import { type Stage, VICTIM, believedOf, refusalOf, setTheStage } from "./stage.ts";
import { watch } from "../flow/deployment.ts";

const PAGE = join(import.meta.dirname, "..", "..", "docs", "spoofing.md");
const LONGEST = 60_000;

describe("nobody makes the partner believe something about the victim's things", function () {
  this.timeout(LONGEST);
  let stage: Stage;
  let truth: string[];
  const refused: Attempt[] = [];
  before(async () => {
    stage = await setTheStage();
    truth = await believedOf(stage, VICTIM);
  });
  after(async () => {
    await stage.running.endpoint.close();
    // A page of a part of the attempts would say that there are no others.
    if (refused.length === ATTEMPTS.length) writeFileSync(PAGE, await page(refused));
  });

  it("begins with one thing of the victim's in the registry, and has a hundred ways to try", () => {
    expect(truth).to.have.length(1);
    expect(ATTEMPTS.length).to.be.at.least(100);
    expect(new Set(ATTEMPTS.map(({ who, what }) => `${who} ${what}`)).size).to.equal(ATTEMPTS.length);
  });

  for (const attempt of ATTEMPTS) {
    const { who, what, layer, refusal } = attempt;
    it(`${WHO[who]}: ${what}`, async () => {
      const { messages, stop } = watch(stage.running);
      const found = await refusalOf(stage, () => attempt.attempt(stage));
      stop();
      expect(found?.layer, found?.words).to.equal(layer);
      expect(found?.words).to.match(new RegExp(`^${refusal}`));
      expect(messages).to.deep.equal([]);
      expect(await believedOf(stage, VICTIM)).to.deep.equal(truth);
      refused.push(attempt);
    });
  }
});

async function page(attempts: readonly Attempt[]): Promise<string> {
  const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("*", "\\*");
  const text = [
    "# Who is speaking: what was tried",
    "",
    `Written by \`npm run test:spoof\`. ${attempts.length} ways, on the embedded AWS, with \`senderCheck: "enforce"\`; 0 ` +
      "succeeded. What remains possible by design is in [security](security.md).",
    ...Object.entries(WHO).flatMap(([who, title]) => [
      "",
      `## ${title[0]?.toUpperCase() ?? ""}${title.slice(1)}`,
      "",
      "| tries | refused by | with |",
      "| --- | --- | --- |",
      ...attempts
        .filter((attempt) => attempt.who === who)
        .map(({ what, layer, refusal }) => `| ${cell(what)} | ${layer} | ${cell(refusal)} |`),
    ]),
    "",
  ].join("\n");
  const options = await prettier.resolveConfig(PAGE);
  return prettier.format(text, { ...options, filepath: PAGE });
}
