// What `hooks customer add` sends to a customer without Pulumi is what the kit that it gets has a place for.
import { expect } from "chai";
import { customerSettings } from "../../hooks/customer/partnership.ts";
import { launchLink, terraformLines } from "../../hooks/customer/without-pulumi.ts";
import { cloudFormationTemplate, terraformModule } from "../../kit/index.ts";
import { TRIGGERS } from "../../shared/contract/registry-events.ts";

const PARTNER = {
  accountId: "222222222222",
  region: "us-east-1",
  nameSuffix: "eu",
  operations: ["create_thing", "delete_thing"],
  basicIngestRule: "iot_hooks_receive_eu",
};
const URL = "https://bucket.s3.us-east-1.amazonaws.com/1.json";

describe("what a customer is sent", () => {
  for (const trigger of TRIGGERS)
    it(`fills in what a kit by ${trigger} asks for, and no more`, async () => {
      const settings = customerSettings(PARTNER, { externalId: "a/b", nameSuffix: "one", trigger });
      const link = (await launchLink(settings, { templateUrl: URL })) ?? "";
      const filled = [...new URLSearchParams(link.slice(link.lastIndexOf("?"))).keys()]
        .filter((name) => name.startsWith("param_"))
        .map((name) => name.slice("param_".length));
      const written = terraformLines(settings).flatMap((line) => /^ {2}(\w+) = /.exec(line)?.[1] ?? []);

      const known = { trigger, operations: PARTNER.operations };
      const { Parameters } = await cloudFormationTemplate(known);
      const { configuration } = await terraformModule(known);
      const variables = Object.values(configuration).flatMap((file) =>
        Object.keys((file as { variable?: object }).variable ?? {}),
      );
      expect(Object.keys(Parameters)).to.include.members(filled);
      expect(["source", ...variables]).to.include.members(written);
      expect(filled).to.include.members(["PartnerAccountId", "ExternalId", "NameSuffix", "PartnerNameSuffix"]);
      expect(written).to.include.members(["partner_account_id", "external_id", "name_suffix", "partner_name_suffix"]);
      const switchable = trigger === "cloudtrail";
      expect(filled.some((name) => name.startsWith("Announce"))).to.equal(switchable);
      expect(written.includes("operations")).to.equal(switchable);
    });
});
