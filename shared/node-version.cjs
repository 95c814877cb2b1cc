// Loaded before each program (Pulumi.yaml, nodeargs), in JavaScript that an old Node reads as well: of a program in
// TypeScript that one says ERR_UNKNOWN_FILE_EXTENSION, with a stack.
if (!process.features.typescript) {
  console.error(
    `This program is TypeScript, which Node runs by itself from 22.18 on, and the node on the PATH is ${process.version}. ` +
      'Take a newer one, or the one that npm ci brought: export PATH="<this checkout>/node_modules/.bin:$PATH"',
  );
  // Pulumi's own code for «what was wrong has been said» (pulumi/pulumi, language host for Node).
  process.exit(32);
}
