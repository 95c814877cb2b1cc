// Root module for mocha (--require), before all others: what was compiled in an earlier run isn't compiled again, nor
// by the processes that tests start, each of which would strip the types of all its modules anew.
import { enableCompileCache, getCompileCacheDir } from "node:module";
import { dirname } from "node:path";

enableCompileCache();
const folder = getCompileCacheDir();
// Of this version of Node; what the variable names has folders of all of them.
if (folder !== undefined) process.env["NODE_COMPILE_CACHE"] ??= dirname(folder);
