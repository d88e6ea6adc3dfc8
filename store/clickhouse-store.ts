import type { ArmTally } from "../core/arms.ts";
import type { Clock } from "../core/clock.ts";
import type { EmbeddedMinute } from "../core/embedding-sum.ts";
import { PlumblineError } from "../core/errors.ts";
import type { RoleEvents, RoleState } from "../core/events.ts";
import type { Conclusions, Evidence, MeasuredMinute } from "../core/evidence.ts";
import type { Ids } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import { appendBatch } from "./append.ts";
import type { StoreConfig } from "./config.ts";
import { foldUnits } from "./fold-units.ts";
import type { MeasuredFamily } from "./measured-hours.ts";
import { readHours, saveHour, sumHours } from "./measured-hours.ts";
import { migrate } from "./migrate.ts";
import type { QuestionName } from "./questions.ts";
import { questions } from "./questions.ts";
import { readArms } from "./read-arms.ts";
import { readEmbeddings } from "./read-embeddings.ts";
import type { TimeSpan } from "./read-measures.ts";
import { readEvidence, readMeasures } from "./read-measures.ts";
import { refuseUnlessReadOnly } from "./read-only-sql.ts";
import { readUnitArms } from "./read-unit-arms.ts";
import { renderQuestion } from "./render-question.ts";
import { readStates, saveStates } from "./role-states.ts";
import { saveConclusions } from "./save-conclusions.ts";
import { saveEvents } from "./save-events.ts";
import { saveFeedback } from "./save-feedback.ts";
import { saveReports } from "./save-reports.ts";
import type { SqlClient } from "./sql-client.ts";
import type {
  AnswerRow,
  AppendOptions,
  Batch,
  QuestionParameters,
  ReceivedFeedback,
  ReceivedReport,
  Store,
  UnitSpan,
} from "./store.ts";
import { judgeHealth } from "./telemetry-health.ts";

/** What a store is opened with. */
export interface StoreDeps {
  readonly config: StoreConfig;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** What the store port is made of. */
interface ClickHouseDeps extends StoreDeps {
  readonly sql: SqlClient;
  /** Appends of one lane follow each other; those of a partition must have one lane. */
  readonly laneOf: (batch: Batch) => string;
  /** Makes what the statements of a migration take for granted. */
  readonly beforeMigrate?: () => Promise<void>;
}

/** A series without calls for longer starts anew. */
const evidenceDays = 30;

/** The store port on ClickHouse, wherever it runs. */
export class ClickHouseStore implements Store {
  readonly #deps: ClickHouseDeps;
  readonly #lastOfLane = new Map<string, Promise<unknown>>();

  constructor(deps: ClickHouseDeps) {
    this.#deps = deps;
  }

  readonly migrate = async (): Promise<void> => {
    await this.#deps.beforeMigrate?.();
    await migrate(this.#deps);
  };

  /** What one append has under way, the next one of its partition would take for a stranger's. */
  readonly append = (batch: Batch, options: AppendOptions): Promise<void> =>
    this.#inLane(this.#deps.laneOf(batch), () => appendBatch(this.#deps, batch, options));

  /** They have a lane of their own: they wait for no batch, and what they tell is of use only now. */
  readonly saveReports = (received: readonly ReceivedReport[]): Promise<void> =>
    this.#inLane("reports of gateways", () => saveReports(this.#deps, received));

  readonly saveFeedback = (received: readonly ReceivedFeedback[]): Promise<void> =>
    this.#inLane("feedback", () => saveFeedback(this.#deps, received));

  readonly readMeasures = (span: TimeSpan): Promise<readonly MeasuredMinute[]> => readMeasures(this.#deps.sql, span);

  readonly readEmbeddings = (span: TimeSpan): Promise<readonly EmbeddedMinute[]> =>
    readEmbeddings(this.#deps.sql, span);

  readonly sumHours = (span: TimeSpan): Promise<readonly MeasuredMinute[]> => sumHours(this.#deps.sql, span);

  readonly saveHour = (measured: readonly MeasuredMinute[]): Promise<void> =>
    this.#inLane("conclusions", () => saveHour(this.#deps.sql, measured));

  readonly readHours = (span: TimeSpan, family: MeasuredFamily): Promise<readonly MeasuredMinute[]> =>
    readHours(this.#deps.sql, span, family);

  readonly readArms = (span: TimeSpan): Promise<readonly ArmTally[]> => readArms(this.#deps.sql, span);

  readonly readUnitArms = async (span: UnitSpan): Promise<readonly ArmTally[]> => {
    await this.#inLane("units of canaries", () => foldUnits(this.#deps, span, span.toMs));
    return await readUnitArms(this.#deps.sql, span);
  };

  readonly readEvidence = (detector: string): Promise<readonly Evidence[]> =>
    readEvidence(this.#deps.sql, { detector, days: evidenceDays });

  readonly saveConclusions = (conclusions: Conclusions): Promise<void> =>
    this.#inLane("conclusions", () => saveConclusions(this.#deps.sql, conclusions));

  readonly saveEvents = (events: RoleEvents): Promise<void> =>
    this.#inLane("events", () => saveEvents(this.#deps.sql, events));

  readonly saveStates = (owner: string, states: readonly RoleState[]): Promise<void> =>
    this.#inLane(`states of ${owner}`, () => saveStates(this.#deps, owner, states));

  readonly readStates = (owner: string): Promise<readonly RoleState[]> => readStates(this.#deps.sql, owner);

  readonly ask = async (name: QuestionName, parameters: QuestionParameters): Promise<readonly AnswerRow[]> => {
    const { sql, config } = this.#deps;
    const rendered = renderQuestion(questions[name], parameters);
    const rows = await sql.select(rendered.sql, rendered.parameters);
    return name === "telemetry_health" ? rows.map((row) => judgeHealth(row, config.trust, parameters.toMs)) : rows;
  };

  readonly query = async (sql: string): Promise<readonly AnswerRow[]> => {
    const refusal = refuseUnlessReadOnly(sql);
    if (refusal !== null) {
      throw new PlumblineError("store.rejected", refusal.reason);
    }
    return await this.#deps.sql.select(sql);
  };

  readonly close = async (): Promise<void> => {
    await Promise.all(this.#lastOfLane.values());
    await this.#deps.sql.close();
  };

  async #inLane(lane: string, work: () => Promise<void>): Promise<void> {
    const before = this.#lastOfLane.get(lane) ?? Promise.resolve();
    const run = before.then(work);
    this.#lastOfLane.set(
      lane,
      run.catch(() => {}),
    );
    await run;
  }
}
