import { readdirSync } from "node:fs";
import { join } from "node:path";

/** A spool file by its name: frames of one gateway, numbered from `first` upwards. */
export interface SegmentFile {
  readonly path: string;
  readonly gatewayId: string;
  /** Sequence of the file's first frame, from 1. */
  readonly first: number;
}

/** A mark that `holder` has taken over what the dead gateway `gatewayId` left. */
export interface ClaimFile {
  readonly path: string;
  readonly gatewayId: string;
  readonly holder: string;
}

/** What a spool folder holds. Segments are in order of their sequences. */
export interface SpoolFolder {
  readonly segments: readonly SegmentFile[];
  readonly claims: readonly ClaimFile[];
  /** Ids that have a file of calls under way. */
  readonly begun: readonly string[];
  /** Ids that have an owner file. */
  readonly owners: readonly string[];
}

const segmentName = /^([\w-]+)-(\d+)\.spool$/;
const claimName = /^([\w-]+)\.([\w-]+)\.claim$/;
const begunName = /^([\w-]+)\.begun$/;
const ownerName = /^([\w-]+)\.owner$/;

/** Whether an id can be part of the file names here. */
export const isGatewayId = (id: string): boolean => /^[\w-]{1,120}$/.test(id);

/** Path of the spool file whose first frame has this sequence. */
export const segmentPath = (dir: string, gatewayId: string, first: number): string =>
  join(dir, `${gatewayId}-${first}.spool`);

/** Path of the file in which a gateway notes its calls under way. */
export const begunPath = (dir: string, gatewayId: string): string => join(dir, `${gatewayId}.begun`);

/** Path of the file that says which process a gateway is. */
export const ownerPath = (dir: string, gatewayId: string): string => join(dir, `${gatewayId}.owner`);

/** Path of the mark by which `holder` takes over what a dead gateway left. */
export const claimPath = (dir: string, gatewayId: string, holder: string): string =>
  join(dir, `${gatewayId}.${holder}.claim`);

/** Path of the payload of a frame that the bus refused for good. */
export const rejectedPath = (dir: string, gatewayId: string, sequence: number): string =>
  join(dir, `${gatewayId}-${sequence}.rejected`);

/** Lists a spool folder; files of other names are left alone. */
export const listSpoolFolder = (dir: string): SpoolFolder => {
  const names = readdirSync(dir);
  const segments = names.flatMap((name) => {
    const [, gatewayId, first] = segmentName.exec(name) ?? [];
    return gatewayId === undefined ? [] : [{ path: join(dir, name), gatewayId, first: Number(first) }];
  });
  const claims = names.flatMap((name) => {
    const [, gatewayId, holder] = claimName.exec(name) ?? [];
    return gatewayId === undefined || holder === undefined ? [] : [{ path: join(dir, name), gatewayId, holder }];
  });
  const owners = names.flatMap((name) => ownerName.exec(name)?.[1] ?? []);
  const begun = names.flatMap((name) => begunName.exec(name)?.[1] ?? []);
  return { segments: segments.sort((a, b) => a.first - b.first), claims, begun, owners };
};
