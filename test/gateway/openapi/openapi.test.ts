import { describe, expect, test } from "vitest";
import { z } from "zod";
import { openApiDocument } from "../../../gateway/openapi/openapi-document.ts";
import { chatSurface } from "../../../gateway/surfaces/chat-surface.ts";
import { embeddingsSurface } from "../../../gateway/surfaces/embeddings-surface.ts";
import { messagesSurface } from "../../../gateway/surfaces/messages-surface.ts";
import { responsesSurface } from "../../../gateway/surfaces/responses-surface.ts";
import { startTestGateway } from "../support/test-gateway.ts";

const surfaces = [chatSurface, messagesSurface, responsesSurface, embeddingsSurface];
const full = {
  [chatSurface.path]: { model: "up-1", messages: [{ role: "user", content: "x" }] },
  [messagesSurface.path]: { model: "up-1", messages: [{ role: "user", content: "x" }], max_tokens: 1 },
  [responsesSurface.path]: { model: "up-1", input: "x" },
  [embeddingsSurface.path]: { model: "up-1", input: "x" },
};

const operation = z.object({
  operationId: z.string().min(1),
  requestBody: z.object({
    content: z.object({ "application/json": z.object({ schema: z.object({ required: z.array(z.string()) }) }) }),
  }),
});
const document = z.object({
  openapi: z.literal("3.1.0"),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

const { paths } = document.parse(JSON.parse(openApiDocument(surfaces)));
const requiredOf = (path: string) =>
  operation.parse(paths[path]?.["post"]).requestBody.content["application/json"].schema.required;

describe("the OpenAPI document", () => {
  test("is served, and every path in it exists", async () => {
    await using system = await startTestGateway();
    const response = await system.ask({ path: "/openapi.json", method: "GET" });
    expect(JSON.parse(response.body.toString())).toEqual(JSON.parse(openApiDocument(surfaces)));
    const asked = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => system.ask({ path, method: method.toUpperCase() })),
    );
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status).filter((status) => status === 404 || status === 405)).toEqual([]);
    expect(answers.length).toBeGreaterThan(8);
  });

  test.each(surfaces.map(({ path }) => path))("requires of %s what the gateway refuses a request without", (path) => {
    const body = full[path] ?? {};
    const parse = surfaces.find((surface) => surface.path === path)?.parse;
    const isOk = (members: object): boolean | undefined => parse?.(Buffer.from(JSON.stringify(members))).ok;
    const without = Object.keys(body).filter(
      (name) => isOk(Object.fromEntries(Object.entries(body).filter(([each]) => each !== name))) === false,
    );
    expect(isOk(body)).toBe(true);
    expect(requiredOf(path)).toEqual(without);
  });

  test("gives each operation an id of its own", () => {
    const ids = surfaces.map(({ path }) => operation.parse(paths[path]?.["post"]).operationId);
    expect(new Set(ids).size).toBe(surfaces.length);
  });
});
