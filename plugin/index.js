// Pulumi's Node host loads a plugin with ts-node, which knows no ES modules in TypeScript: what it loads itself must
// be JavaScript. What that imports is left to Node.
import { componentProviderHost } from "@pulumi/pulumi/provider/experimental/index.js";
import { CustomerAccess, CustomerHooks, PartnerHooks } from "./index.ts";

// Not exported: for exports the host would start a provider by itself, and give it the name of this folder's
// package.json.
void componentProviderHost({
  name: "cross-account-iot-hooks",
  components: [CustomerAccess, CustomerHooks, PartnerHooks],
  dirname: import.meta.dirname,
});
