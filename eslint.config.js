// Lint with types. The second half draws the borders between the folders: an import that crosses one is an error.
import tseslint from "typescript-eslint";

const anythingIn = (...folders) => ({
  group: folders.map((folder) => `**/${folder}/**`),
  message: "This folder must not import from there: README, «How the folders depend on each other».",
});
const pulumi = {
  group: ["@pulumi/*"],
  allowTypeImports: true,
  message: "This code runs inside a Lambda function, or is bundled into one: it must not load Pulumi.",
};
const border = (files, ...patterns) => ({
  files,
  rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] },
});

export default tseslint.config(
  { ignores: ["node_modules/", ".local/", ".stryker-tmp/", "reports/"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["*.js", "*.mjs"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "ExpressionStatement > CallExpression > MemberExpression[property.name='apply']",
          message:
            "A discarded .apply() is never awaited: return the Output, or use pulumi.output(…).apply in an expression that is used.",
        },
      ],
    },
  },
  // chai's assertions are property reads.
  { files: ["test/**"], rules: { "@typescript-eslint/no-unused-expressions": "off" } },
  { files: ["**/*.js", "**/*.mjs", "**/*.cjs"], ...tseslint.configs.disableTypeChecked },
  border(["customer/**"], anythingIn("pipeline", "partner", "embedded-aws", "policy-pack", "test")),
  border(["partner/**"], anythingIn("pipeline", "customer", "embedded-aws", "policy-pack", "test")),
  border(["shared/**"], anythingIn("pipeline", "customer", "partner", "embedded-aws", "policy-pack", "test")),
  border(["embedded-aws/**"], anythingIn("pipeline", "customer", "partner", "shared", "test")),
  border(
    ["embedded-aws/language/**"],
    anythingIn("customer", "partner", "shared", "test", "core", "services", "deploy"),
  ),
  border(["embedded-aws/services/**"], anythingIn("customer", "partner", "shared", "test", "wire", "deploy", "show")),
  border(["pipeline/**"], anythingIn("customer", "partner", "embedded-aws", "policy-pack", "test")),
  border(["policy-pack/**"], anythingIn("customer", "partner", "embedded-aws", "test")),
  border(["customer/lambda/**"], anythingIn("partner", "embedded-aws", "policy-pack", "test"), pulumi),
  border(["partner/lambda/**"], anythingIn("customer", "embedded-aws", "policy-pack", "test"), pulumi),
  border(["shared/contract/**"], anythingIn("customer", "partner", "embedded-aws", "policy-pack", "test"), pulumi),
);
