// What doctor says.
import type { Side } from "../sides.ts";

/**
 * - broken: nothing arrives, or something is lost.
 * - risk: it works, and somebody should know why it may not tomorrow, or who could abuse it.
 * - note: worth knowing; nothing has to be done.
 */
export type Severity = "broken" | "risk" | "note";

const SEVERITIES: readonly Severity[] = ["broken", "risk", "note"];
export const worstFirst = <F extends { readonly severity: Severity }>(findings: readonly F[]): F[] =>
  SEVERITIES.flatMap((of) => findings.filter(({ severity }) => severity === of));

/** What a check found. */
export interface Found {
  /** Stays the same from release to release: `rule.disabled`. */
  readonly id: string;
  readonly severity: Severity;
  readonly what: string;
  readonly why: string;
  /** The command that mends it, or what to do where no single one does. */
  readonly mend: string;
}

export interface Finding extends Found {
  readonly side: Side;
}

/** Something that could not be looked at: no finding about it means nothing. */
export interface Unseen {
  readonly side: Side;
  readonly what: string;
  /** What the operator lacks, or would have to be. */
  readonly needed: string;
  readonly because: string;
}

export interface Report {
  readonly findings: readonly Finding[];
  readonly unseen: readonly Unseen[];
  /** How many checks came to an end. */
  readonly checks: number;
}

/** For what no single AWS call brings back. */
export const REDEPLOY = "pulumi up --refresh   (in the stack's project; or deploy its template or module again)";
