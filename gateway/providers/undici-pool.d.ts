// Undici's index loads its fetch, caches, mocks and WebSockets as well: 88 modules and 4 MB that nothing here calls.
declare module "undici/lib/dispatcher/pool.js" {
  import type { Pool as UndiciPool } from "undici";

  const Pool: typeof UndiciPool;
  export = Pool;
}
