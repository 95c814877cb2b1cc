// Whom the page lets in, and what it never runs.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { SQS } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { PARTNER } from "../flow/deployment.ts";
import { complaints, connected, detail, pageInChromium } from "./scene.ts";

describe("the page, in Chromium: strangers", () => {
  const scene = pageInChromium();
  before(() =>
    new DynamoDB(scene.running.config(PARTNER)).createTable({
      TableName: "devices",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "subject", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "subject", KeyType: "HASH" }],
    }),
  );

  it("shows markup in names, topics, payloads, letters and items as text, and runs none of it", async () => {
    const evil = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>\u202e`;
    await new IoTDataPlane(scene.running.config(PARTNER)).publish({
      topic: `debug/${evil.slice(0, 40)}`,
      payload: Buffer.from(JSON.stringify({ thingName: evil, [evil]: evil })),
    });
    const sqs = new SQS(scene.running.config(PARTNER));
    const { QueueUrl } = await sqs.createQueue({ QueueName: "evil" });
    const MessageAttributes = { why: { DataType: "String", StringValue: evil } };
    await sqs.sendMessage({ QueueUrl, MessageBody: evil, MessageAttributes });
    const dynamodb = new DynamoDB(scene.running.config(PARTNER));
    await dynamodb.putItem({ TableName: "devices", Item: { subject: { S: evil }, [evil]: { S: evil } } });
    const page = await connected(await scene.open());
    await page.locator(".story", { hasText: "<img" }).first().click();
    await detail(page).locator("summary").click();
    expect(await detail(page).locator("pre").textContent())
      .to.contain("<script>")
      .and.to.contain("\\u202e");
    await page.locator(".queue", { hasText: "evil" }).locator("summary").click();
    await page.locator("td", { hasText: "<script>" }).first().waitFor();
    await page.getByLabel("Thing", { exact: true }).fill(evil);
    await page.getByLabel("colour").fill(evil);
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "<img" }).waitFor();
    expect(await page.locator("img").count()).to.equal(0);
    expect(await page.locator("script").count()).to.equal(1);
    expect(await page.evaluate(() => "hit" in window)).to.equal(false);
  });

  it("runs no script that isn't its own file, even where one comes into the page", async () => {
    const page = await connected(await scene.open());
    const blocked = await page.evaluate(() => {
      const script = document.createElement("script");
      try {
        script.textContent = "window.hit = 1";
      } catch (error) {
        return String(error);
      }
      document.body.append(script);
      return "hit" in window ? "it ran" : "it did not run";
    });
    expect(blocked).to.contain("TrustedScript");
    complaints.splice(0);
  });

  it("says so without a token, and with a wrong one, and tells nothing", async () => {
    const without = await scene.open(`${scene.running.endpoint.url}/_page/`);
    await without.getByText("This page opens with the URL that the terminal shows").waitFor();
    const wrong = await scene.open(`${scene.running.endpoint.url}/_page/#wrong`);
    await wrong.getByText("not let in").waitFor();
    expect(await wrong.locator(".story").count()).to.equal(0);
    // Chromium's own words about the 401, which may come after the page's.
    if (!complaints.join().includes("401")) await wrong.waitForEvent("console");
    expect(complaints.splice(0).join()).to.contain("401");
  });

  it("is closed to pages of other origins, which have the token, and to names that lead here", async () => {
    const other = createServer((_, answer) => answer.setHeader("content-type", "text/html").end("<h1>other</h1>"));
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { page } = scene.running;
    const things = async () => (await (await scene.running.control("GET", "usage")).json()) as object;
    const before = await things();
    // Their complaints, such as that of an icon that is refused too, may come at any time: nobody listens to them.
    const stranger = await scene.openUnheard(`http://127.0.0.1:${port}/`);
    const tries = await stranger.evaluate(
      async ({ url, key }) => {
        const outcome = async (path: string, init: RequestInit) => {
          try {
            return String((await fetch(`${url}${path}`, init)).status);
          } catch {
            return "refused";
          }
        };
        const headers = { authorization: `Bearer ${key}` };
        const body = JSON.stringify({ do: "create", name: "stolen", attributes: {} });
        const frame = document.createElement("iframe");
        frame.src = `${url}#${key}`;
        document.body.append(frame);
        await new Promise((resolve) => (frame.onload = resolve));
        return {
          events: await outcome("events", { headers }),
          files: await outcome("page.js", {}),
          action: await outcome("actions", { method: "POST", headers, body }),
          simple: await outcome("actions", { method: "POST", body, mode: "no-cors" }),
          frame: frame.contentDocument === null ? "out of reach" : "open",
        };
      },
      { url: `${scene.running.endpoint.url}/_page/`, key: new URL(page.url).hash.slice(1) },
    );
    expect(tries).to.include({ events: "refused", files: "refused", action: "refused", frame: "out of reach" });
    expect(await things()).to.deep.equal(before);
    const rebound = await scene.openUnheard(page.url.replace("127.0.0.1", "rebound.example"));
    expect(await rebound.locator("body").textContent()).to.contain('not as "rebound.example');
    other.closeAllConnections();
    other.close();
  });
});
