// What services say to requests that they can't trust or have no time for: each protocol has words of its own.
import { expect } from "chai";
import { CloudTrail } from "@aws-sdk/client-cloudtrail";
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { Lambda } from "@aws-sdk/client-lambda";
import { S3 } from "@aws-sdk/client-s3";
import { ServiceQuotas } from "@aws-sdk/client-service-quotas";
import { SQS } from "@aws-sdk/client-sqs";
import { STS } from "@aws-sdk/client-sts";
import { CUSTOMER, startCloud, type ClientConfig, type RunningCloud } from "./cloud.ts";
import { assumeWith } from "./roles.ts";

type Config = ClientConfig & { readonly systemClockOffset?: number };
type Answer = readonly [code: string, status: number];
interface Row {
  readonly ask: (config: Config) => Promise<unknown>;
  readonly unknownKey: Answer;
  readonly badToken: Answer;
  readonly expiredToken: Answer;
  readonly wrongSecret: Answer;
  readonly skewed: Answer;
  readonly throttled: Answer;
  readonly denied: Answer;
}

const query = {
  unknownKey: ["InvalidClientTokenId", 403],
  badToken: ["InvalidClientTokenId", 403],
  expiredToken: ["ExpiredToken", 403],
  wrongSecret: ["SignatureDoesNotMatch", 403],
  skewed: ["SignatureDoesNotMatch", 403],
  throttled: ["Throttling", 400],
  denied: ["AccessDenied", 403],
} as const;
const json = (status: number) =>
  ({
    unknownKey: ["UnrecognizedClientException", status],
    badToken: ["UnrecognizedClientException", status],
    expiredToken: ["ExpiredTokenException", status],
    wrongSecret: ["InvalidSignatureException", status],
    skewed: ["InvalidSignatureException", status],
    throttled: ["ThrottlingException", 400],
    denied: ["AccessDeniedException", status],
  }) as const;
const forbidden = ["ForbiddenException", 403] as const;

const ROWS: Readonly<Record<string, Row>> = {
  sts: { ...query, ask: (config) => new STS(config).getCallerIdentity({}) },
  iam: { ...query, ask: (config) => new IAM(config).listRoles({}) },
  sqs: { ...query, throttled: ["RequestThrottled", 403], ask: (config) => new SQS(config).listQueues({}) },
  cloudwatch: { ...query, ask: (config) => new CloudWatch(config).describeAlarms({}) },
  iot: { ...json(403), ask: (config) => new IoT(config).listThings({}) },
  iotdata: {
    ...json(403),
    unknownKey: forbidden,
    badToken: forbidden,
    expiredToken: forbidden,
    wrongSecret: forbidden,
    skewed: forbidden,
    throttled: ["ThrottlingException", 429],
    denied: forbidden,
    ask: (config) => new IoTDataPlane(config).publish({ topic: "a" }),
  },
  lambda: {
    ...json(403),
    throttled: ["TooManyRequestsException", 429],
    ask: (config) => new Lambda(config).listFunctions({}),
  },
  events: { ...json(400), ask: (config) => new EventBridge(config).listRules({}) },
  logs: { ...json(400), ask: (config) => new CloudWatchLogs(config).describeLogGroups({}) },
  cloudtrail: {
    ...json(400),
    throttled: ["ThrottlingException", 429],
    ask: (config) => new CloudTrail(config).describeTrails({}),
  },
  servicequotas: {
    ...json(400),
    throttled: ["TooManyRequestsException", 429],
    ask: (config) => new ServiceQuotas(config).getServiceQuota({ ServiceCode: "iam", QuotaCode: "L-FE177D64" }),
  },
  dynamodb: { ...json(400), ask: (config) => new DynamoDB(config).listTables({}) },
  s3: {
    unknownKey: ["InvalidAccessKeyId", 403],
    badToken: ["InvalidToken", 400],
    expiredToken: ["ExpiredToken", 400],
    wrongSecret: ["SignatureDoesNotMatch", 403],
    skewed: ["RequestTimeTooSkewed", 403],
    throttled: ["SlowDown", 503],
    denied: ["AccessDenied", 403],
    ask: (config) => new S3({ ...config, forcePathStyle: true }).listBuckets({}),
  },
};

async function refusal(answer: Promise<unknown>): Promise<Answer> {
  try {
    await answer;
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return [name, $metadata?.httpStatusCode ?? 0];
  }
  throw new Error("The call was expected to be refused, and was not.");
}

describe("what a service answers to a request that it can't trust", () => {
  let running: RunningCloud;
  let session: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
  let expired: typeof session;
  before(async () => {
    running = await startCloud();
    expired = await assumeWith(running, CUSTOMER, [{ Effect: "Allow", Action: "*", Resource: "*" }]);
    await running.cloud.advance(3_600_000);
    session = await new STS(running.config(CUSTOMER))
      .assumeRole({ RoleArn: `arn:aws:iam::${CUSTOMER}:role/limited`, RoleSessionName: "test" })
      .then(({ Credentials: { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = {} }) => ({
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
      }));
  });
  after(() => running.endpoint.close());

  for (const [service, row] of Object.entries(ROWS)) {
    it(`${service}: to an unknown key, a tampered or expired token, a wrong secret, a wrong clock`, async () => {
      const ask = (who: typeof session) => row.ask(running.config(who));
      await ask(session);
      expect(await refusal(ask({ ...session, accessKeyId: "AKIANOBODYHASTHISKEY" }))).to.deep.equal(row.unknownKey);
      expect(await refusal(ask({ ...session, sessionToken: `${session.sessionToken}x` }))).to.deep.equal(row.badToken);
      expect(await refusal(ask(expired))).to.deep.equal(row.expiredToken);
      expect(await refusal(ask({ ...session, secretAccessKey: "another" }))).to.deep.equal(row.wrongSecret);
      // Neither by the machine's clock nor by the cloud's, which is an hour ahead.
      const late = row.ask({ ...running.config(session), systemClockOffset: -6 * 60_000 });
      expect(await refusal(late)).to.deep.equal(row.skewed);
    });

    it(`${service}: to a call that a fault throttles or denies`, async () => {
      for (const [fault, answer] of [
        ["throttle", row.throttled],
        ["deny", row.denied],
      ] as const) {
        running.cloud.faults.set([{ service, operation: "*", fault, times: 1 }]);
        expect(await refusal(row.ask(running.config(CUSTOMER)))).to.deep.equal(answer);
      }
    });
  }
});
