import { proveHalf } from "./proof.ts";

proveHalf("the second");
