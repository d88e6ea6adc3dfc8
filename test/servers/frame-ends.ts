const headerBytes = 4;

/**
 * Follows one direction of a connection that carries frames as Kafka does, four bytes of length and then that many bytes.
 * The function it returns takes the next chunk and tells at which offsets of the chunk a frame is complete.
 */
export const createFrameEnds = (): ((chunk: Uint8Array) => readonly number[]) => {
  let header = 0;
  let headerLeft = headerBytes;
  let bodyLeft = 0;
  return (chunk) => {
    const ends: number[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (headerLeft > 0) {
        header = header * 256 + (chunk[at] ?? 0);
        headerLeft -= 1;
        at += 1;
        bodyLeft = header;
      } else {
        const step = Math.min(bodyLeft, chunk.length - at);
        bodyLeft -= step;
        at += step;
      }
      if (headerLeft === 0 && bodyLeft === 0) {
        ends.push(at);
        header = 0;
        headerLeft = headerBytes;
      }
    }
    return ends;
  };
};
