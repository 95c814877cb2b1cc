import type { AuthorizationRequest, Decision, Participant, Side } from "./decision.ts";
import type { Statement } from "./document.ts";
import { explainMissing } from "./explain.ts";
import type { Reach } from "./principal.ts";
import { applies } from "./statement.ts";
import type { Asked } from "./statement.ts";
import type { Context } from "./variables.ts";

interface Applying extends Participant {
  readonly statement: Statement;
  readonly reach: Reach | "own";
}

/**
 * Whether a request is allowed. "Policy evaluation logic", "How AWS enforcement code logic evaluates requests to
 * allow or deny access", "Cross-account policy evaluation logic". Organisations' policies aren't modelled. Never
 * throws.
 */
export function authorize(request: AuthorizationRequest): Decision {
  const asked: Asked = {
    principal: request.principal,
    action: request.action,
    resource: request.resource,
    context: contextOf(request.context),
    bounded: request.boundary !== undefined,
  };
  const participants = participantsOf(request);
  const applying = participants.flatMap((participant) => applyingStatements(participant, asked));
  const denying = applying.filter(({ statement }) => statement.effect === "Deny");
  if (denying.length > 0) return { allowed: false, effect: "explicitDeny", by: denying.map(decider), missing: [] };

  const verdict = decide(request, applying);
  if (verdict.missing.length === 0) {
    return { allowed: true, effect: "allow", by: verdict.by.map(decider), missing: [] };
  }
  const missing = verdict.missing.map((side) => explainMissing(side, request, participants, asked));
  return { allowed: false, effect: "implicitDeny", by: [], missing };
}

/** Made when the first condition or variable looks into it: most requests meet none. */
function contextOf(given: AuthorizationRequest["context"]): Context {
  let values: Map<string, readonly string[]> | undefined;
  return {
    get(key) {
      values ??= new Map(
        Object.entries(given).map(([name, value]) => [name.toLowerCase(), typeof value === "string" ? [value] : value]),
      );
      return values.get(key);
    },
  };
}

function participantsOf({ identity, boundary, session = [], resourcePolicy }: AuthorizationRequest): Participant[] {
  return [
    ...identity.map((named) => ({ ...named, side: "identity" as const })),
    ...(boundary === undefined ? [] : [{ ...boundary, side: "boundary" as const }]),
    ...session.map((named) => ({ ...named, side: "session" as const })),
    ...(resourcePolicy === undefined ? [] : [{ ...resourcePolicy, side: resourcePolicy.kind }]),
  ];
}

function applyingStatements(participant: Participant, asked: Asked): Applying[] {
  return participant.policy.statements.flatMap((statement) => {
    const reach = applies(statement, asked);
    return reach === undefined ? [] : [{ ...participant, statement, reach }];
  });
}

const decider = ({ side, name, statement }: Applying) => ({ side, policy: name, statement: statement.label });

/** Nothing missing: allowed, by those statements. */
interface Verdict {
  readonly by: readonly Applying[];
  readonly missing: readonly Side[];
}

function decide(request: AuthorizationRequest, allowing: readonly Applying[]): Verdict {
  const { principal, resourceAccount } = request;
  const first = (...sides: Side[]) => allowing.find(({ side }) => sides.includes(side));
  const widest = (["direct", "role", "account"] as const)
    .map((reach) => allowing.find((applying) => applying.reach === reach))
    .find((applying) => applying !== undefined);
  const resourceSide = isTrust(request) ? "trust" : "resource";
  const ofResource: Verdict = { by: found(widest), missing: widest === undefined ? [resourceSide] : [] };
  // Services, and who comes from an identity provider, have no policies of their own.
  if (principal.kind === "service" || principal.kind === "federated") return ofResource;

  const own = first("identity");
  // The root user needs no policy in its own account: "AWS account root user".
  const ofIdentity: Verdict = {
    by: found(own),
    missing: own === undefined && principal.kind !== "account" ? ["identity"] : [],
  };
  const limits = both(
    limit("boundary", request.boundary !== undefined, first("boundary")),
    limit("session", (request.session ?? []).length > 0, first("session")),
  );
  if (principal.account !== resourceAccount) return both(both(ofIdentity, limits), ofResource);

  // Within an account: who is named directly, or as everyone, is let in by the resource's policy alone, and no
  // boundary or session policy limits it; a role named by its ARN is let in within these limits.
  if (widest?.reach === "direct") return ofResource;
  if (widest?.reach === "role") return both(limits, ofResource);
  // A role can't be assumed without its trust policy; any other policy of a resource is one way of two.
  return both(both(ofIdentity, limits), resourceSide === "trust" ? ofResource : { by: [], missing: [] });
}

/**
 * AssumeRole and its kin are decided at the role, whether or not the caller of this function found its trust policy.
 */
function isTrust({ action, resourcePolicy }: AuthorizationRequest): boolean {
  return resourcePolicy?.kind === "trust" || /^sts:AssumeRole/i.test(action);
}

function limit(side: Side, present: boolean, allowing: Applying | undefined): Verdict {
  return { by: found(allowing), missing: present && allowing === undefined ? [side] : [] };
}

function found(applying: Applying | undefined): Applying[] {
  return applying === undefined ? [] : [applying];
}

function both(one: Verdict, other: Verdict): Verdict {
  return { by: [...one.by, ...other.by], missing: [...one.missing, ...other.missing] };
}
