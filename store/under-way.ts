/** Tasks that have begun and not ended. */
export class UnderWay {
  readonly #tasks = new Set<Promise<unknown>>();

  /** Runs a task and counts it until it ends, however it ends. */
  readonly run = async <T>(task: () => Promise<T>): Promise<T> => {
    const running = task();
    this.#tasks.add(running);
    try {
      return await running;
    } finally {
      this.#tasks.delete(running);
    }
  };

  /** Resolves when every task that is under way now has ended. */
  readonly ended = async (): Promise<void> => {
    await Promise.allSettled(this.#tasks);
  };
}
