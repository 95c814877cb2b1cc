// For everybody: what WCAG 2 asks for, narrow screens, and the keyboard alone.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect } from "chai";
import { connected, create, detail, NARROW, pageInChromium, WIDE } from "./scene.ts";

/** HTML_CodeSniffer, a script for a page, which knows what WCAG 2 asks for. */
const SNIFFER = readFileSync(createRequire(import.meta.url).resolve("html_codesniffer/build/HTMLCS.js"), "utf8");
/** Its errors, one line each: which success criterion, what, and where. */
const ERRORS = `new Promise((resolve) => HTMLCS.process("WCAG2AA", document, () => resolve(
  HTMLCS.getMessages()
    .filter(({ type }) => type === HTMLCS.ERROR)
    .map(({ code, msg, element }) => [code, msg, element.outerHTML?.slice(0, 200)].join(": ")))))`;

describe("the page, in Chromium: for everybody", () => {
  const scene = pageInChromium();
  before(async () => {
    // Something to look at: one that arrived, and one that didn't.
    const page = await connected(await scene.open());
    await create(page, "whole", /^Arrived/);
    const broken = page.getByRole("button", {
      name: /^Break iot:Publish, by the inline policy \S+ of role publish-from/,
    });
    await broken.click();
    await create(page, "broken", /^Not arrived/);
    await page.getByRole("button", { name: /^Mend / }).click();
    await page.getByRole("button", { name: /^Mend / }).waitFor({ state: "detached" });
    await page.close();
  });

  for (const [name, viewport] of [
    ["1280", WIDE],
    ["390", NARROW],
  ] as const)
    for (const colorScheme of ["light", "dark"] as const)
      it(`is accessible and fits at ${name} pixels, ${colorScheme}`, async () => {
        const page = await connected(await scene.open(undefined, { viewport, colorScheme }));
        await page.locator(".story", { hasText: "Not arrived" }).first().click();
        await detail(page).locator(".why").waitFor();
        await page.evaluate(SNIFFER);
        expect(await page.evaluate<string[]>(ERRORS)).to.deep.equal([]);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width).to.be.at.most(viewport.width);
      });

  it("is used by keyboard alone: a thing is created, its story is chosen, and each focus is seen", async () => {
    const page = await connected(await scene.open());
    const focused = () =>
      page.evaluate(() => {
        const element = document.activeElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(element ?? document.body);
        return { text: element?.textContent ?? "", name: element?.getAttribute("name"), outlineStyle, outlineWidth };
      });
    const tabTo = async (wanted: (at: Awaited<ReturnType<typeof focused>>) => boolean) => {
      for (let presses = 0; presses < 80; presses++) {
        await page.keyboard.press("Tab");
        const at = await focused();
        expect(at).to.include({ outlineStyle: "solid", outlineWidth: "2px" });
        if (wanted(at)) return;
      }
      throw new Error("It can't be reached by Tab.");
    };
    await tabTo(({ name }) => name === "thing");
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("by-keyboard");
    await page.keyboard.press("Enter");
    await detail(page).getByRole("heading", { name: "iot:CreateThing thing/by-keyboard" }).waitFor();
    await tabTo(({ text }) => text.includes("CreateThing whole"));
    await page.keyboard.press("Enter");
    await detail(page).getByRole("heading", { name: "iot:CreateThing thing/whole" }).waitFor();
  });
});
