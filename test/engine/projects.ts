// The programs as Pulumi projects, with a configuration for the embedded accounts that is right.
import { customerProgram } from "../../customer/program.ts";
import { customerAccessProgram } from "../../partner/customer/program.ts";
import { partnerProgram } from "../../partner/program.ts";
import { pipelineProgram } from "../../pipeline/program.ts";
import { program } from "../../program.ts";
import { CUSTOMER, PARTNER } from "embedded-aws/testing";
import type { Config, Project } from "./project.ts";

export const customer: Project = { name: "iot-hooks-customer", folder: "customer", program: customerProgram };
export const partner: Project = { name: "iot-hooks-partner", folder: "partner", program: partnerProgram };
export const access: Project = {
  name: "iot-hooks-partner-customer",
  folder: "partner/customer",
  program: customerAccessProgram,
};
export const root: Project = { name: "iot-hooks", folder: ".", program };
export const pipeline: Project = { name: "iot-hooks-pipeline", folder: "pipeline", program: pipelineProgram };

/** Without a profile, for who has keys in the environment. */
export const CUSTOMER_SETTINGS: Config = {
  "aws:region": "us-east-1",
  "iot-hooks-customer:accountId": CUSTOMER,
  "iot-hooks-customer:partnerAccountId": PARTNER,
  "iot-hooks-customer:createTrail": "true",
};
export const CUSTOMER_CONFIG: Config = { ...CUSTOMER_SETTINGS, "aws:profile": "customer" };
/** With debug messages: by them the tests see what the partner took. */
export const PARTNER_CONFIG: Config = {
  "aws:region": "us-east-1",
  "aws:profile": "partner",
  "iot-hooks-partner:accountId": PARTNER,
  "iot-hooks-partner:debug": "true",
};
/** With debug messages, too. */
export const ROOT_CONFIG: Config = {
  "aws:region": "us-east-1",
  "iot-hooks:customerAccountId": CUSTOMER,
  "iot-hooks:customerProfile": "customer",
  "iot-hooks:partnerAccountId": PARTNER,
  "iot-hooks:partnerProfile": "partner",
  "iot-hooks:createTrail": "true",
  "iot-hooks:debug": "true",
};

export const CUSTOMER_ROLE = `publish-to-partner-role-${PARTNER}`;
export const HUB_STACK = "organization/iot-hooks-partner/dev";
export const CUSTOMER_STACK = "organization/iot-hooks-customer/dev";
