import { describe, expect, test } from "vitest";
import { parseChatRequest } from "../../gateway/chat-request.ts";
import { outgoingBody } from "../../gateway/outgoing-body.ts";

const change = (text: string, changes: { model?: string; asksForUsage?: boolean }): string => {
  const body = Buffer.from(text);
  const parsed = parseChatRequest(body);
  if (!parsed.ok) {
    throw new Error(parsed.refusal.message);
  }
  const { model = null, asksForUsage = false } = changes;
  return outgoingBody(body, parsed.chat, { model, asksForUsage }).toString("utf8");
};

const messages = '"messages" : [ {"role":"user","content":"\\u00e9 \\"model\\":\\"m\\""} ]';

describe("outgoingBody", () => {
  test("is the caller's bytes when nothing must change", () => {
    const text = `  { "model":"m", "x":1.0e2, ${messages} }\n`;
    expect(change(text, {})).toBe(text);
    expect(change(text, { model: "m" })).toBe(text);
  });

  test("renames the model wherever it stands", () => {
    expect(change(`{${messages} , "model" : "m" ,"y":[1.50]}`, { model: 'n"2' })).toBe(
      `{${messages} , "model" : "n\\"2" ,"y":[1.50]}`,
    );
  });

  test("renames every double of the model, so that no reader finds another one", () => {
    expect(change(`{"model":"a",${messages},"model":"m"}`, { model: "n" })).toBe(
      `{"model":"n",${messages},"model":"n"}`,
    );
  });

  test.each([
    { options: "", asked: "" },
    { options: '"stream_options":null,', asked: '"stream_options":{"include_usage":true},' },
    { options: '"stream_options":{},', asked: '"stream_options":{"include_usage":true},' },
    {
      options: '"stream_options":{ "include_usage" : false, "z":1.0 },',
      asked: '"stream_options":{ "include_usage" : true, "z":1.0 },',
    },
    { options: '"stream_options":{"z":1.0},', asked: '"stream_options":{"include_usage":true,"z":1.0},' },
  ])("asks for token counts with $options", ({ options, asked }) => {
    const first = options === "" ? '"stream_options":{"include_usage":true},' : "";
    expect(change(`{"model":"m",${options}${messages},"stream":true}`, { asksForUsage: true })).toBe(
      `{${first}"model":"m",${asked}${messages},"stream":true}`,
    );
  });
});
