import { describe, expect, test } from "vitest";
import { guardRequest } from "../../../alerts/api/guard-request.ts";

const guard =
  (headers: Readonly<Record<string, string>>, origins: readonly string[] = []) =>
  () =>
    guardRequest(
      { method: "POST", path: "/api/canaries", query: new URLSearchParams(), headers, body: new Uint8Array() },
      { config: { token: undefined, origins: [...origins] }, asked: "canaries" },
    );

describe("a browser", () => {
  test.each(["localhost:8081", "console.localhost:8081", "127.0.0.1:8081", "[::1]:8081", "10.0.0.7"])(
    "may change something through a page of %s itself",
    (host) => {
      expect(guard({ host, origin: `http://${host}`, "sec-fetch-site": "same-origin" })).not.toThrow();
    },
  );

  test("may not through a page whose own name leads here, unless its origin is listed", () => {
    const headers = { host: "evil.example.com", origin: "http://evil.example.com", "sec-fetch-site": "same-origin" };
    expect(guard(headers)).toThrow(expect.objectContaining({ code: "http.foreign_origin" }));
    expect(guard(headers, ["http://evil.example.com/"])).not.toThrow();
    expect(guard(headers, ["https://evil.example.com"])).toThrow("another origin");
  });

  test("may not through a page that hides where it came from", () => {
    expect(guard({ host: "localhost", origin: "null" })).toThrow("another origin");
    expect(guard({ host: "localhost", "sec-fetch-site": "cross-site" })).toThrow("another origin");
  });
});

test("a program, which sends no origin, may change something", () => {
  expect(guard({ host: "plumbline.example.com:8081" })).not.toThrow();
});
