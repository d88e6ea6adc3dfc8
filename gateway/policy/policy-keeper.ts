import { readPolicyFile, writePolicyFile } from "./policy-file.ts";
import type { SignedBytes } from "./verdict-record.ts";

/** Where verdicts are kept, and who hears of failures. */
export interface PolicyKeeperArgs {
  readonly file: string;
  readonly onError: (error: unknown) => void;
}

/** Keeps the latest verdict on each subject on disk, as it was signed. Nobody waits for the disk. */
export class PolicyKeeper {
  readonly #args: PolicyKeeperArgs;
  readonly #kept = new Map<string, SignedBytes>();
  #isStale = false;
  #writing: Promise<void> | null = null;

  constructor(args: PolicyKeeperArgs) {
    this.#args = args;
  }

  /** What the disk holds; its reader must verify it. */
  load(): readonly SignedBytes[] {
    return readPolicyFile(this.#args.file);
  }

  /** Takes the latest verdict on a subject in the place of the one before. */
  keep(subject: string, signed: SignedBytes): void {
    this.#kept.set(subject, signed);
  }

  /** Writes what is kept now; many calls in a row make few writes. */
  save(): void {
    this.#isStale = true;
    this.#writing ??= this.#write();
  }

  /** Resolves when what was to be saved is on disk, or could not be written. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      await writePolicyFile(this.#args.file, [...this.#kept.values()]).catch(this.#args.onError);
    }
    this.#writing = null;
  }
}
