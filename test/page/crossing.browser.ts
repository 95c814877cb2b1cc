// A thing crosses, and the page shows it.
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { IoT } from "@aws-sdk/client-iot";
import { expect } from "chai";
import { EmbeddedAws, listen, pageOf, SERVICES } from "embedded-aws";
import { CUSTOMER, DEFAULT_REGION, PARTNER } from "../flow/deployment.ts";
import { complaints, connected, create, detail, pageInChromium, stations, verdict } from "./scene.ts";

describe("the page, in Chromium: a thing crosses", () => {
  const scene = pageInChromium();

  it("takes the token out of the address, keeps it for a reload, and is live", async () => {
    const page = await connected(await scene.open());
    expect(page.url()).to.equal(`${scene.running.endpoint.url}/_page/`);
    await page.reload();
    await connected(page);
    expect(await page.context().cookies()).to.deep.equal([]);
  });

  it("makes no story of what a deployment does, such as trying the roles of its rules", async () => {
    expect(scene.running.cloud.trace.since().some(({ name, parentId }) => name === "AssumeRole" && parentId)).to.equal(
      true,
    );
    const page = await connected(await scene.open());
    // Told after the past.
    await page.locator(".queue", { hasText: "receive-rule-dead-letters" }).waitFor();
    expect(await page.locator(".story").allTextContents()).to.deep.equal([]);
  });

  it("shows a thing crossing: seven stations, the message, principals, statements and logs", async () => {
    const page = await connected(await scene.open());
    await create(page, "first", /^Arrived after \d/);
    await page.locator(".hop.receive.ok").waitFor();
    const classes = await stations(page);
    expect(classes).to.have.length(7);
    for (const one of classes) expect(one).to.match(/ ok$/);
    const message = await page.getByRole("region", { name: "The message as the partner sees it" }).textContent();
    expect(JSON.parse(message ?? "")).to.deep.include({ thingName: "first", attributes: { colour: "warm-white" } });
    const text = (await detail(page).textContent()) ?? "";
    expect(text).to.contain("as user administrator of customer");
    expect(text).to.match(/iot:Publish allowed by inline policy \S+ of role publish-from-customer-role-/);
    expect(text).to.match(/logs { "outcome": "announced"/);
    expect(text).not.to.contain("_aws");
  });

  it("ends where its content ends, although a story is longer than its place", async () => {
    const page = await connected(await scene.open());
    await verdict(page)
      .filter({ hasText: /^Arrived/ })
      .waitFor();
    const { hidden, below } = await detail(page).evaluate((place) => ({
      hidden: place.scrollHeight - place.clientHeight,
      below: document.documentElement.scrollHeight - document.body.getBoundingClientRect().height,
    }));
    expect(hidden).to.be.greaterThan(100);
    expect(below, "pixels of nothing below the page").to.be.at.most(1);
  });

  it("lights the stations one after another, unless less motion is wanted", async () => {
    const page = await connected(await scene.open(undefined, { reducedMotion: "no-preference" }));
    // Each number of lit stations that is ever seen, from now on.
    await page.evaluate(() => {
      const counts: number[] = [];
      Object.assign(window, { counts });
      new MutationObserver(() => {
        const lit = document.querySelectorAll(".hop.ok").length;
        if (lit !== counts.at(-1)) counts.push(lit);
      }).observe(document.body, { subtree: true, attributes: true, childList: true });
    });
    await create(page, "in-motion", /^Arrived/);
    await page.locator(".hop.ok").nth(6).waitFor();
    const counts = await page.evaluate<number[]>("window.counts");
    expect(counts.slice(counts.lastIndexOf(1))).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
    const calm = await connected(await scene.open());
    await calm.locator(".hop.receive.ok").waitFor();
    expect(await calm.evaluate(() => document.getAnimations().length)).to.equal(0);
  });

  it("updates and deletes a thing by its buttons, and both cross", async () => {
    const page = await connected(await scene.open());
    await create(page, "changing", /^Arrived/);
    for (const [button, operation] of [
      ["Update changing", "iot:UpdateThing"],
      ["Delete changing", "iot:DeleteThing"],
    ] as const) {
      await page.getByRole("button", { name: button }).click();
      await detail(page)
        .getByRole("heading", { name: `${operation} thing/changing` })
        .waitFor();
      await verdict(page)
        .filter({ hasText: /^Arrived/ })
        .waitFor();
    }
    await page.getByRole("button", { name: "Delete changing" }).waitFor({ state: "detached" });
  });

  it("shows tables with what is in them", async () => {
    const dynamodb = new DynamoDB(scene.running.config(PARTNER));
    await dynamodb.createTable({
      TableName: "devices",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "subject", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "subject", KeyType: "HASH" }],
    });
    await dynamodb.putItem({ TableName: "devices", Item: { subject: { S: "lamp" }, version: { N: "7" } } });
    const page = await connected(await scene.open());
    const row = page.getByRole("region", { name: "Items of devices" }).getByRole("row", { name: "lamp 7" });
    await row.waitFor();
  });

  it("says when the cloud is gone, and comes back by itself with what happened meanwhile", async () => {
    const cloud = new EmbeddedAws(SERVICES);
    const own = pageOf(cloud);
    const first = await listen(cloud, 0, own);
    const page = await connected(await scene.open(own.url));
    await first.close();
    await page.getByText("lost; trying again").waitFor();
    // One that was closed begins nothing more, until it begins anew.
    await cloud.reset();
    const again = await listen(cloud, Number(new URL(first.url).port), own);
    await new IoT({
      endpoint: again.url,
      region: DEFAULT_REGION,
      credentials: cloud.administrator(CUSTOMER),
    }).createThing({ thingName: "meanwhile" });
    await connected(page);
    await detail(page).getByRole("heading", { name: "iot:CreateThing thing/meanwhile" }).waitFor();
    await verdict(page).filter({ hasText: "Not arrived: it ends at CloudTrail, EventBridge rule" }).waitFor();
    expect(await detail(page).locator(".why").textContent()).to.contain("this account has no hooks");
    // Chromium's own words about the break.
    expect(complaints.splice(0).join()).to.contain("ERR_");
    await page.close();
    await again.close();
  });
});
