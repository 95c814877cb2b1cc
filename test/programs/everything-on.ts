// Both sides with everything switched on, for tests of all that they make.
import { CUSTOMER, customerRoleIn, runCustomer, runPartner } from "../harness/stacks.ts";

const operations = '["create_thing","delete_thing"]';

export const customerWithEverything = (config: Readonly<Record<string, string>> = {}) =>
  runCustomer({ trigger: "both", reconcile: "rate(1 day)", createTrail: "true", operations, ...config });

export const partnerWithEverything = () =>
  runPartner({
    customers: JSON.stringify([customerRoleIn(CUSTOMER)]),
    operations,
    publishTopics: '["fleet/lamp"]',
    debug: "true",
    basicIngest: "true",
  });
