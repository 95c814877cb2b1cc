// Bodies of requests: how much of them is kept, of one and of all together.
import type { IncomingMessage } from "node:http";

/** What is kept of bodies at a time, of all requests. */
export class BodyBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** Whether there is room; it is taken then. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#left += bytes;
  }
}

/** A body that wasn't kept: larger than one may be, or than there was room for just then. */
export type Unkept = "too large" | "no room";

/**
 * The whole body. What isn't kept is read to its end all the same, so that the client hears the answer. Rejects when
 * the client goes away. By events, since iterating over a stream costs more than all else about a small request.
 * @param budget what the body takes of it is given back when `release` of the result is called
 */
export function readBody(
  incoming: IncomingMessage,
  most: number,
  budget?: BodyBudget,
): Promise<{ readonly body: Buffer; release(): void } | { readonly unkept: Unkept; readonly size: number }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let kept = 0;
    let unkept: Unkept | undefined;
    const release = () => {
      budget?.give(kept);
      kept = 0;
    };
    const drop = (because: Unkept) => {
      unkept = because;
      chunks.length = 0;
      release();
    };
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (unkept !== undefined) return;
      if (size > most) drop("too large");
      else if (budget && !budget.take(chunk.length)) drop("no room");
      else {
        kept += chunk.length;
        chunks.push(chunk);
      }
    });
    incoming.on("end", () => {
      if (unkept === undefined) resolve({ body: Buffer.concat(chunks), release });
      else resolve({ unkept, size });
    });
    incoming.on("error", (error) => {
      release();
      reject(error);
    });
  });
}
