// Who there is: users, roles and their policies, and the keys that stand for them. The IAM and STS services edit this;
// authentication and authorisation read it.
import { hash, randomBytes } from "node:crypto";
import type { NamedPolicy, Principal } from "../language/policy/index.ts";
import { AWS_MANAGED_POLICIES } from "./aws-managed-policies.ts";
import type { ManagedPolicy, StoredPolicy } from "./managed-policy.ts";
import { base32, uniqueId } from "./ids.ts";
import { globalArn, type Place } from "./arn.ts";
import { stateOf, type State } from "./state.ts";

export interface Identity {
  readonly name: string;
  readonly arn: string;
  readonly uniqueId: string;
  readonly path: string;
  readonly createdAt: Date;
  readonly inline: Map<string, StoredPolicy>;
  /** ARNs of managed policies, in the order of attachment. */
  readonly attached: Set<string>;
  boundary: string | undefined;
  tags: Map<string, string>;
}
export interface Role extends Identity {
  trust: StoredPolicy;
  description: string | undefined;
  /** Seconds, 3600 to 43200. */
  maxSessionDuration: number;
  lastUsed: { at: Date; region: string } | undefined;
}
export type User = Identity;

export interface IamState {
  readonly users: Map<string, User>;
  readonly roles: Map<string, Role>;
  readonly policies: Map<string, ManagedPolicy>;
}
export const IAM = stateOf<IamState>("iam", () => ({ users: new Map(), roles: new Map(), policies: new Map() }), {
  global: true,
});

/**
 * Who calls, and where from. `source…` are set when a service calls on behalf of a resource (the confused-deputy
 * keys).
 */
export interface Caller extends Principal {
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
  readonly credential?: Credential;
}

/** A key pair that can sign. Sessions have a token, an end, and may narrow what the role allows. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
  readonly issuedAt: number;
  readonly caller: Principal;
  readonly sessionName?: string;
  readonly sessionPolicies?: readonly NamedPolicy[];
}

/** An AWS service that calls, always on behalf of a resource in an account. */
export const serviceCaller = (service: string, sourceArn: string, sourceAccount: string): Caller => ({
  kind: "service",
  arn: service,
  account: "",
  uniqueId: service,
  sourceArn,
  sourceAccount,
});

/** What decides about a role: who may be it, and what it may do. */
export type Effective = Pick<Role, "trust" | "inline" | "attached" | "boundary">;

interface Delayed {
  /** Milliseconds since 1970. */
  readonly until: number;
  /** In effect until then; undefined where there was no such role. */
  readonly before: Effective | undefined;
}

export class Identities {
  readonly #state: State;
  readonly #now: () => number;
  readonly #credentials = new Map<string, Credential>();
  /** Changes of roles that aren't in effect yet, by unique id, oldest first. */
  readonly #delayed = new Map<string, Delayed[]>();

  constructor(state: State, now: () => number) {
    this.#state = state;
    this.#now = now;
  }

  /** Lets what was there before a change of a role stay in effect for a while. */
  delay({ uniqueId }: Role, before: Effective | undefined, seconds: number): void {
    const delayed = this.#delayed.get(uniqueId) ?? [];
    this.#delayed.set(uniqueId, [...delayed, { until: this.#now() + seconds * 1000, before }]);
  }

  /** The role as it is in effect now; undefined while it isn't yet. */
  #effective(role: Role): Role | undefined {
    const left = (this.#delayed.get(role.uniqueId) ?? []).filter(({ until }) => until > this.#now());
    const [first] = left;
    if (first) this.#delayed.set(role.uniqueId, left);
    else this.#delayed.delete(role.uniqueId);
    if (!first) return role;
    return first.before && { ...role, ...first.before };
  }

  /** The key's owner, or undefined for a key that nobody has. */
  credential(accessKeyId: string): Credential | undefined {
    return this.#credentials.get(accessKeyId);
  }

  /**
   * The session that a service made for one call of its own, or undefined for a key that nobody has. Nobody will sign
   * with it, so that it is forgotten: a rule makes one for each message.
   */
  take(accessKeyId: string): Credential | undefined {
    const credential = this.#credentials.get(accessKeyId);
    this.#credentials.delete(accessKeyId);
    return credential;
  }

  iam(account: string): IamState {
    return this.#state.of(IAM, { account, region: "" });
  }

  /** A role by its ARN, wherever its account is, as it is in effect now. */
  role(roleArn: string): Role | undefined {
    const match = /^arn:[^:]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(roleArn);
    const role = match && this.iam(match[1] as string).roles.get(match[2] as string);
    return role?.arn === roleArn ? this.#effective(role) : undefined;
  }

  /** The unique id of the user or role that an ARN names today; a unique id itself where its owner is still there. */
  uniqueIdOf(arnOrId: string): string | undefined {
    return this.#find(({ arn, uniqueId }) => arn === arnOrId || uniqueId === arnOrId)?.uniqueId;
  }

