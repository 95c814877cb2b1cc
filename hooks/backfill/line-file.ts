// A file of lines that only grows: what a run can't keep in memory. It is cut back to where a checkpoint knew it.
import { type FileHandle, open, rm } from "node:fs/promises";
import { writing } from "../files.ts";
import { UserError } from "../user-error.ts";

export class LineFile {
  readonly path: string;
  readonly #handle: FileHandle;
  #bytes: number;

  private constructor(path: string, handle: FileHandle, bytes: number) {
    this.path = path;
    this.#handle = handle;
    this.#bytes = bytes;
  }

  /** @throws UserError where it holds less than the checkpoint says */
  static async open(path: string, bytes: number): Promise<LineFile> {
    const handle = await writing(path, () => open(path, "a+"));
    const { size } = await handle.stat();
    if (size < bytes) {
      await handle.close();
      throw new UserError(
        `${path} is shorter than when its checkpoint was written: remove the checkpoint, and start again.`,
      );
    }
    await handle.truncate(bytes);
    return new LineFile(path, handle, bytes);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** On the disk when it resolves: a checkpoint that is written afterwards may rely on it. */
  async append(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const text = Buffer.from(lines.map((line) => `${line}\n`).join(""));
    await writing(this.path, async () => {
      await this.#handle.appendFile(text);
      await this.#handle.datasync();
    });
    this.#bytes += text.length;
  }

  /** Of a file in which nothing is, nothing stays. */
  async close(): Promise<void> {
    await this.#handle.close();
    if (this.#bytes === 0) await rm(this.path, { force: true });
  }

  async remove(): Promise<void> {
    await this.#handle.close();
    await rm(this.path, { force: true });
  }
}
