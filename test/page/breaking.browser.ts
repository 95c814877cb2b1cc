// What somebody breaks by the page, and mends.
import { expect } from "chai";
import { PARTNER } from "../flow/deployment.ts";
import { connected, create, detail, NARROW, pageInChromium, stations, verdict } from "./scene.ts";

describe("the page, in Chromium: something breaks", () => {
  const scene = pageInChromium();

  it("breaks a permission: says why nothing arrives and where, keeps the letter, and mends it", async () => {
    const page = await connected(await scene.open());
    await create(page, "whole", /^Arrived/);
    await page
      .getByRole("button", { name: /^Break iot:Publish, by the inline policy \S+ of role publish-from/ })
      .click();
    await page.getByRole("button", { name: /^Mend PublishOperations/ }).waitFor();
    await create(page, "broken", /^Not arrived/);
    const why = (await detail(page).locator(".why").textContent()) ?? "";
    expect(why).to.contain(`missing in partner ${PARTNER}, identity policy`);
    expect(await page.locator(".hop.topic").getAttribute("class")).to.contain("denied");
    // Lambda's retries are over by then.
    await page.getByRole("button", { name: "1 hour" }).click();
    const queue = page.locator(".queue", { hasText: /announce-dead-letters/ });
    await queue.getByText("1 waiting").waitFor();
    await queue.locator("summary").click();
    expect(await queue.locator("pre").textContent()).to.contain('"thingName": "broken"');
    await detail(page).getByRole("button", { name: "Give it back" }).click();
    await page.getByRole("button", { name: /^Mend / }).waitFor({ state: "detached" });
    await create(page, "mended", /^Arrived/);
    await page.getByRole("button", { name: "Send the customer’s letters again" }).click();
    await page
      .getByRole("status")
      .filter({ hasText: /announce: 1 letter sent/ })
      .waitFor();
    await queue.getByText("empty").waitFor();
    await detail(page)
      .getByRole("heading", { name: /^lambda:Invoke function:iot-hooks-announce/ })
      .waitFor();
    await verdict(page)
      .filter({ hasText: /^Arrived/ })
      .waitFor();
    const message = page.getByRole("region", { name: "The message as the partner sees it" });
    await message.filter({ hasText: '"thingName": "broken"' }).waitFor();
  });

  it("injects a fault at a call, shows it, and takes it back", async () => {
    const page = await connected(await scene.open());
    await page.locator("select[name=call]").selectOption("lambda:Invoke");
    await page.locator("select[name=fault]").selectOption("deny");
    await page.locator("select[name=times]").selectOption("always");
    await page.getByRole("button", { name: "Inject" }).click();
    await page.getByText("lambda:Invoke is denied, always").waitFor();
    await create(page, "unlucky", /^Not arrived/);
    expect(await detail(page).textContent()).to.contain("a fault set on lambda:Invoke");
    await page.getByRole("button", { name: "Take all faults back" }).click();
    await page.getByLabel("Faults that are set").waitFor({ state: "detached" });
    await create(page, "luckier", /^Arrived/);
  });

  it("lets time pass, by the cloud's clock", async () => {
    const page = await connected(await scene.open());
    const before = scene.running.cloud.clock.now();
    const answered = page.waitForResponse((response) => response.url().endsWith("/actions"));
    await page.getByRole("button", { name: "1 hour" }).click();
    expect((await answered).status()).to.equal(204);
    expect(scene.running.cloud.clock.now() - before).to.be.at.least(3_600_000);
  });

  it("shows what AWS refuses in its words", async () => {
    const page = await connected(await scene.open());
    await page.getByLabel("Thing", { exact: true }).fill("no name");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "InvalidRequestException" }).waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    expect(await page.getByRole("alert").count()).to.equal(0);
  });

  for (const [station, broken, refused] of [
    ["rule", /^Break lambda:InvokeFunction, by the resource policy of function iot-hooks-announce/, "announce denied"],
    ["announce", /^Break iot:Publish, by the inline policy \S+ of role publish-from/, "topic denied"],
    [
      "topic-rule",
      /^Break lambda:InvokeFunction, by the resource policy of function iot-hooks-receive/,
      "receive denied",
    ],
    ["receive", /^Break dynamodb:UpdateItem/, "receive failed"],
  ] as const)
    it(`draws a letter at the station that wrote it, and nowhere else: ${station}`, async () => {
      const page = await connected(await scene.open(undefined, { viewport: NARROW }));
      /** How many at each station that has any. */
      const letters = async (): Promise<Record<string, number>> =>
        Object.fromEntries(
          await page
            .locator(".hop:has(.letters)")
            .evaluateAll((hops) =>
              hops.map((hop) => [
                hop.getAttribute("data-hop"),
                parseInt(hop.querySelector(".letters")?.textContent ?? ""),
              ]),
            ),
        ) as Record<string, number>;
      await create(page, `lets-${station}-pass`, /^Arrived/);
      await page.getByRole("button", { name: broken }).click();
      await page.getByRole("button", { name: /^Mend / }).waitFor();
      const before = await letters();
      await create(page, `letter-of-${station}`, /^Not arrived/);
      // Lambda's retries are over by then.
      await page.getByRole("button", { name: "1 hour" }).click();
      const count = (before[station] ?? 0) + 1;
      const said = new RegExp(`^${count} letters? in the queue iot-hooks-\\S*dead-letters-`);
      const badge = page.locator(`.hop.${station} .letters`).filter({ hasText: said });
      await badge.waitFor();
      expect(await letters()).to.deep.equal({ ...before, [station]: count });
      const { x, width } = (await badge.boundingBox()) ?? { x: NaN, width: NaN };
      expect(x + width).to.be.at.most(NARROW.width);
      await verdict(page)
        .filter({ hasText: /, and is kept in a queue$/ })
        .waitFor();
      expect(await stations(page))
        .to.include(`hop ${refused}`)
        .and.to.include(`hop ${station} failed`);
      await page.getByRole("button", { name: /^Mend / }).click();
      await page.getByRole("button", { name: /^Mend / }).waitFor({ state: "detached" });
    });
});
