import { afterEach, describe } from "vitest";
import type { Bus } from "../../bus/bus.ts";
import { browsingContract } from "./contract-browsing.ts";
import { endingsContract } from "./contract-endings.ts";
import { followingContract } from "./contract-following.ts";
import { groupsContract } from "./contract-groups.ts";
import { recordsContract } from "./contract-records.ts";

/** A bus to judge, and how to begin again with what it has stored. */
export interface BusUnderTest {
  readonly bus: Bus;
  /** Opens the same bus anew; the first one is closed by then. */
  readonly reopen: () => Promise<Bus>;
}

/** How to make the buses that the contract judges. */
export interface BusContract {
  readonly name: string;
  /** Makes an empty bus whose topics have that many partitions. */
  readonly open: (partitions: number) => Promise<BusUnderTest>;
}

/** The body of tests that every bus must pass. */
export const busContract = ({ name, open }: BusContract): void => {
  describe(`${name}: the bus contract`, () => {
    const opened: Bus[] = [];
    const openForTest = async (partitions = 1): Promise<BusUnderTest> => {
      const { bus, reopen } = await open(partitions);
      opened.push(bus);
      return {
        bus,
        reopen: async () => {
          const again = await reopen();
          opened.push(again);
          return again;
        },
      };
    };
    afterEach(async () => {
      for (const bus of opened.splice(0)) await bus.close();
    });
    recordsContract(openForTest);
    groupsContract(openForTest);
    browsingContract(openForTest);
    followingContract(openForTest);
    endingsContract(openForTest);
  });
};
