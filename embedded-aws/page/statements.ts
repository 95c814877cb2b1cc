// Takes a statement out of a policy, and gives it back: by the calls with which an operator would do either.
import type { EmbeddedAws } from "../core/cloud.ts";
import { iam, lambda } from "./clients.ts";
import { Refused } from "./refused.ts";
import type { StatementView, TakenView } from "./client/view.ts";

interface Statement {
  readonly Sid?: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly [element: string]: unknown;
}
interface Document {
  readonly Statement: Statement | readonly Statement[];
  readonly [element: string]: unknown;
}
type GiveBack = () => Promise<void>;

/** Where a statement stands that the trace names by its Sid or as `#1`. */
function split(text: string, { statement, policy }: StatementView) {
  const document = JSON.parse(text) as Document;
  const statements = [document.Statement].flat() as readonly Statement[];
  const at = statements.findIndex(({ Sid }, index) => (Sid ?? `#${index + 1}`) === statement);
  const found = statements[at];
  if (!found) throw new Refused(`The ${policy} has no statement ${statement} any more.`);
  return { document, statements, at, found };
}
const written = (document: Document, statements: readonly Statement[]): string =>
  JSON.stringify({ ...document, Statement: statements });

/** Puts a statement back to where it was, into what the policy holds by now. */
function putBack(text: string, at: number, statement: Statement): string {
  const document = JSON.parse(text) as Document;
  const statements = [document.Statement].flat() as readonly Statement[];
  return written(document, statements.toSpliced(at, 0, statement));
}

async function takeInline(cloud: EmbeddedAws, of: StatementView, name: string, role: string): Promise<GiveBack> {
  const client = await iam(cloud, of.account);
  const at = { RoleName: role, PolicyName: name };
  const read = async () => decodeURIComponent((await client.getRolePolicy(at)).PolicyDocument ?? "");
  const text = await read();
  const { document, statements, at: index, found } = split(text, of);
  const rest = statements.toSpliced(index, 1);
  if (rest.length === 0) {
    await client.deleteRolePolicy(at);
    return async () => {
      await client.putRolePolicy({ ...at, PolicyDocument: text });
    };
  }
  await client.putRolePolicy({ ...at, PolicyDocument: written(document, rest) });
  return async () => {
    await client.putRolePolicy({ ...at, PolicyDocument: putBack(await read(), index, found) });
  };
}

/**
 * A role can't be without a trust policy («Statement is required»): its statement gets a condition that nobody meets.
 */
async function spoilTrust(cloud: EmbeddedAws, of: StatementView, role: string): Promise<GiveBack> {
  const client = await iam(cloud, of.account);
  const { Role } = await client.getRole({ RoleName: role });
  const before = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
  const { document, statements, at, found } = split(before, of);
  const condition = { ...found.Condition, StringLike: { ...found.Condition?.StringLike, "sts:ExternalId": "nobody" } };
  const spoilt = written(document, statements.with(at, { ...found, Condition: condition }));
  await client.updateAssumeRolePolicy({ RoleName: role, PolicyDocument: spoilt });
  return async () => {
    await client.updateAssumeRolePolicy({ RoleName: role, PolicyDocument: before });
  };
}

async function takeFromFunction(cloud: EmbeddedAws, of: StatementView, name: string): Promise<GiveBack> {
  const [functionName = "", Qualifier] = name.split(":");
  const client = await lambda(cloud, of.account);
  const at = { FunctionName: functionName, Qualifier };
  const { Policy = "" } = await client.getPolicy(at);
  const { found } = split(Policy, of);
  await client.removePermission({ ...at, StatementId: of.statement });
  const { Action, Principal, Condition } = found as unknown as {
    readonly Action: string;
    readonly Principal: { readonly Service?: string; readonly AWS?: string };
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
  return async () => {
    await client.addPermission({
      ...at,
      StatementId: of.statement,
      Action,
      Principal: Principal.Service ?? Principal.AWS,
      SourceArn: Condition?.ArnLike?.["AWS:SourceArn"],
      SourceAccount: Condition?.StringEquals?.["AWS:SourceAccount"],
    });
  };
}

/** The policies of which a statement can be taken, by what the trace calls them. */
const KINDS: readonly (readonly [
  RegExp,
  (cloud: EmbeddedAws, of: StatementView, ...names: string[]) => Promise<GiveBack>,
])[] = [
  [/^inline policy (\S+) of role (\S+)$/, (cloud, of, name = "", role = "") => takeInline(cloud, of, name, role)],
  [/^trust policy of role (\S+)$/, (cloud, of, role = "") => spoilTrust(cloud, of, role)],
  [/^resource policy of function (\S+)$/, (cloud, of, name = "") => takeFromFunction(cloud, of, name)],
];

/** The statements that were taken and not given back yet. */
export class TakenStatements {
  readonly #cloud: EmbeddedAws;
  readonly #taken = new Map<string, { readonly view: TakenView; readonly giveBack: GiveBack }>();
  #next = 1;

  constructor(cloud: EmbeddedAws) {
    this.#cloud = cloud;
  }

  get views(): TakenView[] {
    return [...this.#taken.values()].map(({ view }) => view);
  }

  /** @throws Refused for a policy that the page can't take from; what AWS answers */
  async take(statement: StatementView): Promise<void> {
    for (const [pattern, take] of KINDS) {
      const names = pattern.exec(statement.policy)?.slice(1);
      if (!names) continue;
      const giveBack = await take(this.#cloud, statement, ...names);
      const id = String(this.#next++);
      this.#taken.set(id, { view: { ...statement, id }, giveBack });
      return;
    }
    throw new Refused(`The page can't take anything from the ${statement.policy}.`);
  }

  /** @throws Refused for what was given back already; what AWS answers */
  async giveBack(id: string): Promise<void> {
    const taken = this.#taken.get(id);
    if (!taken) throw new Refused("It was given back already.");
    await taken.giveBack();
    this.#taken.delete(id);
  }
}
