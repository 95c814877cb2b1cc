declare module "dynalite" {
  import type { Server } from "node:http";
  /** Milliseconds that a table stays in CREATING, DELETING and UPDATING. */
  export default function dynalite(options: {
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }): Server;
}
