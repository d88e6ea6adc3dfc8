import { askBroker } from "./ask-broker.ts";

const answerLimitMs = 2000;

/** The oldest form of Kafka's Metadata request, with an empty list of topics. */
const request = { apiKey: 3, apiVersion: 0, body: Buffer.alloc(4) };

/** The ids of the brokers that the one on a port of loopback knows to be alive; none when it does not answer. */
export const aliveBrokers = async (port: number): Promise<readonly number[]> => {
  const answer = await askBroker(port, request, answerLimitMs);
  if (answer === null) return [];
  const ids: number[] = [];
  // The answer begins with a list of brokers: id, host (a length and its bytes) and port.
  let at = 4;
  for (let left = answer.readInt32BE(0); left > 0; left -= 1) {
    ids.push(answer.readInt32BE(at));
    at += 4 + 2 + answer.readInt16BE(at + 4) + 4;
  }
  return ids;
};
