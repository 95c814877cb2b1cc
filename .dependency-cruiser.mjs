export { configuration as default } from "./borders.ts";
