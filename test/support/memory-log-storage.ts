import { setImmediate as nextTurn } from "node:timers/promises";
import type { LogStorage, RecordPlace, StateKey } from "../../bus/log-storage.ts";

/** Stores the log of a bus in the memory of one process; it outlives the bus, so that a bus can be opened anew. */
export const memoryLogStorage = (): LogStorage => {
  const state = new Map<string, unknown>();
  const records = new Map<string, Uint8Array>();
  let undo: (() => void)[] = [];

  const put = <V>(map: Map<string, V>, key: string, value: V): void => {
    undo.push(restoring(map, key));
    map.set(key, value);
  };
  const remove = <V>(map: Map<string, V>, key: string): void => {
    undo.push(restoring(map, key));
    map.delete(key);
  };

  return {
    state: {
      get: (key) => structuredClone(state.get(JSON.stringify(key))),
      put: (key, value) => put(state, JSON.stringify(key), structuredClone(value)),
      remove: (key) => remove(state, JSON.stringify(key)),
      list: (prefix) =>
        [...state]
          .map(([key, value]) => ({ key: parseKey(key), value: structuredClone(value) }))
          .filter(({ key }) => key.length > prefix.length && prefix.every((part, index) => key[index] === part))
          .sort((a, b) => compareKeys(a.key, b.key)),
    },
    records: {
      get: (place) => records.get(placeKey(place))?.slice(),
      put: (place, bytes) => put(records, placeKey(place), bytes.slice()),
      remove: (place) => remove(records, placeKey(place)),
      *range(from, untilOffset) {
        const end = lastOffsetOf(records, from);
        for (let { offset } = from; offset <= end && offset < untilOffset; offset += 1) {
          const bytes = records.get(placeKey({ ...from, offset }));
          if (bytes !== undefined) {
            yield { offset, bytes: bytes.slice() };
          }
        }
      },
    },
    transact: async (write) => {
      // A disk never answers within the turn in which it is asked.
      await nextTurn();
      undo = [];
      try {
        write();
      } catch (error) {
        for (const step of undo.toReversed()) {
          step();
        }
        throw error;
      }
    },
    refresh: () => {},
    dropDeadReaders: () => {},
    close: async () => {},
  };
};

const restoring = <V>(map: Map<string, V>, key: string): (() => void) => {
  const before = map.get(key);
  return () => {
    if (before === undefined) {
      map.delete(key);
    } else {
      map.set(key, before);
    }
  };
};

/** The last offset of a partition; -1 when it is empty. A map keeps the order in which the records were appended. */
const lastOffsetOf = (records: ReadonlyMap<string, Uint8Array>, { topicId, partition }: RecordPlace): number => {
  const prefix = `${topicId}/${partition}/`;
  const last = [...records.keys()].findLast((key) => key.startsWith(prefix));
  return last === undefined ? -1 : Number(last.slice(prefix.length));
};

const placeKey = ({ topicId, partition, offset }: RecordPlace): string => `${topicId}/${partition}/${offset}`;

const parseKey = (text: string): StateKey => {
  const parts: unknown = JSON.parse(text);
  return Array.isArray(parts) ? parts.filter((part) => typeof part === "string" || typeof part === "number") : [];
};

const compareKeys = (a: StateKey, b: StateKey): number => {
  const index = a.findIndex((part, at) => part !== b[at]);
  const [left, right] = [a[index] ?? "", b[index] ?? ""];
  return left < right ? -1 : left > right ? 1 : a.length - b.length;
};
