// All checks of one side, or of both, and what they found.
import type { Account } from "./account.ts";
import { alarms } from "./checks/alarms.ts";
import { basicIngest, contract, endpoint, operations, regions, trust } from "./checks/both.ts";
import { liveFunction, logGroup, permission } from "./checks/function.ts";
import { dataEndpoint, registry, senderCheck } from "./checks/partner.ts";
import { devices, identities } from "./checks/publishers.ts";
import { type Whose, publishRoles } from "./checks/publish-roles.ts";
import { queues } from "./checks/queues.ts";
import { concurrency, roles } from "./checks/quotas.ts";
import { registryEvents } from "./checks/registry-events.ts";
import { eventRule } from "./checks/event-rule.ts";
import { announceRole, receiveRole, reconcileRole } from "./checks/role.ts";
import { otherTopicRules, topicRule } from "./checks/topic-rule.ts";
import { trail } from "./checks/trail.ts";
import { MisconfiguredFunction } from "../../shared/lambda/variables.ts";
import { type Finding, type Found, type Report, type Unseen, worstFirst } from "./finding.ts";
import type { DeployedFunction } from "./functions.ts";
import { NotSeen } from "./look.ts";
import type { Side } from "../sides.ts";

type Check<S extends Side> = (account: Account<S>) => AsyncGenerator<Found | NotSeen>;
type FunctionCheck<S extends Side> = (account: Account<S>, of: DeployedFunction) => AsyncGenerator<Found | NotSeen>;
type PairCheck = (customer: Account<"customer">, partner: Account<"partner">) => AsyncGenerator<Found | NotSeen>;

const OF_EACH: readonly Check<Side>[] = [alarms, concurrency];
const OF_FUNCTION: readonly FunctionCheck<Side>[] = [liveFunction, permission, logGroup, queues];
const OF_CUSTOMER: readonly Check<"customer">[] = [trail, registryEvents, announceRole, reconcileRole];
const OF_CUSTOMERS_FUNCTION: readonly FunctionCheck<"customer">[] = [eventRule];
const OF_PARTNER: readonly Check<"partner">[] = [
  ...[topicRule, otherTopicRules, receiveRole, dataEndpoint, registry, senderCheck],
  ...[devices, identities, roles],
];
const OF_PAIR: readonly PairCheck[] = [contract, trust, operations, regions, endpoint, basicIngest];

/** What the other side alone can tell, where it isn't at hand. */
const ELSEWHERE: Readonly<Record<Side, string>> = {
  customer: "the partner's side: whether its role trusts this customer's, and its rule takes what is published",
  partner: "the customers' sides: whether their trails log, and their functions assume the roles",
};

export interface Examined {
  readonly customer?: Account<"customer"> | undefined;
  readonly partner?: Account<"partner"> | undefined;
  /** Default: some of all. */
  readonly whose?: Whose;
}

/** @param progress told of each check that came to an end */
export async function examine(
  { customer, partner, whose = {} }: Examined,
  progress: (done: number, of: number) => void,
): Promise<Report> {
  const checks: (readonly [Side, AsyncGenerator<Found | NotSeen>])[] = [];
  const add = (side: Side, ...made: AsyncGenerator<Found | NotSeen>[]) => {
    checks.push(...made.map((check) => [side, check] as const));
  };
  if (customer) {
    add("customer", ...[...OF_CUSTOMER, ...OF_EACH].map((check) => check(customer)));
    for (const of of customer.functions)
      add("customer", ...[...OF_CUSTOMERS_FUNCTION, ...OF_FUNCTION].map((check) => check(customer, of)));
  }
  if (partner) {
    add("partner", publishRoles(partner, whose));
    add("partner", ...[...OF_PARTNER, ...OF_EACH].map((check) => check(partner)));
    for (const of of partner.functions) add("partner", ...OF_FUNCTION.map((check) => check(partner, of)));
  }
  if (customer && partner) add("customer", ...OF_PAIR.map((check) => check(customer, partner)));

  const findings: Finding[] = [];
  const unseen: Unseen[] = [];
  for (const [index, [side, check]] of checks.entries()) {
    for await (const one of outcomes(check)) {
      if (one instanceof NotSeen) {
        const { what, needed, message: because } = one;
        // What several checks need is missed once.
        if (!unseen.some((other) => other.side === side && other.what === what && other.needed === needed))
          unseen.push({ side, what, needed, because });
      } else findings.push({ side, ...one });
    }
    progress(index + 1, checks.length);
  }
  for (const side of ["customer", "partner"] as const)
    if ((side === "customer" ? customer : partner) && !(customer && partner))
      unseen.push({ side, what: ELSEWHERE[side], needed: "hooks doctor both", because: "only one side was asked for" });
  return { findings: worstFirst(findings), unseen, checks: checks.length };
}

/** A check ends where it can't look any further; what it found until then counts. */
async function* outcomes(check: AsyncGenerator<Found | NotSeen>): AsyncGenerator<Found | NotSeen> {
  try {
    yield* check;
  } catch (error) {
    if (error instanceof NotSeen) yield error;
    // Another check's finding.
    else if (!(error instanceof MisconfiguredFunction)) throw error;
  }
}
