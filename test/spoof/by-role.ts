// The attacker wants to be somebody: the victim's publish role, or its own by another way.
import { IAM } from "@aws-sdk/client-iam";
import { STS, type AssumeRoleCommandInput } from "@aws-sdk/client-sts";
import { documentOf } from "embedded-aws/testing";
import type { Attempt } from "./attempt.ts";
import { ATTACKER, PARTNER, type Stage, VICTIM, publishRole, roleIn, sessionOf } from "./stage.ts";

type As = keyof Stage["as"];

const assumes = (
  what: string,
  RoleArn: string | ((stage: Stage) => Promise<string>),
  who: As = "attackersRole",
  more: Partial<AssumeRoleCommandInput> = {},
): Attempt => ({
  who: who.startsWith("partner") ? "within" : "customer",
  what: `assumes ${what}`,
  layer: "AWS",
  refusal: "AccessDenied",
  attempt: async (stage) =>
    new STS(stage.as[who]).assumeRole({
      RoleArn: typeof RoleArn === "string" ? RoleArn : await RoleArn(stage),
      RoleSessionName: "attack",
      ...more,
    }),
});

/** Another role in the attacker's account, which may assume anything, and a session of it that asks for `target`. */
const asOwnRole = (what: string, target: string, role: { RoleName: string; Path?: string }): Attempt => ({
  who: "customer",
  what: `assumes ${what}`,
  layer: "AWS",
  refusal: "AccessDenied",
  attempt: async ({ running, as }) => {
    const iam = new IAM(as.attacker);
    const { Role } = await iam.createRole({
      ...role,
      AssumeRolePolicyDocument: documentOf({
        Effect: "Allow",
        Principal: { AWS: ATTACKER },
        Action: "sts:AssumeRole",
      }),
    });
    const PolicyDocument = documentOf({ Effect: "Allow", Action: "*", Resource: "*" });
    await iam.putRolePolicy({ RoleName: role.RoleName, PolicyName: "all", PolicyDocument });
    return sessionOf(running, await sessionOf(running, ATTACKER, Role?.Arn ?? ""), target);
  },
});

const victims = publishRole(VICTIM);
const own = publishRole(ATTACKER);

export const byRole: readonly Attempt[] = [
  assumes("the victim's publish role, as its own function's role", victims),
  assumes("the victim's publish role, as its administrator", victims, "attacker"),
  assumes("the victim's publish role, with the victim's external id", victims, "attackersRole", {
    ExternalId: "victim-4711",
  }),
  assumes("the victim's publish role, with an external id of its own", victims, "attackersRole", {
    ExternalId: "guess",
  }),
  assumes("the victim's publish role, with a session policy that allows all", victims, "attacker", {
    Policy: documentOf({ Effect: "Allow", Action: "*", Resource: "*" }),
  }),
  assumes("the victim's publish role, out of a session of its own publish role", victims, "attackersPublishRole"),
  assumes("its own publish role, as its administrator", own, "attacker"),
  assumes("its own publish role once more, out of a session of it", own, "attackersPublishRole"),
  assumes("the receive function's role", ({ running }) => roleOf(running, "iot-hooks-receive"), "attackersRole"),
  assumes(
    "the role of the topic rule's error action",
    ({ running }) => roleOf(running, "iot-hooks-receive-rule"),
    "attacker",
  ),
  assumes("the victim's function's role", roleIn(VICTIM, `publish-to-partner-role-${PARTNER}`), "attacker"),
  assumes("a role of the partner that isn't there", roleIn(PARTNER, "administrator"), "attacker"),
  assumes("the victim's publish role, as a device of the partner's", victims, "partnersDevice"),
  assumes("the victim's publish role, as a developer of the partner's", victims, "partnersDeveloper"),
  asOwnRole("the victim's publish role, as a role with a name in a folder", victims, {
    RoleName: `publish-to-partner-role-${PARTNER}-x`,
    Path: "/publish-to-partner-role/",
  }),
  asOwnRole("its own publish role, as a role with its function's role's name and a suffix", own, {
    RoleName: `publish-to-partner-role-${PARTNER}-2`,
  }),
  asOwnRole("its own publish role, as a role named after the victim", own, {
    RoleName: `publish-to-partner-role-${VICTIM}`,
  }),
];

/** ARN of the partner's role whose auto-name begins so. */
async function roleOf(running: Stage["running"], start: string): Promise<string> {
  const { Roles = [] } = await new IAM(running.config(PARTNER)).listRoles({});
  const found = Roles.find(({ RoleName = "" }) => new RegExp(`^${start}-[0-9a-f]{7}$`).test(RoleName));
  if (found?.Arn === undefined) throw new Error(`The partner has no role ${start}-….`);
  return found.Arn;
}
