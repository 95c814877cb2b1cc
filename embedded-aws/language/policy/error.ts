/**
 * What is wrong with a policy document. `MalformedPolicyDocument`: AWS refuses it too. `NotModelled`: AWS would take
 * it, but its effect isn't modelled here, so it is refused rather than ignored.
 */
export class PolicyError extends Error {
  readonly code: "MalformedPolicyDocument" | "NotModelled";
  constructor(code: PolicyError["code"], message: string) {
    super(message);
    this.name = "PolicyError";
    this.code = code;
  }
}

/**
 * @param sentence AWS's own words, where they are known
 * @param detail what AWS leaves out: which statement, which value. Clients that look at the beginning of the message
 *   see AWS's.
 */
export function malformed(sentence: string, detail?: string): PolicyError {
  return new PolicyError("MalformedPolicyDocument", detail === undefined ? sentence : `${sentence} ${detail}`);
}

/** A malformed document for which AWS says nothing but this. */
export function syntaxError(detail: string): PolicyError {
  return malformed("Syntax errors in policy.", detail);
}

export function notModelled(message: string): PolicyError {
  return new PolicyError("NotModelled", message);
}
