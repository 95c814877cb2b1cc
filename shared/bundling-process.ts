// Run by bundle.ts, in a process of its own: takes the text to bundle on its standard input, and writes a `Bundled`
// on its standard output.
import { text } from "node:stream/consumers";
import { bundled } from "./bundling.ts";

process.stdout.write(JSON.stringify(await bundled(await text(process.stdin))));
