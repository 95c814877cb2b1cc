// The page of a cloud with two customers and their partner, opened in a real Chromium, and what a person does there.
import { expect } from "chai";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { RunningCloud } from "../flow/deployment.ts";
import { deployed, launch } from "./browser.ts";

export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 390, height: 844 };
/** What a browser says and nobody wants to hear: errors, and what the content security policy blocked. */
export const complaints: string[] = [];

export interface Scene {
  readonly running: RunningCloud;
  /** Nobody listens to what the browser says of it. */
  openUnheard(url: string, options?: BrowserContextOptions): Promise<Page>;
  open(url?: string, options?: BrowserContextOptions): Promise<Page>;
}

/** For all tests of a suite, which fail where the browser complains. */
export function pageInChromium(): Scene {
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
  return {
    get running() {
      return running;
    },
    openUnheard,
    async open(url = running.page.url, options = {}) {
      const page = await openUnheard("about:blank", options);
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        // A refused action is answered with 400, which Chromium calls an error.
        if (message.type() === "error" && !message.text().includes("status of 400")) complaints.push(message.text());
      });
      await page.goto(url);
      return page;
    },
  };
}

export async function connected(page: Page): Promise<Page> {
  await page.getByText("live", { exact: true }).waitFor();
  return page;
}
export const detail = (page: Page) => page.locator(".detail");
export const verdict = (page: Page) => detail(page).locator(".verdict");
export const stations = (page: Page) =>
  page.locator(".hop").evaluateAll((hops) => hops.map((hop) => hop.getAttribute("class")));

/** Types a name, presses Create, and waits for what comes of it. */
export async function create(page: Page, name: string, headline: RegExp): Promise<void> {
  await page.getByLabel("Thing", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await detail(page)
    .getByRole("heading", { name: `iot:CreateThing thing/${name}` })
    .waitFor();
  await verdict(page).filter({ hasText: headline }).waitFor();
}
