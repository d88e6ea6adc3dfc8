import { createHash, randomBytes } from "node:crypto";
import type { Command } from "commander";

interface CreateFlags {
  readonly organisation?: string;
  readonly team?: string;
  readonly tenant?: string;
  readonly user?: string;
  readonly expiresAt?: string;
}

/** Bytes of chance in a key: no one finds it by trying, however fast its hash is. */
const keyBytes = 32;

/** Adds `plumbline keys create`: a new key, shown once, and the entry of `gateway.keys` that knows it by its hash. */
export const addKeysCommand = (program: Command): void => {
  program
    .command("keys")
    .description("work with virtual keys")
    .command("create")
    .description("make a key and print it, once, with its entry for gateway.keys; nothing is stored")
    .argument("<id>", "name of the key in records")
    .option("--organisation <name>", "organisation that it belongs to")
    .option("--team <name>", "team that it belongs to")
    .option("--tenant <name>", "tenant of its calls")
    .option("--user <name>", "whose key it is")
    .option("--expires-at <time>", "when it ends, in ISO 8601")
    .action((id: string, flags: CreateFlags) => {
      process.stdout.write(keyText(id, flags));
    });
};

/** JSON texts are YAML too, whatever a name holds. */
const keyText = (id: string, flags: CreateFlags): string => {
  const key = `plk-${randomBytes(keyBytes).toString("base64url")}`;
  const sha256 = createHash("sha256").update(key).digest("hex");
  const members = Object.entries({ id, sha256, ...flags }).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `The key, shown this once:

  ${key}

Its entry in plumbline.yaml, under gateway:

  keys:
    - ${members.join("\n      ")}
`;
};