  /** The ARN of the user or role with that unique id, undefined once it was deleted. */
  arnOf(uniqueId: string): string | undefined {
    return this.#find((identity) => identity.uniqueId === uniqueId)?.arn;
  }

  #find(wanted: (identity: Identity) => boolean): Identity | undefined {
    for (const { users, roles } of this.#state.all(IAM)) {
      for (const identity of [...users.values(), ...roles.values()]) if (wanted(identity)) return identity;
    }
    return undefined;
  }

  /** A managed policy that identities of the account can have: one of its own, or one of AWS's. */
  managedPolicy(account: string, arn: string): ManagedPolicy | undefined {
    return this.iam(account).policies.get(arn) ?? AWS_MANAGED_POLICIES.get(arn);
  }

  /** What the identity itself is allowed: inline and managed policies, and its boundary. Nothing for services. */
  policiesOf(principal: Principal): { identity: NamedPolicy[]; boundary?: NamedPolicy } {
    const owner = this.#owner(principal);
    if (!owner) return { identity: [] };
    const managed = (arn: string): NamedPolicy[] => {
      const policy = this.managedPolicy(principal.account, arn);
      return policy ? [{ name: `managed policy ${policy.name}`, policy: policy.policy }] : [];
    };
    const of = `${principal.kind} ${owner.name}`;
    const inline = [...owner.inline].map(([name, { policy }]) => ({ name: `inline policy ${name} of ${of}`, policy }));
    const [boundary] = owner.boundary ? managed(owner.boundary) : [];
    return { identity: [...inline, ...[...owner.attached].flatMap(managed)], ...(boundary ? { boundary } : {}) };
  }

  /** Tags of the user or role, for `aws:PrincipalTag/…`. */
  tagsOf(principal: Principal): ReadonlyMap<string, string> {
    return this.#owner(principal)?.tags ?? new Map();
  }

  #owner(principal: Principal): Identity | undefined {
    const { users, roles } = this.iam(principal.account);
    if (principal.kind === "user") return users.get(principal.arn.split("/").at(-1) ?? "");
    if (principal.kind !== "role") return undefined;
    const role = roles.get(principal.roleArn?.split("/").at(-1) ?? "");
    // A session outlives the deletion of its role, but not its permissions; a namesake made later is another role.
    return role?.uniqueId === principal.uniqueId ? this.#effective(role) : undefined;
  }

  /**
   * The administrator of an account: an IAM user who may do everything.
   * @param keys that open nothing but this loopback endpoint
   */
  addAdministrator(
    account: string,
    keys: Pick<Credential, "accessKeyId" | "secretAccessKey">,
    policy: StoredPolicy,
    now: Date,
  ): Credential {
    const place: Place = { account, region: "" };
    const name = "administrator";
    const user: User = {
      name,
      arn: globalArn("iam", place, `user/${name}`),
      // No secret: the same after a restart, for what has noted it.
      uniqueId: `AIDA${base32(hash("sha256", account, "buffer"), 17)}`,
      path: "/",
      createdAt: now,
      inline: new Map([["everything", policy]]),
      attached: new Set(),
      boundary: undefined,
      tags: new Map(),
    };
    this.iam(account).users.set(name, user);
    const credential: Credential = {
      ...keys,
      issuedAt: now.getTime(),
      caller: { kind: "user", arn: user.arn, account, uniqueId: user.uniqueId },
    };
    this.#credentials.set(credential.accessKeyId, credential);
    return credential;
  }

  /** Keys for a session of a role. Expired ones are dropped here, so that years of sessions don't pile up. */
  addSession(
    role: Role,
    options: Omit<Credential, "accessKeyId" | "secretAccessKey" | "sessionToken" | "caller"> & {
      readonly sessionName: string;
    },
  ): Credential {
    const [, partition = "", , , account = ""] = role.arn.split(":");
    const credential: Credential = {
      ...options,
      accessKeyId: uniqueId("ASIA"),
      secretAccessKey: randomBytes(30).toString("base64"),
      sessionToken: randomBytes(180).toString("base64"),
      caller: {
        kind: "role",
        arn: `arn:${partition}:sts::${account}:assumed-role/${role.name}/${options.sessionName}`,
        account,
        uniqueId: role.uniqueId,
        roleArn: role.arn,
      },
    };
    for (const [key, other] of this.#credentials) {
      // A day after its end nobody waits for «expired» any more; insertion order keeps this short.
      if (other.expiresAt === undefined) continue;
      if (other.expiresAt > options.issuedAt - 86_400_000) break;
      this.#credentials.delete(key);
    }
    this.#credentials.set(credential.accessKeyId, credential);
    return credential;
  }

  clear(): void {
    this.#credentials.clear();
    this.#delayed.clear();
  }
}
