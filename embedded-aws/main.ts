// `embedded-aws`, the command of this package.
import { join } from "node:path";
import { runLocal } from "./local.ts";

await runLocal(join(import.meta.dirname, "..", ".local"));
