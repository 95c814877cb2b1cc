// How fast a run may go: as the operator says, or by what the account has.
import type { ClientOptions } from "../access.ts";
import { NotSeen } from "../doctor/look.ts";
import { DESCRIBE_THING, type Quota, quotaOf } from "../quotas.ts";
import type { Listing } from "./listing.ts";

export interface Rates {
  /** Things a second, at most. */
  readonly things: number;
  /** Calls a second that list, at most. */
  readonly lists: number;
}

export interface AskedRates {
  readonly rate?: number;
  readonly listRate?: number;
}

/** The other half is for what is announced meanwhile, and for the account's other programs. */
const SHARE = 1 / 2;

/** @param say hears of a quota that can't be read: then AWS's default is gone by */
export async function ratesOf(
  { rate, listRate }: AskedRates,
  { perSecond }: Listing,
  client: ClientOptions,
  say: (line: string) => void,
): Promise<Rates> {
  return {
    things: rate ?? (await seenOrStandard(client, DESCRIBE_THING, say)) * SHARE,
    lists: listRate ?? (typeof perSecond === "number" ? perSecond : await seenOrStandard(client, perSecond, say)),
  };
}

async function seenOrStandard(client: ClientOptions, quota: Quota, say: (line: string) => void): Promise<number> {
  try {
    return await quotaOf(client, quota);
  } catch (error) {
    if (!(error instanceof NotSeen)) throw error;
    say(
      `Could not look at ${error.what} (${error.message}): going by AWS's default, ${quota.standard} calls a second. ` +
        `Needed: ${error.needed}.`,
    );
    return quota.standard;
  }
}
