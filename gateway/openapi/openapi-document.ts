import { callIdHeader } from "../answer-headers.ts";
import type { MemberCheck } from "../request-members.ts";
import type { Surface } from "../surfaces/surface.ts";

/** The OpenAPI 3.1 document of the surfaces, as JSON text. */
export const openApiDocument = (surfaces: readonly Surface[]): string =>
  JSON.stringify({
    openapi: "3.1.0",
    info: {
      title: "Plumbline gateway",
      version: "1",
      description: "Every call is passed to a provider by the routes of the gateway, and recorded once.",
    },
    // Where no key is configured, none is asked for.
    security: [{}, { key: [] }],
    paths: {
      ...Object.fromEntries(surfaces.map((surface) => [surface.path, { post: callOperation(surface) }])),
      "/v1/models": { get: getOperation("The models that can be asked for.", json({ type: "object" })) },
      "/healthz": { get: open("Whether the process runs.", json({ type: "object" })) },
      "/readyz": { get: open("Whether it takes calls; status 503 when it does not.", json({ type: "object" })) },
      "/policy": { get: open("Where calls go now, and on whose word.", json({ type: "object" })) },
      "/metrics": { get: open("Its figures in Prometheus' format.", { "text/plain": { schema: { type: "string" } } }) },
      "/openapi.json": { get: open("This document.", json({ type: "object" })) },
    },
    components: {
      securitySchemes: {
        key: { type: "http", scheme: "bearer" },
        apiKey: { type: "apiKey", in: "header", name: "x-api-key" },
      },
    },
  });

const callOperation = ({ summary, path, wire, checks, errorBody }: Surface): object => {
  const error = errorBody({
    status: 400,
    message: "What is wrong.",
    type: "invalid_request_error",
    code: "code",
    param: null,
  });
  return {
    summary,
    operationId: path.slice("/v1/".length).replaceAll("/", "_"),
    ...(wire === "messages" ? { security: [{}, { key: [] }, { apiKey: [] }] } : {}),
    parameters: callHeaders.map(([name, description]) => ({
      name,
      in: "header",
      description,
      schema: { type: "string", maxLength: 128 },
    })),
    requestBody: { required: true, content: json(requestSchema(checks)) },
    responses: {
      200: {
        description: "The answer, as the provider gave it or in this API's format.",
        headers: { [callIdHeader]: idHeader, "server-timing": timingHeader },
        content: { ...json({ type: "object" }), ...(path === "/v1/embeddings" ? {} : eventStream) },
      },
      default: {
        description: "An error, of the gateway or of the provider.",
        headers: { [callIdHeader]: idHeader },
        content: { "application/json": { schema: { type: "object" }, example: JSON.parse(error) } },
      },
    },
  };
};

const callHeaders: readonly (readonly [string, string])[] = [
  ["x-plumbline-route", "Route to take; absent takes the one that lists the model."],
  ["x-plumbline-tenant", "Tenant of the call, where its key has none."],
  ["x-plumbline-feature", "Feature that the call is for."],
  ["x-plumbline-session", "Session that the call belongs to."],
  ["x-plumbline-region", "Regions of which the target must be in one, with commas between."],
  ["x-plumbline-compliance", "What the target must comply with, all of it, with commas between."],
];

const json = (schema: object): object => ({ "application/json": { schema } });

const eventStream = { "text/event-stream": { schema: { type: "string" } } };

const idHeader = { description: "Id of the call.", schema: { type: "string", pattern: "^[0-9a-f]{16}$" } };

const timingHeader = { description: "Where the time went, in milliseconds.", schema: { type: "string" } };

/** The members that are checked here; all others are the provider's to judge. */
const requestSchema = (checks: readonly MemberCheck[]): object => ({
  type: "object",
  required: checks.filter(({ isRight }) => !isRight(undefined)).map(({ param }) => param),
  properties: Object.fromEntries(checks.map(({ param, expected }) => [param, { description: `Must be ${expected}.` }])),
  additionalProperties: true,
});

const getOperation = (description: string, content: object): object => ({
  summary: description,
  responses: { 200: { description, content } },
});

const open = (description: string, content: object): object => ({
  ...getOperation(description, content),
  security: [],
});
