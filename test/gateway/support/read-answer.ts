/** An answer as a caller understands it, whatever the surface. */
export interface ReadAnswer {
  readonly text: string;
  readonly tools: readonly { readonly id: string; readonly name: string; readonly input: unknown }[];
  readonly finish: string;
  readonly input: number;
  readonly output: number;
}

/** How a caller of one surface asks and reads, written against the API's documentation and not with the gateway's code. */
export interface SurfaceReader {
  readonly path: string;
  readonly request: object;
  readonly streaming: object;
  /** The word for an answer that ends in tool calls. */
  readonly toolFinish: string;
  readonly readWhole: (text: string) => ReadAnswer;
  readonly readStream: (text: string) => ReadAnswer;
}

/** The data of each event but `[DONE]`. */
export const dataOf = (text: string): readonly unknown[] =>
  text
    .split("\n\n")
    .map((event) =>
      event
        .split("\n")
        .find((line) => line.startsWith("data: "))
        ?.slice(6),
    )
    .filter((data) => data !== undefined && data !== "[DONE]")
    .map((data): unknown => JSON.parse(data ?? ""));

/** The tool that every request offers. */
export const tool = {
  name: "weather",
  description: "Tells it.",
  schema: { type: "object", properties: { city: { type: "string" } } },
};
