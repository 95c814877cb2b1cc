// The event pattern language of EventBridge.
export { compilePattern } from "./compile.ts";
export type { Pattern } from "./compile.ts";
export { PatternError } from "./error.ts";
export { explain, matches } from "./match.ts";
