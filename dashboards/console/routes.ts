import type { Clock } from "../../core/clock.ts";
import { questionNames, questions } from "../../store/questions.ts";
import type { Ask } from "./answers.ts";
import type { Assets } from "./assets.ts";
import type { PageModel } from "./page/page-model.ts";
import { parseAskParameters, parseQuestionName } from "./question-request.ts";
import type { Reply } from "./reply.ts";
import { errorReply, jsonReply } from "./reply.ts";

/** What the routes are made of. */
export interface RouteDeps {
  readonly assets: Assets;
  readonly page: PageModel;
  readonly ask: Ask;
  /** How far back it is looked when it is asked whether what is stored can be trusted. */
  readonly trustMinutes: number;
  readonly clock: Clock;
  readonly isReady: () => boolean;
  readonly metricsText: () => Promise<string>;
}

const text = (status: number, body: string): Reply => ({ status, contentType: "text/plain; charset=utf-8", body });

const assetReply = ({ folder, files }: Assets, path: string): Reply | null => {
  const asset = path.startsWith(`${folder}/`) ? files.get(path.slice(folder.length + 1)) : undefined;
  if (asset === undefined) return null;
  return { status: 200, ...asset, headers: { "cache-control": "public, max-age=31536000, immutable" } };
};

const catalogue = (): Reply =>
  jsonReply(200, {
    questions: questionNames.map((name) => {
      const { title, description, columns, dimensions } = questions[name];
      return { name, title, description, columns, dimensions };
    }),
  });

const answerTo = async (deps: RouteDeps, name: string, query: URLSearchParams): Promise<Reply> => {
  const question = parseQuestionName(name);
  const parameters = parseAskParameters(question, query, deps.clock.nowMs());
  const rows = await deps.ask(question, parameters);
  return jsonReply(200, { columns: questions[question].columns, rows });
};

/** By the server's clock: a reader's own would make every report look late, or none. */
const trust = async ({ ask, clock, trustMinutes }: RouteDeps): Promise<Reply> => {
  const toMs = clock.nowMs();
  const fromMs = toMs - trustMinutes * 60_000;
  const [row] = await ask("telemetry_health", { fromMs, toMs, stepSeconds: 60, where: {} });
  return jsonReply(200, row ?? null);
};

const named = "/api/questions/";

const decodeName = (path: string): string => {
  try {
    return decodeURIComponent(path.slice(named.length));
  } catch {
    return path.slice(named.length);
  }
};

/** Answers one request; it rejects with the errors of the question asked. */
export const route = async (deps: RouteDeps, method: string, url: URL): Promise<Reply> => {
  const { pathname: path } = url;
  if (method !== "GET" && method !== "HEAD") {
    const reply = errorReply(405, "http.method_not_allowed", `The console answers GET and HEAD, not ${method}.`);
    return { ...reply, headers: { allow: "GET, HEAD" } };
  }
  if (path.startsWith(named)) return answerTo(deps, decodeName(path), url.searchParams);
  switch (path) {
    case "/":
      return {
        status: 200,
        contentType: "text/html; charset=utf-8",
        body: deps.assets.index,
        headers: { "cache-control": "no-cache" },
      };
    case "/api/questions":
      return catalogue();
    case "/api/trust":
      return trust(deps);
    case "/api/panels":
      return jsonReply(200, deps.page);
    case "/api/canaries":
      // Where somebody runs canaries, he has answered before; the page asks everywhere.
      return jsonReply(200, null);
    case "/healthz":
      return text(200, "ok\n");
    case "/readyz":
      return deps.isReady() ? text(200, "ready\n") : text(503, "not ready\n");
    case "/metrics":
      return { status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8", body: await deps.metricsText() };
    default:
      return (
        assetReply(deps.assets, path) ?? errorReply(404, "http.unknown_path", `The console has nothing at ${path}.`)
      );
  }
};
