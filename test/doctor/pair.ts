// What only shows with both sides: they don't mean each other.
import { CUSTOMER, PARTNER } from "../flow/deployment.ts";
import { CUSTOMERS_ACCOUNT, PUBLISH_ROLE, TRUSTED_ROLE, trusting } from "./partner.ts";
import type { Breakage } from "./scene.ts";

const variables = (finds: string, broken: string, changes: Readonly<Record<string, string>>): Breakage => ({
  finds: [`customer ${finds}`],
  broken,
  break: (scene) => scene.withVariables("customer", changes),
});

export const PAIR_BREAKAGES: readonly Breakage[] = [
  {
    finds: ["customer pair.unknown-customer"],
    broken: "the partner doesn't know the customer",
    break: async (scene) => {
      const { hub } = scene.outputs.partner;
      // Under another suffix the role is none of this hub's.
      const mend = scene.pretend("partner", { hub: { ...hub, nameSuffix: "eu" } });
      const putBack = await scene.withItem(CUSTOMER, () => undefined);
      return async () => {
        await putBack();
        await mend();
      };
    },
  },
  {
    finds: ["customer pair.other-role", "customer role.may-not-assume"],
    broken: "the customer's function assumes a role of another name",
    break: (scene) =>
      scene.withVariables("customer", {
        PARTNER_ROLE_ARN: `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}-eu`,
      }),
  },
  {
    finds: ["customer pair.not-trusted"],
    broken: "the partner trusts another role of the customer's",
    break: (scene) => scene.withTrust(PUBLISH_ROLE, trusting(CUSTOMERS_ACCOUNT, TRUSTED_ROLE("another"))),
  },
  {
    finds: ["customer pair.external-id"],
    broken: "the partner asks for an external id that the customer doesn't send",
    break: (scene) =>
      scene.withTrust(
        PUBLISH_ROLE,
        trusting(CUSTOMERS_ACCOUNT, { ...TRUSTED_ROLE(), StringEquals: { "sts:ExternalId": "customer-17" } }),
      ),
  },
  {
    finds: ["customer pair.operator-let-in"],
    broken: "the partner trusts the customer's administrator too",
    break: (scene) => {
      const arns = [...TRUSTED_ROLE().ArnEquals["aws:PrincipalArn"], `arn:aws:iam::${CUSTOMER}:user/administrator`];
      return scene.withTrust(PUBLISH_ROLE, trusting(CUSTOMERS_ACCOUNT, { ArnEquals: { "aws:PrincipalArn": arns } }));
    },
  },
  {
    finds: ["customer pair.operations"],
    broken: "the partner lets the customer publish creations alone",
    break: (scene) =>
      scene.withPolicy("partner", PUBLISH_ROLE, (statements) =>
        statements.map((statement) => ({
          ...statement,
          Resource: (statement.Resource as string[]).filter((arn) => arn.endsWith("create_thing")),
        })),
      ),
  },
  variables("pair.region", "the customer publishes in another Region", { PARTNER_REGION: "us-west-2" }),
  variables("pair.endpoint", "the customer publishes at another endpoint", {
    PARTNER_DATA_ENDPOINT: "other.iot.us-east-1.amazonaws.com",
  }),
  variables("pair.topic-rule", "the customer publishes straight to a rule that isn't the partner's", {
    PARTNER_TOPIC_RULE: "another_rule",
  }),
  variables("pair.basic-ingest", "the partner lets nobody publish straight to its rule", {
    PARTNER_TOPIC_RULE: "iot_hooks_receive",
  }),
  {
    finds: ["customer pair.sts-region-partner"],
    broken: "the partner's account hasn't the STS Region of the customer's function",
    break: async (scene) => {
      const mend = await scene.withVariables("customer", { STS_REGION: "eu-south-1" });
      await scene.running.control("PUT", "delivery", { disabledRegions: { [PARTNER]: ["eu-south-1"] } });
      return async () => {
        await scene.running.control("DELETE", "delivery");
        await mend();
      };
    },
  },
  {
    finds: ["customer pair.contract"],
    broken: "the customer's release is newer than the partner's",
    break: (scene) => Promise.resolve(scene.pretend("customer", { contractVersion: 2 })),
  },
];
