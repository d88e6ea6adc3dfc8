/** How a command reports the exit code of the process. */
export type ReportExit = (code: number) => void;
