/** A resource as a program declares it: mocks record it, and the engine shows it to the pack. */
export interface Resource {
  /** Pulumi's type token, for example `aws:iam/role:Role`. */
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  /** Inputs, by Pulumi's names. */
  readonly props: Readonly<Record<string, unknown>>;
}

/** What a rule finds that looks at all resources of a stack. */
export interface Found {
  readonly resource: Resource;
  readonly message: string;
}

export interface StackRule {
  readonly name: string;
  readonly description: string;
  readonly check: (resources: readonly Resource[]) => readonly Found[];
}

export interface Rule {
  /** In the pack and in its messages: lower case, with hyphens. */
  readonly name: string;
  readonly description: string;
  /**
   * A sentence per violation: what is wrong, with which value, what to do. Throws for a policy document that isn't
   * JSON.
   */
  readonly check: (resource: Resource) => readonly string[];
}
