import { once } from "node:events";
import { startKafka } from "./kafka.ts";

/** Starts one broker for a program that must not import tests, tells its address, and stops when it is told to. */
const kafka = await startKafka({ javaFlags: ["-Xmx768m", "-XX:TieredStopAtLevel=4"] });
process.send?.({ bootstrap: kafka.bootstrap });
await Promise.race([once(process, "SIGTERM"), once(process, "disconnect")]);
await kafka.stop();
process.disconnect?.();
