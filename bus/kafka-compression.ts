import { promisify } from "node:util";
import { zstdCompress, zstdDecompress } from "node:zlib";

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Bytes that a record batch may have when it is unpacked: a few bytes of zeros can claim to be any number of gigabytes. */
const maxUnpackedBytes = 256 * 1024 * 1024;

/** Zstandard by Node's own zlib, in the shape that clients take codecs in. */
export const zstdCodec = {
  compress: ({ buffer }: { readonly buffer: Buffer }): Promise<Buffer> => compress(buffer),
  decompress: (buffer: Buffer): Promise<Buffer> => decompress(buffer, { maxOutputLength: maxUnpackedBytes }),
};
