import { proveHalf } from "./proof.ts";

proveHalf("the first");
