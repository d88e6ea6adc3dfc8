/** Whether a process of this machine runs under `pid`; a process of another user counts as running. */
export const isProcessRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
};
