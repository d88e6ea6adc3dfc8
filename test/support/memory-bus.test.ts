import { systemClock } from "../../core/clock.ts";
import { busContract } from "../bus/contract.ts";
import { openMemoryBus } from "./memory-bus.ts";
import { memoryLogStorage } from "./memory-log-storage.ts";

busContract({
  name: "memory",
  open: async (partitions) => {
    const storage = memoryLogStorage();
    const open = async () => openMemoryBus({ clock: systemClock, storage, partitions, leaseMs: 300 });
    return { bus: await open(), reopen: open };
  },
});
