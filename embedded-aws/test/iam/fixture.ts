// IAM on a running cloud, for the tests of one file: clients of two accounts, and documents that they save.
import { IAM, type CreateRoleRequest } from "@aws-sdk/client-iam";
import { STS } from "@aws-sdk/client-sts";
import { CUSTOMER, PARTNER, startCloud, type RunningCloud } from "../cloud.ts";

export const document = (statement: object): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
export const trusting = (principal: object, condition?: object): string =>
  document({
    Effect: "Allow",
    Principal: principal,
    Action: "sts:AssumeRole",
    ...(condition ? { Condition: condition } : {}),
  });
export const allowing = (action: string, resource = "*", condition?: object): string =>
  document({ Effect: "Allow", Action: action, Resource: resource, ...(condition ? { Condition: condition } : {}) });

/** A trust policy for tests that don't care whom. */
export const LAMBDA = trusting({ Service: "lambda.amazonaws.com" });
export const BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

class IamFixture {
  readonly running: RunningCloud;
  /** The customer's administrator. */
  readonly iam: IAM;
  readonly partner: IAM;

  constructor(running: RunningCloud) {
    this.running = running;
    this.iam = new IAM(running.config(CUSTOMER));
    this.partner = new IAM(running.config(PARTNER));
  }

  createRole(RoleName: string, more: Partial<CreateRoleRequest> = {}) {
    return this.iam.createRole({ RoleName, AssumeRolePolicyDocument: LAMBDA, ...more });
  }

  /** IAM as a new role of the customer, named somebody, that may do what the policy says. */
  async somebody(policy: string, boundary?: string): Promise<IAM> {
    const { Role: role } = await this.createRole("somebody", {
      AssumeRolePolicyDocument: trusting({ AWS: CUSTOMER }),
      ...(boundary === undefined ? {} : { PermissionsBoundary: boundary }),
    });
    await this.iam.putRolePolicy({ RoleName: "somebody", PolicyName: "may", PolicyDocument: policy });
    const sts = new STS(this.running.config(CUSTOMER));
    const { Credentials: keys } = await sts.assumeRole({ RoleArn: role?.Arn, RoleSessionName: "test" });
    const {
      AccessKeyId: accessKeyId = "",
      SecretAccessKey: secretAccessKey = "",
      SessionToken: sessionToken = "",
    } = keys ?? {};
    return new IAM(this.running.config({ accessKeyId, secretAccessKey, sessionToken }));
  }
}

/** Starts a cloud for the tests around it, and empties it before each. What it returns is there once tests run. */
export function useIam(): () => IamFixture {
  let fixture: IamFixture | undefined;
  before(async () => {
    fixture = new IamFixture(await startCloud());
  });
  beforeEach(() => fixture?.running.cloud.reset());
  after(() => fixture?.running.endpoint.close());
  return () => {
    if (!fixture) throw new Error("The cloud starts with the tests: ask for it inside of one.");
    return fixture;
  };
}
