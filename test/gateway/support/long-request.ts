/** A schema of arguments. */
export const schema = { type: "object", properties: { city: { type: "string" } } };

/** An image, or what passes for one. */
export const png = "iVBORw0KGgo=";

/** A conversation with instructions, an image, a tool call, its result and every setting, as a chat completion. */
export const chat = {
  model: "m1",
  messages: [
    { role: "system", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "text", text: "Where is this?" },
        { type: "image_url", image_url: { url: `data:image/png;base64,${png}` } },
      ],
    },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c1", type: "function", function: { name: "weather", arguments: '{"city":"Oslo"}' } }],
    },
    { role: "tool", tool_call_id: "c1", content: "Rain." },
    { role: "user", content: "Thanks. And now?" },
  ],
  max_tokens: 50,
  temperature: 1.5,
  top_p: 0.9,
  stop: ["END"],
  stream: true,
  user: "u1",
  tools: [{ type: "function", function: { name: "weather", description: "Tells it.", parameters: schema } }],
  tool_choice: "required",
};
