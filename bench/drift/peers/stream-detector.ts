/** A detector that takes values one by one. */
export interface StreamDetector {
  /** Whether this value makes an alarm; after one the detector has begun again as its authors do. */
  readonly add: (value: number) => boolean;
}
