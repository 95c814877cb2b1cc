import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { PartnerHooks } from "cross-account-iot-hooks/partner";

const config = new pulumi.Config();
const accountId = config.require("accountId");
const { region, profile } = aws.config;
const provider = new aws.Provider("partner", { allowedAccountIds: [accountId], region, profile });

// What is the partner's own: a queue, whatever reads from it, and the code in on-thing.ts that fills it.
const queue = new aws.sqs.Queue("things", { messageRetentionSeconds: 14 * 24 * 60 * 60 }, { provider });

const hooks = new PartnerHooks(
  "hooks",
  {
    customers: config.requireObject<string[]>("customerAccountIds").map((customer) => ({ accountId: customer })),
    operations: ["create_thing", "delete_thing"],
    onThing: {
      entry: "./on-thing.ts",
      environment: { QUEUE_URL: queue.url },
      policyStatements: [{ Action: ["sqs:SendMessage"], Resource: [queue.arn] }],
    },
  },
  { provider },
);

export const queueUrl = queue.url;
/** For the customers' `partnerDataEndpoint`. */
export const dataEndpoint = hooks.dataEndpoint;
