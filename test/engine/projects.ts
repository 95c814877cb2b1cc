// The programs as Pulumi projects, with a configuration for the embedded accounts that is right.
import { customerProgram } from "../../customer/program.ts";
import { partnerProgram } from "../../partner/program.ts";
import { pipelineProgram } from "../../pipeline/program.ts";
import { program } from "../../program.ts";
import { CUSTOMER, PARTNER } from "embedded-aws/testing";
import type { Config, Project } from "./harness.ts";

export const customer: Project = { name: "customer", folder: "customer", program: customerProgram };
export const partner: Project = { name: "partner", folder: "partner", program: partnerProgram };
export const root: Project = { name: "cross-account-iot-hooks", folder: ".", program };
export const pipeline: Project = { name: "pipeline", folder: "pipeline", program: pipelineProgram };

/** Without a profile, for who has keys in the environment. */
export const CUSTOMER_SETTINGS: Config = {
  "aws:region": "us-east-1",
  "customer:accountId": CUSTOMER,
  "customer:partnerAccountId": PARTNER,
  "customer:createTrail": "true",
};
export const CUSTOMER_CONFIG: Config = { ...CUSTOMER_SETTINGS, "aws:profile": "customer" };
export const PARTNER_CONFIG: Config = {
  "aws:region": "us-east-1",
  "aws:profile": "partner",
  "partner:accountId": PARTNER,
};
export const ROOT_CONFIG: Config = {
  "aws:region": "us-east-1",
  "cross-account-iot-hooks:customerAccountId": CUSTOMER,
  "cross-account-iot-hooks:customerProfile": "customer",
  "cross-account-iot-hooks:partnerAccountId": PARTNER,
  "cross-account-iot-hooks:partnerProfile": "partner",
  "cross-account-iot-hooks:createTrail": "true",
};

export const CUSTOMER_ROLE = `publish-to-partner-role-${PARTNER}`;
export const CUSTOMER_STACK = "organization/customer/dev";
