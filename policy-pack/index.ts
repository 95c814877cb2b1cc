// The policy pack: `pulumi preview --policy-pack ../policy-pack`. A violation stops the update before anything changes.
import { PolicyPack, type ResourceValidationPolicy, type StackValidationPolicy } from "@pulumi/policy";
import { RULES, STACK_RULES } from "./rules.ts";

new PolicyPack("cross-account-iot-hooks", {
  enforcementLevel: "mandatory",
  policies: [
    ...RULES.map(({ name, description, check }): ResourceValidationPolicy => ({
      name,
      description,
      validateResource: ({ type, name: resource, props }, reportViolation) => {
        for (const message of check({ type, name: resource, props })) reportViolation(message);
      },
    })),
    ...STACK_RULES.map(({ name, description, check }): StackValidationPolicy => ({
      name,
      description,
      validateStack: ({ resources }, reportViolation) => {
        const urns = new Map(
          resources.map(({ urn, type, name: resource, props }) => [{ type, name: resource, props }, urn]),
        );
        for (const { resource, message } of check([...urns.keys()])) reportViolation(message, urns.get(resource));
      },
    })),
  ],
});
