import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frameBytes, parseFrames, writeFrame } from "../../../gateway/telemetry/frame.ts";
import { SegmentReader } from "../../../gateway/telemetry/segment-reader.ts";
import { tempFolder } from "./temp-folder.ts";

const payloadsOf = (max: number) =>
  fc.array(fc.uint8Array({ minLength: 1, maxLength: max }), { minLength: 1, maxLength: 8 });

const fileOf = (payloads: readonly Uint8Array[]): Buffer =>
  Buffer.concat(
    payloads.map((payload) => {
      const frame = Buffer.alloc(frameBytes(payload));
      writeFrame(frame, payload);
      return frame;
    }),
  );

const readAll = async (path: string, size: number, maxBytes: number) => {
  const reader = new SegmentReader(path);
  const payloads: number[][] = [];
  for (;;) {
    const read = await reader.read(size, maxBytes);
    payloads.push(...read.payloads.map((payload) => [...payload]));
    if (read.verdict !== "ok") {
      await reader.close();
      return { payloads, verdict: read.verdict, badBytes: read.badBytes };
    }
  }
};

const asArrays = (payloads: readonly Uint8Array[]): number[][] => payloads.map((payload) => [...payload]);

describe("frames", () => {
  it("come back as they were written, however the file is cut into reads", async () => {
    const path = join(tempFolder(), "a.spool");
    await fc.assert(
      fc.asyncProperty(payloadsOf(200), fc.integer({ min: 8, max: 500 }), async (payloads, maxBytes) => {
        const file = fileOf(payloads);
        writeFileSync(path, file);
        const read = await readAll(path, file.length, maxBytes);
        expect(read).toEqual({ payloads: asArrays(payloads), verdict: "end", badBytes: 0 });
      }),
      { numRuns: 60 },
    );
  });

  it("before a torn end all come back, wherever the end was torn", async () => {
    const path = join(tempFolder(), "a.spool");
    await fc.assert(
      fc.asyncProperty(payloadsOf(60), fc.nat(), async (payloads, cut) => {
        const last = frameBytes(payloads.at(-1) ?? new Uint8Array());
        const lost = 1 + (cut % (last - 1));
        const file = fileOf(payloads);
        writeFileSync(path, file);
        truncateSync(path, file.length - lost);
        const read = await readAll(path, file.length - lost, 64);
        expect(read).toEqual({ payloads: asArrays(payloads.slice(0, -1)), verdict: "torn", badBytes: last - lost });
      }),
      { numRuns: 60 },
    );
  });

  it("never come back changed when a byte of the file has changed", () => {
    fc.assert(
      fc.property(payloadsOf(60), fc.nat(), fc.integer({ min: 1, max: 255 }), (payloads, at, flip) => {
        const file = fileOf(payloads);
        const index = at % file.length;
        file[index] = (file[index] ?? 0) ^ flip;
        const found = asArrays(parseFrames(file).payloads);
        expect(found.length).toBeLessThan(payloads.length);
        expect(found).toEqual(asArrays(payloads.slice(0, found.length)));
      }),
    );
  });

  it("are not taken for a torn end when a length is damaged and others follow, or more than a frame could hold", async () => {
    const path = join(tempFolder(), "a.spool");
    const payloads = ["first", "second", "third"].map((text) => Buffer.from(text));
    for (const [at, flip] of [
      [0, 64],
      [1, 1],
      [3, 128],
    ] as const) {
      const file = fileOf(payloads);
      const start = frameBytes(Buffer.from("first"));
      file[start + at] = (file[start + at] ?? 0) ^ flip;
      writeFileSync(path, file);
      expect(await readAll(path, file.length, 1_000)).toMatchObject({
        payloads: [[...Buffer.from("first")]],
        verdict: "corrupt",
      });
    }
    const long = Buffer.concat([fileOf([Buffer.from("first")]), Buffer.alloc(2_000_000, 0xff)]);
    writeFileSync(path, long);
    expect(await readAll(path, long.length, 1_000)).toMatchObject({ verdict: "corrupt", badBytes: 2_000_000 });
  });

  it("are told apart from damage before the end and from an end of zeros", async () => {
    const path = join(tempFolder(), "a.spool");
    const [first, second] = [Buffer.from("first"), Buffer.from("second")];
    const damaged = fileOf([first, second, first]);
    damaged[frameBytes(first) + 10] = 0;
    writeFileSync(path, damaged);
    expect(await readAll(path, damaged.length, 1000)).toMatchObject({ payloads: [[...first]], verdict: "corrupt" });
    const blank = Buffer.concat([fileOf([first]), Buffer.alloc(5000)]);
    writeFileSync(path, blank);
    expect(await readAll(path, blank.length, 1000)).toEqual({
      payloads: [[...first]],
      verdict: "torn",
      badBytes: 5000,
    });
  });
});
