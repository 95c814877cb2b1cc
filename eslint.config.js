// Lint with types. The borders between the folders are drawn in borders.ts.
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/", "dist/", "**/.local/", "**/.stryker-tmp/", "reports/"] },
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
      // The formatter wraps all else. A text that is shown stands whole, so that it can be searched for.
      "max-len": [
        "error",
        { code: 120, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true, ignoreUrls: true },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "ExpressionStatement > CallExpression > MemberExpression[property.name='apply']",
          message:
            "A discarded .apply() is never awaited: return the Output, or use pulumi.output(…).apply in an " +
            "expression that is used.",
        },
      ],
    },
  },
  // chai's assertions are property reads.
  { files: ["test/**", "embedded-aws/test/**"], rules: { "@typescript-eslint/no-unused-expressions": "off" } },
  { files: ["**/*.js", "**/*.mjs", "**/*.cjs"], ...tseslint.configs.disableTypeChecked },
);
