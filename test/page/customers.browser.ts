// Two customers on one page: each with what is its own, and neither passes as the other.
import { expect } from "chai";
import type { Page } from "playwright-core";
import { CUSTOMER, CUSTOMER2, PARTNER } from "../flow/deployment.ts";
import { connected, create, detail, pageInChromium, stations, verdict } from "./scene.ts";

describe("the page, in Chromium: two customers", () => {
  const scene = pageInChromium();
  const radio = (page: Page, name: string) =>
    page.getByRole("group", { name: "Customer" }).getByRole("radio", { name: new RegExp(`^${name} \\d`) });
  const choose = async (page: Page, name: string) => {
    await radio(page, name).check();
    await page.getByRole("heading", { name: `${name}’s account` }).waitFor();
  };
  const rows = (page: Page, table: RegExp) =>
    page.getByRole("region", { name: table }).locator("tbody tr").allInnerTexts();

  it("shows the one that is chosen: its things, events, queues, and what the partner knows of it", async () => {
    const page = await connected(await scene.open());
    await create(page, "of-the-first", /^Arrived/);
    await choose(page, "customer2");
    expect(await page.locator(".story").count()).to.equal(0);
    expect(await page.locator(".things li").count()).to.equal(0);
    await create(page, "of-the-second", /^Arrived/);
    const classes = await stations(page);
    expect(classes).to.have.length(7);
    for (const one of classes) expect(one).to.match(/ ok$/);
    expect(await page.locator(".story .name").allInnerTexts()).to.deep.equal(["CreateThing of-the-second"]);
    expect(await page.locator(".queue h3 .account").allInnerTexts())
      .to.include("customer2")
      .and.not.include("customer");
    const [registered = "", ...more] = await rows(page, /^Items of iot-hooks-registry/);
    expect(registered).to.contain(`${CUSTOMER2}:thing/of-the-second`);
    expect(more).to.deep.equal([]);
    expect(await rows(page, /^Items of iot-hooks-customers/)).to.have.length(1);
    await choose(page, "customer");
    await page.locator(".things .name", { hasText: "of-the-first" }).waitFor();
    expect(await page.locator(".story .name").allInnerTexts()).to.deep.equal(["CreateThing of-the-first"]);
    expect((await rows(page, /^Items of iot-hooks-registry/)).join()).to.contain(`${CUSTOMER}:thing/of-the-first`);
  });

  it("is chosen by keyboard, and says how much there is of each", async () => {
    const page = await connected(await scene.open());
    await radio(page, "customer").focus();
    await page.keyboard.press("ArrowDown");
    await page.getByRole("heading", { name: "customer2’s account" }).waitFor();
    expect(await radio(page, "customer2").isChecked()).to.equal(true);
    await page.locator("label", { hasText: `customer2 ${CUSTOMER2}, 1 thing, 1 event` }).waitFor();
  });

  it("breaks a permission of one: the other’s things go on arriving", async () => {
    const page = await connected(await scene.open());
    await choose(page, "customer2");
    await create(page, "whole-2", /^Arrived/);
    const role = new RegExp(
      `^Break iot:Publish, by the inline policy \\S+ of role publish-from-customer-role-${CUSTOMER2}`,
    );
    await page.getByRole("button", { name: role }).click();
    await page.getByRole("button", { name: /^Mend / }).waitFor();
    await create(page, "broken-2", /^Not arrived/);
    await choose(page, "customer");
    await create(page, "whole-1", /^Arrived/);
    await page.getByRole("button", { name: /^Mend / }).click();
    await page.getByRole("button", { name: /^Mend / }).waitFor({ state: "detached" });
  });

  it("injects a fault at one’s calls alone", async () => {
    const page = await connected(await scene.open());
    await choose(page, "customer2");
    await page.locator("select[name=call]").selectOption("lambda:Invoke");
    await page.locator("select[name=fault]").selectOption("deny");
    await page.locator("select[name=times]").selectOption("always");
    await page.locator("select[name=where]").selectOption("customer2");
    await page.getByRole("button", { name: "Inject" }).click();
    await page.getByText("lambda:Invoke of customer2 is denied, always").waitFor();
    await create(page, "unlucky-2", /^Not arrived/);
    await choose(page, "customer");
    await create(page, "lucky-1", /^Arrived/);
    await page.getByRole("button", { name: "Take all faults back" }).click();
    await page.getByLabel("Faults that are set").waitFor({ state: "detached" });
  });

  it("refuses one that publishes as the other, and names the policies that do", async () => {
    const page = await connected(await scene.open());
    await choose(page, "customer2");
    await page.getByRole("button", { name: "Publish as customer", exact: true }).click();
    await page
      .getByRole("status")
      .filter({ hasText: /wanted the role of 111111111111: refused, AccessDenied.*: refused, ForbiddenException/ })
      .waitFor();
    await detail(page)
      .getByRole("heading", { name: `iotdata:Publish topic/cross_account_hooks/${CUSTOMER}/create_thing` })
      .waitFor();
    await verdict(page).filter({ hasText: "Not arrived: it ends at topic" }).waitFor();
    const why = (await detail(page).locator(".why").textContent()) ?? "";
    expect(why).to.contain(`missing in partner ${PARTNER}, identity policy`);
    expect(why).to.match(
      new RegExp(
        `nearest: inline policy \\S+ of role publish-from-customer-role-${CUSTOMER2}, statement PublishOperations`,
      ),
    );
    await page.locator(".story", { hasText: "AssumeRole" }).first().click();
    await verdict(page).filter({ hasText: "Not arrived: it ends at publish role" }).waitFor();
    expect(await detail(page).locator(".why").textContent()).to.contain(`missing in partner ${PARTNER}, trust policy`);
    // Nothing of it reached the partner's registry.
    await choose(page, "customer");
    expect((await rows(page, /^Items of iot-hooks-registry/)).join()).to.not.contain("forged");
    // Its own function goes on as before: what was opened for the attempt is closed again.
    await choose(page, "customer2");
    await create(page, "afterwards", /^Arrived/);
  });
});
