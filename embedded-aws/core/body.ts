import type { IncomingMessage } from "node:http";

/**
 * The whole body, or its size where it has more than `most` bytes: it is read to its end, so that the client hears the answer, but not kept.
 * Rejects when the client goes away. By events, since iterating over a stream costs more than all else about a small request.
 */
export function readBody(incoming: IncomingMessage, most: number): Promise<Buffer | number> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) chunks.push(chunk);
      else chunks.length = 0;
    });
    incoming.on("end", () => {
      resolve(size > most ? size : Buffer.concat(chunks));
    });
    incoming.on("error", reject);
  });
}
