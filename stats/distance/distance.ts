/** How far two samples are apart, and how far identical ones would seem to be. */
export interface Distance {
  readonly value: number;
  /** What samples of these sizes from one distribution stay below in 95 of 100 cases. */
  readonly noise: number;
  /** What remains of the value beyond the noise; 0 when nothing does. */
  readonly corrected: number;
}

/** Level of the quantile that counts as noise. */
export const noiseLevel = 0.95;

/** A distance of which the noise is subtracted as it is. */
export const beyondNoise = (value: number, noise: number): Distance => ({
  value,
  noise,
  corrected: Math.max(0, value - noise),
});

/** A distance of which squares add up: noise is subtracted from the square. Takes the squares. */
export const beyondSquaredNoise = (squared: number, noise: number): Distance => ({
  value: Math.sqrt(Math.max(0, squared)),
  noise: Math.sqrt(noise),
  corrected: Math.sqrt(Math.max(0, squared - noise)),
});
