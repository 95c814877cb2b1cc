// Every service of the embedded AWS. One more is one more line.
import type { Service } from "../core/service.ts";
import { iam } from "./iam/index.ts";
import { sts } from "./sts.ts";

export const SERVICES: readonly Service[] = [iam, sts];
