/** What one top-level folder may import of ours, and why not more. Entries are folders, or globs of single files. */
export interface FolderRule {
  /** Position in the tree: imports go from a higher level to a lower one. */
  readonly level: number;
  readonly mayImport: readonly string[];
  readonly reason: string;
  /** A stage has its own half-page README.md and its config.ts. */
  readonly isStage?: boolean;
}

const outside = "it describes, measures or provisions the system, and so nothing may depend on it";
const stage = "a stage knows messages and tables, never another stage: any of them can be replaced or run alone";

/** Design section 1 as data. A folder that is not here fails the architecture test. */
export const folders: Readonly<Record<string, FolderRule>> = {
  core: { level: 0, mayImport: [], reason: "everybody depends on it: whatever it imported, everybody would import" },
  stats: { level: 1, mayImport: [], reason: "numbers in, numbers out: a reader checks it against the papers alone" },
  config: { level: 1, mayImport: ["core"], reason: "values flow from configuration to the stages, not back" },
  bus: { level: 2, mayImport: ["core", "config"], reason: "a port knows bytes, not what they mean", isStage: true },
  store: { level: 2, mayImport: ["core", "config"], reason: "a port knows rows, not who asks for them", isStage: true },
  gateway: {
    level: 3,
    mayImport: ["core", "config", "bus"],
    reason: "it must serve callers while the store is down, and so it must not be able to wait for one",
    isStage: true,
  },
  collector: { level: 3, mayImport: ["core", "config", "bus"], reason: stage, isStage: true },
  processors: { level: 3, mayImport: ["core", "config", "stats", "bus", "store"], reason: stage, isStage: true },
  alerts: { level: 3, mayImport: ["core", "config", "stats", "bus", "store"], reason: stage, isStage: true },
  dashboards: {
    level: 3,
    mayImport: ["core", "store/catalogue*.ts", "store/questions*.ts"],
    reason: "panels are text about named questions: whoever shows them brings the connection",
    isStage: true,
  },
  app: {
    level: 4,
    mayImport: [
      "core",
      "stats",
      "config",
      "bus",
      "store",
      "gateway",
      "collector",
      "processors",
      "alerts",
      "dashboards",
      "package.json",
    ],
    reason: "it is the only place where ports meet adapters",
  },
  bin: { level: 5, mayImport: ["app"], reason: "an old Node must be able to read it: it holds nothing but the start" },
  bench: { level: 6, mayImport: ["*"], reason: outside },
  docs: { level: 6, mayImport: ["*"], reason: outside },
  deploy: { level: 6, mayImport: ["*"], reason: outside },
  changes: { level: 6, mayImport: [], reason: outside },
  test: { level: 7, mayImport: ["*"], reason: outside },
};

/** Packages of others, and the only files that may import them. */
export interface VendorRule {
  readonly packages: readonly string[];
  /** Folders, or globs of single files. */
  readonly allowedIn: readonly string[];
  readonly reason: string;
}

const swappable = "another engine must be able to take its place behind the port";
const oneRuntime = "a stage must not choose how the process logs, measures or reads its arguments";

/** A package that is not here fails the architecture test. `test/` and `bench/` may import any. */
export const vendors: readonly VendorRule[] = [
  { packages: ["zod"], allowedIn: ["*"], reason: "every border has a schema" },
  { packages: ["@opentelemetry/api"], allowedIn: ["*"], reason: "it is made to be imported anywhere" },
  { packages: ["simple-statistics"], allowedIn: ["stats"], reason: "numbers are computed in one place" },
  { packages: ["yaml"], allowedIn: ["config"], reason: "one reader of configuration text" },
  { packages: ["kafkajs"], allowedIn: ["bus/kafka*.ts"], reason: swappable },
  { packages: ["lmdb"], allowedIn: ["bus/embedded*.ts"], reason: swappable },
  { packages: ["@clickhouse/client", "chdb"], allowedIn: ["store/clickhouse*.ts"], reason: swappable },
  { packages: ["express"], allowedIn: ["gateway", "collector"], reason: "HTTP stays at the doors of the system" },
  {
    packages: ["undici", "@opentelemetry/sdk-node", "@opentelemetry/resources", "@opentelemetry/otlp-transformer"],
    allowedIn: ["gateway"],
    reason: "calling providers and making spans is the gateway's work",
  },
  {
    packages: ["pbf", "@pydantic/genai-prices"],
    allowedIn: ["processors"],
    reason: "decoding and pricing happen once, in the pipeline, never in a caller's way",
  },
  {
    packages: ["@grafana/grafana-foundation-sdk", "uplot"],
    allowedIn: ["dashboards"],
    reason: "how a panel looks is nobody else's business",
  },
  { packages: ["nodemailer"], allowedIn: ["alerts/delivery/email*.ts"], reason: "one receiver speaks SMTP" },
  { packages: ["prom-client", "pino", "commander"], allowedIn: ["app"], reason: oneRuntime },
];

/** Things of the process that only some folders may touch. */
export const confinedCode: readonly {
  readonly pattern: RegExp;
  readonly allowedIn: readonly string[];
  readonly reason: string;
}[] = [
  {
    pattern: /\bprocess\.env\b/,
    allowedIn: ["config", "bin", "test"],
    reason: "a setting that is not in the configuration reference cannot be found by an operator",
  },
  {
    pattern: /\bprocess\.exit\(/,
    allowedIn: ["app", "bin", "test"],
    reason: "an exit from inside would lose what others have accepted and not saved",
  },
];
