// What a person sees and clicks on the page, in a real Chromium.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { IoT } from "@aws-sdk/client-iot";
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { SQS } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { EmbeddedAws, listen, pageOf, SERVICES } from "embedded-aws";
import { CUSTOMER, DEFAULT_REGION, PARTNER, type RunningCloud } from "../flow/deployment.ts";
import { deployed, launch } from "./browser.ts";

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };
/** HTML_CodeSniffer, a script for a page, which knows what WCAG 2 asks for. */
const SNIFFER = readFileSync(createRequire(import.meta.url).resolve("html_codesniffer/build/HTMLCS.js"), "utf8");
/** Its errors, one line each: which success criterion, what, and where. */
const ERRORS = `new Promise((resolve) => HTMLCS.process("WCAG2AA", document, () => resolve(
  HTMLCS.getMessages()
    .filter(({ type }) => type === HTMLCS.ERROR)
    .map(({ code, msg, element }) => [code, msg, element.outerHTML?.slice(0, 200)].join(": ")))))`;
/** What a browser says and nobody wants to hear: errors, and what the content security policy blocked. */
const complaints: string[] = [];

describe("the page, in Chromium", () => {
  let browser: Browser;
  let running: RunningCloud;
  before(async () => {
    browser = await launch();
    running = await deployed();
  });
  after(async () => {
    await browser.close();
    await running.endpoint.close();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(complaints.splice(0)).to.deep.equal([]);
  });

  async function openUnheard(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: WIDE, reducedMotion: "reduce", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(url);
    return page;
  }
  async function open(url = running.page.url, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await openUnheard("about:blank", options);
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      // A refused action is answered with 400, which Chromium calls an error.
      if (message.type() === "error" && !message.text().includes("status of 400")) complaints.push(message.text());
    });
    await page.goto(url);
    return page;
  }
  const connected = async (page: Page) => {
    await page.getByText("live", { exact: true }).waitFor();
    return page;
  };
  const detail = (page: Page) => page.locator(".detail");
  const verdict = (page: Page) => detail(page).locator(".verdict");

  /** Types a name, presses Create, and waits for what comes of it. */
  async function create(page: Page, name: string, headline: RegExp): Promise<void> {
    await page.getByLabel("Thing", { exact: true }).fill(name);
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await detail(page)
      .getByRole("heading", { name: `iot:CreateThing thing/${name}` })
      .waitFor();
    await verdict(page).filter({ hasText: headline }).waitFor();
  }
  const stations = (page: Page) =>
    page.locator(".hop").evaluateAll((hops) => hops.map((hop) => hop.getAttribute("class")));

  it("takes the token out of the address, keeps it for a reload, and is live", async () => {
    const page = await connected(await open());
    expect(page.url()).to.equal(`${running.endpoint.url}/_page/`);
    await page.reload();
    await connected(page);
    expect(await page.context().cookies()).to.deep.equal([]);
  });

  it("makes no story of what a deployment does, such as trying the roles of its rules", async () => {
    expect(running.cloud.trace.since().some(({ name, parentId }) => name === "AssumeRole" && parentId)).to.equal(true);
    const page = await connected(await open());
    // Told after the past.
    await page.locator(".queue", { hasText: "receive-rule-dead-letters" }).waitFor();
    expect(await page.locator(".story").allTextContents()).to.deep.equal([]);
  });

  it("shows a thing crossing: seven stations, the message, principals, statements and logs", async () => {
    const page = await connected(await open());
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
    const page = await connected(await open());
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
    const page = await connected(await open(undefined, { reducedMotion: "no-preference" }));
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
    const calm = await connected(await open());
    await calm.locator(".hop.receive.ok").waitFor();
    expect(await calm.evaluate(() => document.getAnimations().length)).to.equal(0);
  });

  it("updates and deletes a thing by its buttons, and both cross", async () => {
    const page = await connected(await open());
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

  it("breaks a permission: says why nothing arrives and where, keeps the letter, and mends it", async () => {
    const page = await connected(await open());
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
    const page = await connected(await open());
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
    const page = await connected(await open());
    const before = running.cloud.clock.now();
    const answered = page.waitForResponse((response) => response.url().endsWith("/actions"));
    await page.getByRole("button", { name: "1 hour" }).click();
    expect((await answered).status()).to.equal(204);
    expect(running.cloud.clock.now() - before).to.be.at.least(3_600_000);
  });

  it("shows what AWS refuses in its words", async () => {
    const page = await connected(await open());
    await page.getByLabel("Thing", { exact: true }).fill("no name");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "InvalidRequestException" }).waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    expect(await page.getByRole("alert").count()).to.equal(0);
  });

  it("shows tables with what is in them", async () => {
    const dynamodb = new DynamoDB(running.config(PARTNER));
    await dynamodb.createTable({
      TableName: "devices",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "subject", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "subject", KeyType: "HASH" }],
    });
    await dynamodb.putItem({ TableName: "devices", Item: { subject: { S: "lamp" }, version: { N: "7" } } });
    const page = await connected(await open());
    const row = page.getByRole("region", { name: "Items of devices" }).getByRole("row", { name: "lamp 7" });
    await row.waitFor();
  });

  it("shows markup in names, topics, payloads, letters and items as text, and runs none of it", async () => {
    const evil = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>\u202e`;
    await new IoTDataPlane(running.config(PARTNER)).publish({
      topic: `debug/${evil.slice(0, 40)}`,
      payload: Buffer.from(JSON.stringify({ thingName: evil, [evil]: evil })),
    });
    const sqs = new SQS(running.config(PARTNER));
    const { QueueUrl } = await sqs.createQueue({ QueueName: "evil" });
    const MessageAttributes = { why: { DataType: "String", StringValue: evil } };
    await sqs.sendMessage({ QueueUrl, MessageBody: evil, MessageAttributes });
    const dynamodb = new DynamoDB(running.config(PARTNER));
    await dynamodb.putItem({ TableName: "devices", Item: { subject: { S: evil }, [evil]: { S: evil } } });
    const page = await connected(await open());
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
    const page = await connected(await open());
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
    const without = await open(`${running.endpoint.url}/_page/`);
    await without.getByText("This page opens with the URL that the terminal shows").waitFor();
    const wrong = await open(`${running.endpoint.url}/_page/#wrong`);
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
    const { page } = running;
    const things = async () => (await (await running.control("GET", "usage")).json()) as object;
    const before = await things();
    // Their complaints, such as that of an icon that is refused too, may come at any time: nobody listens to them.
    const stranger = await openUnheard(`http://127.0.0.1:${port}/`);
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
      { url: `${running.endpoint.url}/_page/`, key: new URL(page.url).hash.slice(1) },
    );
    expect(tries).to.include({ events: "refused", files: "refused", action: "refused", frame: "out of reach" });
    expect(await things()).to.deep.equal(before);
    const rebound = await openUnheard(page.url.replace("127.0.0.1", "rebound.example"));
    expect(await rebound.locator("body").textContent()).to.contain('not as "rebound.example');
    other.closeAllConnections();
    other.close();
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
      const page = await connected(await open(undefined, { viewport: NARROW }));
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

  for (const [name, viewport] of [
    ["1280", WIDE],
    ["390", NARROW],
  ] as const)
    for (const colorScheme of ["light", "dark"] as const)
      it(`is accessible and fits at ${name} pixels, ${colorScheme}`, async () => {
        const page = await connected(await open(undefined, { viewport, colorScheme }));
        await page.locator(".story", { hasText: "Not arrived" }).first().click();
        await detail(page).locator(".why").waitFor();
        await page.evaluate(SNIFFER);
        expect(await page.evaluate<string[]>(ERRORS)).to.deep.equal([]);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width).to.be.at.most(viewport.width);
      });

  it("is used by keyboard alone: a thing is created, its story is chosen, and each focus is seen", async () => {
    const page = await connected(await open());
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
    await tabTo(({ text }) => text.includes("CreateThing mended"));
    await page.keyboard.press("Enter");
    await detail(page).getByRole("heading", { name: "iot:CreateThing thing/mended" }).waitFor();
  });

  it("says when the cloud is gone, and comes back by itself with what happened meanwhile", async () => {
    const cloud = new EmbeddedAws(SERVICES);
    const own = pageOf(cloud);
    const first = await listen(cloud, 0, own);
    const page = await connected(await open(own.url));
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
