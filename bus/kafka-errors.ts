import { messageOf, PlumblineError } from "../core/errors.ts";

/** The protocol's name of an error, such as `MESSAGE_TOO_LARGE`, found along its causes; null when there is none. */
export const protocolTypeOf = (error: unknown): string | null => {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ("type" in current && typeof current.type === "string") return current.type;
  }
  return null;
};

/** Whether a group's coordinator is on its way: it loads what it must know, or another broker takes its place. */
export const isCoordinatorMoving = (error: unknown): boolean => movingTypes.has(protocolTypeOf(error) ?? "");

const movingTypes: ReadonlySet<string> = new Set([
  "GROUP_LOAD_IN_PROGRESS",
  "GROUP_COORDINATOR_NOT_AVAILABLE",
  "NOT_COORDINATOR_FOR_GROUP",
]);

/** What a Kafka client threw, as an error of the bus: too large for good, all else worth another try. */
export const busErrorOf = (error: unknown): PlumblineError => {
  if (error instanceof PlumblineError) return error;
  const type = protocolTypeOf(error);
  const code = type === "MESSAGE_TOO_LARGE" || type === "RECORD_LIST_TOO_LARGE" ? "bus.too_large" : "bus.unavailable";
  return new PlumblineError(code, `Kafka: ${messageOf(error)}`, { cause: error });
};

/** Runs a call to a Kafka client; what it throws becomes an error of the bus. */
export const asBusError = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    throw busErrorOf(error);
  }
};
