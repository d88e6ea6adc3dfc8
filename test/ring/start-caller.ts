import type { Ring } from "./ring.ts";

/** Keeps calling, each call with a name of its own, until told to stop; returns the names of the calls answered in full. */
export const startCaller = (ring: Ring, prefix: string): { readonly stop: () => Promise<readonly string[]> } => {
  const answered: string[] = [];
  let isStopped = false;
  let count = 0;
  const caller = async (): Promise<void> => {
    while (!isStopped) {
      count += 1;
      const name = `${prefix}-${count}`;
      if (await isAnswered(ring, { name, isStream: count % 2 === 0 })) {
        answered.push(name);
      } else {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  };
  const callers = Promise.all(Array.from({ length: 16 }, caller));
  return {
    stop: async () => {
      isStopped = true;
      await callers;
      return answered;
    },
  };
};

/** Whether the caller got the whole answer: all bytes of the body, or everything up to `[DONE]`. */
const isAnswered = async (
  ring: Ring,
  call: { readonly name: string; readonly isStream: boolean },
): Promise<boolean> => {
  const recorded = { answer: "It is so.", latency_s: 0.002, input_tokens: 11, output_tokens: 3 };
  try {
    const response = await fetch(`${ring.gatewayUrl}/v1/chat/completions`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-plumbline-route": "replay",
        "x-plumbline-session": call.name,
      },
      body: JSON.stringify({
        model: "gpt-4-0613",
        stream: call.isStream,
        messages: [{ role: "user", content: "Is it so?" }],
        plumbline_recorded: recorded,
      }),
    });
    const text = await response.text();
    return response.ok && (!call.isStream || text.includes("data: [DONE]"));
  } catch {
    return false;
  }
};
