import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { systemClock } from "../../../core/clock.ts";
import type { ChatRequest } from "../../../gateway/chat-request.ts";
import { readChatMembers } from "../../../gateway/chat-request.ts";
import { gatewayConfig } from "../../../gateway/config.ts";
import { pickWire } from "../../../gateway/pick-wire.ts";
import { createProviders } from "../../../gateway/providers/create-providers.ts";
import { chatSurface } from "../../../gateway/surfaces/chat-surface.ts";
import { embeddingsSurface } from "../../../gateway/surfaces/embeddings-surface.ts";
import { messagesSurface } from "../../../gateway/surfaces/messages-surface.ts";
import { responsesSurface } from "../../../gateway/surfaces/responses-surface.ts";
import { providerFixtures } from "../support/provider-fixtures.ts";

const page = readFileSync(new URL("../../../docs/gateway.md", import.meta.url), "utf8");
const chat: ChatRequest = readChatMembers({ model: "m1", messages: [], input: "a" });

test("the table of surfaces and providers in docs/gateway.md is what the gateway does", async () => {
  const configured = Object.fromEntries(
    providerFixtures.map(({ kind, config }) => [kind, config("http://127.0.0.1:1")]),
  );
  const { providers: entries } = gatewayConfig.parse({ providers: configured });
  const providers = createProviders(entries, { clock: systemClock, connectMs: 1 });
  const rows = [...providers].map(([kind, provider]) => {
    const cells = [chatSurface, messagesSurface, responsesSurface, embeddingsSurface].map((surface) => {
      const picked = pickWire({ surface, chat, provider, providerKey: kind });
      if (!picked.ok) {
        return "refused";
      }
      return picked.wire === surface.wire ? "unchanged" : `as \`${picked.wire}\``;
    });
    return `| \`${kind}\` | ${cells.join(" | ")} |`;
  });
  await Promise.all([...providers.values()].map((provider) => provider.close()));
  // The one cell that depends on a setting says so; the endpoint here is not OpenAI's.
  const shown = page.replace("unchanged at OpenAI, else as `chat` (`responses` says which)", "as `chat`");
  expect(rows).toHaveLength(8);
  expect(rows.filter((row) => !shown.includes(row))).toEqual([]);
});
