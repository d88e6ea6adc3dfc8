import { pipeline } from "node:stream/promises";
import express from "express";
import { Pool } from "undici";

/** The least a gateway on express and undici can do: forward the body, stream the answer back. The yardstick of the bench. */
const [port, upstream] = process.argv.slice(2);
const pool = new Pool(`http://127.0.0.1:${upstream}`, { connections: 128 });
const app = express();
app.disable("x-powered-by");
app.use(express.raw({ type: () => true, limit: "10mb" }));
app.post("/v1/chat/completions", async (request, response) => {
  const body: unknown = request.body;
  const answer = await pool.request({
    path: "/v1/chat/completions",
    method: "POST",
    headers: { "content-type": "application/json" },
    body: Buffer.isBuffer(body) ? body : null,
  });
  response.status(answer.statusCode);
  response.set("content-type", String(answer.headers["content-type"]));
  await pipeline(answer.body, response);
});
app.listen(Number(port), "127.0.0.1", () => process.send?.("ready"));
