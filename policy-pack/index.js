// Pulumi loads a pack with ts-node, which knows no ES modules in TypeScript. A plain module that imports the pack
// leaves it to Node itself.
import "./index.ts";
