// The page's script and style, bundled from the sources beside this by esbuild: once, when the page is first opened.
import { join } from "node:path";
import { build } from "esbuild";

export interface ClientBundle {
  readonly script: string;
  readonly style: string;
}

/** @throws BuildFailure of esbuild */
export async function clientBundle(): Promise<ClientBundle> {
  const folder = join(import.meta.dirname, "client");
  const { outputFiles } = await build({
    entryPoints: { page: join(folder, "main.tsx") },
    absWorkingDir: folder,
    outdir: folder,
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: ["es2022"],
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    logLevel: "silent",
    tsconfigRaw: {},
  });
  const ending = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? "";
  return { script: ending(".js"), style: ending(".css") };
}
