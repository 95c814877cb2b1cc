import { customerAccessProgram } from "./program.ts";

// Nothing may be exported beside it: Pulumi runs a function that is the module's default export, and takes its result
// for the stack's outputs.
export default customerAccessProgram;
