// Root module for mocha (--require). Pulumi writes a stack trace onto each of its promises, four per output of each
// resource, for whoever looks for promises that never end: half of the time that a program takes here. It writes an
// empty one, unless PULUMI_DEBUG_PROMISE_LEAKS asks for them; what is thrown keeps its own.
import { createRequire } from "node:module";

interface Debuggable {
  debugPromiseLeaks: boolean;
  debuggablePromise: (promise: Promise<unknown>, context: unknown) => Promise<unknown>;
}

const debuggable = createRequire(import.meta.url)("@pulumi/pulumi/runtime/debuggable.js") as Debuggable;
const traced = debuggable.debuggablePromise;
if (!debuggable.debugPromiseLeaks)
  debuggable.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return traced(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
