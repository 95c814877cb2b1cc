// README's picture of the page, from a real run in Chromium: `npm run pictures` writes it.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { IoT } from "@aws-sdk/client-iot";
import { CUSTOMER } from "embedded-aws/testing";
import { deployed, launch } from "../../test/page/browser.ts";

const FILE = join(import.meta.dirname, "..", "..", "docs", "pictures", "page.png");
/** A README is read over slow lines, too. */
const MOST_BYTES = 200_000;

const running = await deployed();
const browser = await launch();
try {
  const attributePayload = { attributes: { colour: "warm-white", firmware: "1.4.2" } };
  await new IoT(running.config(CUSTOMER)).createThing({ thingName: "first-lamp", attributePayload });
  await running.cloud.settled();
  const viewport = { width: 1280, height: 900 };
  const page = await browser.newPage({ viewport, reducedMotion: "reduce", colorScheme: "light" });
  await page.goto(running.page.url);
  await page.locator(".hop.receive.ok").waitFor();
  await page.locator(".verdict", { hasText: /^Arrived/ }).waitFor();
  await page.screenshot({ path: FILE });
} finally {
  await browser.close();
  await running.endpoint.close();
}
const { size } = await stat(FILE);
if (size > MOST_BYTES) throw new Error(`${FILE} has ${size} bytes, and should have at most ${MOST_BYTES}.`);
