// Names of the things that are registered, a page at a time.
import { type IoTClient, ListThingsCommand } from "@aws-sdk/client-iot";

export interface ThingPage {
  readonly things: readonly string[];
  /** Of the next page; undefined at the end. */
  readonly next: string | undefined;
}

/** @param token of the page; undefined for the first. Throws what AWS says. */
export type ThingPages = (token: string | undefined) => Promise<ThingPage>;

/** AWS IoT API Reference, ListThings: as many as a page can have. */
export const THINGS_PER_PAGE = 250;

/** «AWS IoT Core endpoints and quotas», ListThings: calls a second, by default (L-57AAC135). */
export const PAGES_PER_SECOND = 10;

export const allThings =
  (iot: IoTClient, thingTypeName?: string): ThingPages =>
  async (nextToken) => {
    const { things, nextToken: next } = await iot.send(
      new ListThingsCommand({ maxResults: THINGS_PER_PAGE, nextToken, thingTypeName }),
    );
    return { things: things?.flatMap(({ thingName }) => thingName ?? []) ?? [], next };
  };
