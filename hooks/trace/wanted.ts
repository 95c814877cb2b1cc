// What is looked for: a thing, an event, or what may be either.
import { REGISTRY_NAME } from "../../shared/contract/names.ts";
import type { About } from "../letters/about.ts";
import { type LogLine, accountIn, textIn } from "../logs/line.ts";
import { UserError } from "../user-error.ts";

export interface Wanted {
  /** As it was typed. */
  readonly text: string;
  /** A thing's (group's, type's) name; undefined where only an event is looked for. */
  readonly name: string | undefined;
  /** `thing/lamp`, where an ARN said what it is. */
  readonly about: string | undefined;
  /** The customer's account, where it is known: things of several customers may have one name. */
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  /** Ids of events that it is known to be in; grows while logs are read. */
  readonly eventIds: Set<string>;
}

const ARN = /^arn:[\w-]+:iot:([\w-]+):(\d{12}):((?:thing|thinggroup|thingtype|billinggroup)\/([\w:-]+))$/;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
/** Backfill's event ids: `sync:<ARN>:<version>`. */
const SYNC = /^sync:(arn:.+):\d+$/;

/** @param customer account of the one that is meant. @throws UserError for what can be neither, or is another's */
export function readWanted(text: string, customer?: string): Wanted {
  const synced = SYNC.exec(text)?.[1];
  const [, region, accountId, about, name] = ARN.exec(synced ?? text) ?? [];
  const eventIds = new Set(synced !== undefined || UUID.test(text) ? [text] : []);
  if (accountId !== undefined && customer !== undefined && accountId !== customer)
    throw new UserError(`${text} is of account ${accountId}, and not of the customer ${customer}: leave out one.`);
  if (about !== undefined) return { text, name, about, accountId, region, eventIds };
  if (!REGISTRY_NAME.test(text))
    throw new UserError(`"${text}" is neither the name or the ARN of a thing, a group or a type, nor an event's id.`);
  // Names are often UUIDs, too.
  return { text, name: text, about: undefined, accountId: customer, region: undefined, eventIds };
}

/**
 * The same, of the customer whose side is there, if one is. @throws UserError where the customer's side that is there
 * is another's
 */
export function ofCustomer(wanted: Wanted, customerId: string | undefined): Wanted {
  const { text, accountId = customerId } = wanted;
  if (customerId !== undefined && accountId !== customerId)
    throw new UserError(
      `${text} is looked for in account ${accountId ?? ""}, but the customer's side that is there is of ${customerId}: ` +
        "give that customer's, or --only partner.",
    );
  return { ...wanted, accountId };
}

/** @throws UserError where it is of several customers: their stories are none */
export function checkWhose({ text, accountId }: Wanted, accounts: readonly string[]): void {
  if (accountId !== undefined || accounts.length < 2) return;
  throw new UserError(
    `Several customers have something named ${text}: ${accounts.join(", ")}. Choose one with --customer ACCOUNT, ` +
      "or give its ARN or an event's id.",
  );
}

/** Texts that lines about it have. */
export const termsOf = ({ name, eventIds }: Wanted): string[] => [
  ...new Set([...(name === undefined ? [] : [name]), ...eventIds]),
];

/**
 * Whether something is about what is wanted. Whoever writes a message chooses its event's id: whose it is comes first.
 */
export function isWanted(wanted: Wanted, { about, eventId, accountId }: About): boolean {
  if (isAnothers(wanted, accountId)) return false;
  if (eventId !== undefined && wanted.eventIds.has(eventId)) return true;
  if (about === undefined || wanted.name === undefined) return false;
  return wanted.about === undefined ? about.slice(about.indexOf("/") + 1) === wanted.name : about === wanted.about;
}

const isAnothers = (wanted: Wanted, accountId: string | undefined): boolean =>
  wanted.accountId !== undefined && accountId !== undefined && accountId !== wanted.accountId;

/** @param customerId of the customer whose log it is; undefined in the partner's, where lines say it */
export function isWantedLine(wanted: Wanted, line: LogLine, customerId: string | undefined): boolean {
  if (line.kind !== "outcome") return false;
  const accountId = customerId ?? accountIn(line);
  const of: About = { about: textIn(line, "about"), eventId: textIn(line, "eventId"), accountId };
  if (isWanted(wanted, of)) return true;
  return textIn(line, "outcome") === "rejected" && !isAnothers(wanted, accountId) && claims(wanted, line);
}

/** A rejected message's own words, which nobody has checked: the beginning of them is in the line. */
const claims = ({ name }: Wanted, line: LogLine): boolean =>
  name !== undefined && (textIn(line, "payload")?.includes(`Name":"${name}"`) ?? false);
