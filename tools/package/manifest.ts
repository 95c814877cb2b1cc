// The two forms of package.json. In the repository `exports` names the TypeScript sources, so that examples and tests
// import the package by its name and nothing has to be built first. In the package it names JavaScript and
// declarations: Node runs no TypeScript under node_modules.

/** What a package.json of ours may say, as far as it is read here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

export interface PackedManifest extends Omit<Manifest, "exports"> {
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
}

/** What says something to who works on the repository only. */
const OF_THE_REPOSITORY = ["scripts", "workspaces", "devDependencies", "allowScripts"];

/** Where the compiler puts what it makes of a source file, without the extension. */
export const built = (source: string): string => `./dist/${source.replace(/^\.\//, "").replace(/\.ts$/, "")}`;

export function packed(manifest: Manifest): PackedManifest {
  const kept = Object.entries(manifest).filter(([key]) => !OF_THE_REPOSITORY.includes(key));
  const { name, version, bin, dependencies, peerDependencies } = manifest;
  const exported = Object.entries(manifest.exports).map(([path, source]) => [
    path,
    // `default` and not `import`: a program in CommonJS gets the same module by require, from Node 20.19 on.
    { types: `${built(source)}.d.ts`, default: `${built(source)}.js` },
  ]);
  return {
    ...Object.fromEntries(kept),
    name,
    version,
    dependencies,
    peerDependencies,
    bin: Object.fromEntries(Object.entries(bin).map(([command, source]) => [command, `${built(source)}.js`])),
    exports: Object.fromEntries(exported) as PackedManifest["exports"],
  };
}

export const textOf = (manifest: object): string => `${JSON.stringify(manifest, null, 2)}\n`;
