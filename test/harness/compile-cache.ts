// Root module for mocha (--require), before all others: what was compiled in an earlier run isn't compiled again.
import { enableCompileCache } from "node:module";

enableCompileCache();
