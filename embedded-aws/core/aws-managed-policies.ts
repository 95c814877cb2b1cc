// The policies that AWS itself keeps in every account, as far as modelled: «AWS managed policy reference guide». One
// more is one more row.
import { parsePolicy } from "../language/policy/index.ts";
import type { ManagedPolicy } from "./managed-policy.ts";

interface Row {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly description: string;
  readonly created: string;
  readonly statement: object;
}

const ROWS: readonly Row[] = [
  {
    name: "AWSLambdaBasicExecutionRole",
    path: "/service-role/",
    id: "ANPAJNCQGXC42545SKXIK",
    description: "Provides write permissions to CloudWatch Logs.",
    created: "2015-04-09T15:03:43Z",
    statement: {
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      // AWS's own text: it can't know the names of anybody's log groups.
      Resource: "*",
    },
  },
  {
    name: "AdministratorAccess",
    path: "/",
    id: "ANPAIWMBCKSKIEE64ZLYK",
    description: "Provides full access to AWS services and resources.",
    created: "2015-02-06T18:39:46Z",
    // AWS's own text: that is what the policy is for.
    statement: { Effect: "Allow", Action: "*", Resource: "*" },
  },
];

/** By ARN. They are the same in all accounts, and nobody can change them. */
export const AWS_MANAGED_POLICIES: ReadonlyMap<string, ManagedPolicy> = new Map(
  ROWS.map(({ name, path, id, description, created, statement }) => {
    const text = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const policy = parsePolicy(text, "identity");
    const arn = `arn:aws:iam::aws:policy${path}${name}`;
    return [arn, { name, id, arn, path, description, createdAt: new Date(created), tags: new Map(), text, policy }];
  }),
);
