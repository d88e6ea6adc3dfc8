import { askBroker } from "./ask-broker.ts";

const answerLimitMs = 2000;
const topic = "__cluster_metadata";

/** Kafka's DescribeQuorum request in its compact form: lengths are one more than they are, and 0 ends each structure. */
const request = {
  apiKey: 55,
  apiVersion: 0,
  body: Buffer.concat([Buffer.of(0, 2, topic.length + 1), Buffer.from(topic), Buffer.of(2, 0, 0, 0, 0, 0, 0, 0)]),
};

/**
 * The id of the controller on a port of loopback when it leads the others; null when it does not, or does not answer.
 * Brokers would know the leader too, but they wait for one that is frozen.
 */
export const quorumLeader = async (port: number): Promise<number | null> => {
  const answer = await askBroker(port, request, answerLimitMs);
  // Tags of the header, error, list of one topic with its name, list of one partition with index, error and leader.
  const partition = 1 + 2 + 1 + 1 + topic.length + 1;
  if (answer === null || answer.length < partition + 10 || answer.readInt16BE(1) !== 0) return null;
  const leader = answer.readInt16BE(partition + 4) === 0 ? answer.readInt32BE(partition + 6) : -1;
  return leader < 0 ? null : leader;
};
