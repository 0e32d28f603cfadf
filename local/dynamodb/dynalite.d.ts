declare module 'dynalite' {
  import type { Server } from 'node:http';
  /** An in-memory DynamoDB; the times are how long tables stay in CREATING, DELETING and UPDATING, in milliseconds. */
  export default function dynalite(options?: {
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }): Server;
}
