import { storeContract } from "./contract.ts";
import { makeEngine } from "./open-engine.ts";

const engine = await makeEngine();

storeContract({ name: "the embedded engine", open: engine.open, remove: engine.remove });
