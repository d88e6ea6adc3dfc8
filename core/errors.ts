import { providerErrors } from "./errors-providers.ts";

/**
 * The closed list of what can go wrong, with what a reader should do about it.
 * `retryable` means that the same input may succeed later; everything else fails again.
 */
export const errorCodes = {
  "config.invalid": { retryable: false, help: "Correct the lines named and start again." },
  "config.unreadable": { retryable: false, help: "Check that the configuration file exists and can be read." },
  "data.read_only": {
    retryable: false,
    help: "Give the process write permission on the data folder, or set data.dir.",
  },
  "data.newer_version": {
    retryable: false,
    help: "The folder was written by a newer Plumbline: upgrade, or set data.dir.",
  },
  "data.in_use": { retryable: false, help: "Another process owns this data folder: stop it, or set data.dir." },
  "port.in_use": {
    retryable: false,
    help: "Another program listens on this port: stop it, or configure another port.",
  },
  "bus.full": { retryable: true, help: "Consumers are behind and the log is at its size limit: let them catch up." },
  "bus.fenced": { retryable: true, help: "The partition moved to another consumer; that one continues." },
  "bus.closed": { retryable: true, help: "The bus was closed while a call was under way." },
  "bus.too_large": { retryable: false, help: "Split the message: it is larger than the bus accepts." },
  "bus.unknown_partition": { retryable: false, help: "The topic was made anew with fewer partitions." },
  "bus.unavailable": { retryable: true, help: "The bus cannot be reached or its disk cannot be written." },
  "spool.full": {
    retryable: true,
    help: "The gateway holds as many calls for the bus as gateway.spool.budgetBytes allows: see why the bus takes none.",
  },
  "spool.unwritable": { retryable: true, help: "The gateway's spool cannot be written: check its disk." },
  "spool.corrupt": {
    retryable: false,
    help: "A spool file was damaged on disk: what was readable is shipped, the file is kept beside it.",
  },
  "store.unavailable": { retryable: true, help: "ClickHouse cannot be reached: the pipeline waits and loses nothing." },
  "store.rejected": { retryable: false, help: "ClickHouse refused the statement: see the cause." },
  "store.unknown_question": { retryable: false, help: "Ask one of the questions that `plumbline ask --help` lists." },
  "store.bad_parameter": { retryable: false, help: "Correct the parameter named in the message." },
  "policy.unwritable": {
    retryable: true,
    help: "The gateway cannot keep the verdicts in force on its disk: after a restart it knows them only from the bus.",
  },
  "span.undecodable": {
    retryable: false,
    help: "The record is no OTLP ExportTraceServiceRequest in protobuf or JSON; it went to dead letters.",
  },
  "span.unusable": {
    retryable: false,
    help: "Spans of the record have no valid id or time; they went to dead letters, the others were stored.",
  },
  "record.bad_origin": {
    retryable: false,
    help: "The record says that it was sent again, from a place where it never was: find out who wrote it.",
  },
  "processors.internal": { retryable: false, help: "A defect in the processors: report it with the dead letter." },
  "census.unreadable": {
    retryable: false,
    help: "The record is no report of a gateway that this version knows; it went to dead letters.",
  },
  "feedback.unreadable": {
    retryable: false,
    help: "The record is no outcome or score of a call, as docs/feedback.md describes it; it went to dead letters.",
  },
  "request.malformed": {
    retryable: false,
    help: "The body must be a JSON object as the API of its path describes it.",
  },
  "request.too_large": { retryable: false, help: "Shorten the request, or raise gateway.bodyLimitBytes." },
  "request.timeout": {
    retryable: true,
    help: "Send the request faster, or raise gateway.callerTimeouts: it did not come whole in time.",
  },
  "request.unknown_route": { retryable: false, help: "Name a route of the configuration, or leave the header out." },
  "request.unknown_model": { retryable: false, help: "GET /v1/models lists the models that are served." },
  "request.unknown_path": {
    retryable: false,
    help: "The gateway serves POST /v1/chat/completions, /v1/responses, /v1/messages, /v1/embeddings and /v1/feedback, and GET /v1/models.",
  },
  "request.unsupported": {
    retryable: false,
    help: "The route's target has no place for what the message names: see docs/gateway.md, and use another route or model.",
  },
  "key.invalid": {
    retryable: false,
    help: "Send a key of gateway.keys that is neither disabled nor expired; `plumbline keys create` makes one.",
  },
  "key.forbidden": {
    retryable: false,
    help: "The key's entry in gateway.keys lists the models and routes that it may use.",
  },
  "budget.exceeded": {
    retryable: false,
    help: "A budget in dollars has no room for the call: see gateway.budgets.limits, or wait for its next window.",
  },
  "budget.rate": { retryable: true, help: "More calls or tokens than gateway.budgets.limits allows in a minute." },
  "budget.unpriced": {
    retryable: false,
    help: "Name the model's price in processors.prices, or set gateway.budgets.unpriced to allow.",
  },
  "budget.unreadable": {
    retryable: false,
    help: "A record is no report of what a gateway has spent that this version knows: see who writes to plumbline.spending.",
  },
  "budget.unwritable": {
    retryable: true,
    help: "What budgets have spent cannot be read from or written to its file in the data folder: check the disk.",
  },
  "request.over_cap": {
    retryable: false,
    help: "Ask for fewer tokens, or raise the caps of the key or the route.",
  },
  ...providerErrors,
  "gateway.draining": { retryable: true, help: "This gateway is shutting down: send the call again." },
  "gateway.internal": { retryable: true, help: "A defect in the gateway: report it with the call id." },
  "replay.bad_line": {
    retryable: false,
    help: "Each line must be a JSON object with query, answer, model and latency_s.",
  },
  "http.unknown_path": { retryable: false, help: "GET / is the page; its API is under /api." },
  "http.method_not_allowed": { retryable: false, help: "Ask with a method that the answer's header `allow` names." },
  "http.internal": { retryable: true, help: "A defect in the console: its log has the cause." },
  "http.invalid_request": { retryable: false, help: "Correct what the message names, all of it; nothing was changed." },
  "http.not_json": { retryable: false, help: "Send a body of JSON with `content-type: application/json`." },
  "http.too_large": { retryable: false, help: "Send at most 64 KiB; an Alertmanager at most 4 MiB." },
  "http.foreign_origin": {
    retryable: false,
    help: "A page of another origin asked: list its origin in alerts.api.origins if it is yours.",
  },
  "http.unauthorized": { retryable: false, help: "Send the token of alerts.api.token as bearer token." },
  "http.too_many_requests": { retryable: true, help: "Come back later, or raise alerts.api.changesPerSecond." },
  "console.unreachable": {
    retryable: true,
    help: "Start Plumbline with the roles alerts and console, or name its console with --url.",
  },
  "delivery.unreachable": {
    retryable: true,
    help: "A receiver of alerts cannot be reached or asks for time: see its address in alerts.delivery.receivers.",
  },
  "delivery.refused": {
    retryable: false,
    help: "A receiver of alerts refused a notification: correct its settings, then send the dead letter again.",
  },
  "delivery.dropped": {
    retryable: false,
    help: "A notification had no receiver any more, or gave way in a full queue: see alerts.delivery.queueLimit.",
  },
  "delivery.unknown": {
    retryable: false,
    help: "`plumbline alerts silences` and `plumbline alerts dead-letters` list what there is; nothing was changed.",
  },
  "canary.unknown": { retryable: false, help: "`plumbline canary status` lists the canaries there are." },
  "canary.elsewhere": {
    retryable: true,
    help: "Ask again in a few seconds, or ask the console of the process whose role alerts leads.",
  },
  "canary.refused": { retryable: false, help: "Correct what the message names; nothing was changed." },
  "baseline.unknown": { retryable: false, help: "`plumbline baseline list` lists the baselines that are pinned." },
  "baseline.refused": {
    retryable: false,
    help: "Name a window that is over and holds enough answers, in whole hours; nothing was changed.",
  },
  "dlq.unknown_letter": {
    retryable: false,
    help: "`plumbline dlq list --redriven` shows every letter there is; nothing was sent.",
  },
  "rule.invalid": { retryable: false, help: "Correct the lines named; docs/alerts.md says what a rule may hold." },
  "rule.bad_answer": {
    retryable: false,
    help: "A rule compares or names a column that its SQL does not return, or that holds no number: correct the rule.",
  },
  "cli.usage": { retryable: false, help: "See `plumbline --help`." },
} as const;

/** One of the closed list of error codes. */
export type ErrorCode = keyof typeof errorCodes;

/** An error with a code of the closed list; `cause` keeps what led to it. */
export class PlumblineError extends Error {
  override readonly name = "PlumblineError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  /** Whether the same input may succeed later. */
  get isRetryable(): boolean {
    return errorCodes[this.code].retryable;
  }
}

/** Whether trying again can help; an error without a code of ours counts as permanent. */
export const isRetryable = (error: unknown): boolean => error instanceof PlumblineError && error.isRetryable;

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
