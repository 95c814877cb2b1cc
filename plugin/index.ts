// Where Pulumi's analyzer begins to read the components' types; index.js hosts them.
export { CustomerHooks } from "../customer/customer-hooks.ts";
export { CustomerAccess } from "../partner/customer-access.ts";
export { PartnerHooks } from "../partner/partner-hooks.ts";
