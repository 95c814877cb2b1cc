// Lines of what a child process writes, however it writes them: a child may be killed in the middle of one, or never
// end it.
import type { Readable } from "node:stream";

/** Bytes of one log event («CloudWatch Logs quotas»): a longer line becomes several. */
export const MAX_LINE = 256 * 1024;

/**
 * Calls `onLine` with each line, without its end; what is left at the end of the stream is a line too. Keeps at most
 * one line.
 */
export function eachLine(stream: Readable, onLine: (line: string) => void, most = MAX_LINE): void {
  let kept: Buffer[] = [];
  let size = 0;
  const flush = () => {
    const line = kept.length === 1 ? (kept[0] as Buffer) : Buffer.concat(kept);
    kept = [];
    size = 0;
    onLine(line.toString());
  };
  const keep = (part: Buffer) => {
    for (let rest = part; rest.length > 0;) {
      const taken = rest.subarray(0, most - size);
      kept.push(taken);
      size += taken.length;
      rest = rest.subarray(taken.length);
      if (size >= most) flush();
    }
  };
  stream.on("data", (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(10, start); end >= 0; end = chunk.indexOf(10, start)) {
      keep(chunk.subarray(start, end));
      flush();
      start = end + 1;
    }
    keep(chunk.subarray(start));
  });
  stream.on("end", () => {
    if (size > 0) flush();
  });
  // A pipe that breaks ends like any other: the process's own end says how.
  stream.on("error", () => undefined);
}
