// The policy pack: `pulumi preview --policy-pack ../policy`. A violation stops the update before anything is changed.
import { PolicyPack } from "@pulumi/policy";
import { RULES } from "./rules.ts";

new PolicyPack("cross-account-iot-hooks", {
  enforcementLevel: "mandatory",
  policies: RULES.map(({ name, description, check }) => ({
    name,
    description,
    validateResource: ({ type, name: resource, props }, reportViolation) => {
      for (const message of check({ type, name: resource, props })) reportViolation(message);
    },
  })),
});
