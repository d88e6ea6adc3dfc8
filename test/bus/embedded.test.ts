import { busContract } from "./contract.ts";
import { openBus } from "./open-bus.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const newFolder = temporaryFolders();

busContract({
  name: "embedded",
  open: async (partitions) => {
    const dir = newFolder();
    const open = () => openBus({ dir, config: { partitions } });
    return { bus: await open(), reopen: open };
  },
});
