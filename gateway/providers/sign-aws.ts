import { createHash, createHmac } from "node:crypto";

/** A key of Amazon's, and what it signs for. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Null for a lasting key. */
  readonly sessionToken: string | null;
  readonly region: string;
  /** The service's name in signatures, such as `bedrock`. */
  readonly service: string;
}

/** A request as it will be sent. */
export interface UnsignedRequest {
  readonly method: string;
  readonly host: string;
  /** Each of its segments is percent-encoded. */
  readonly path: string;
  /** Names and values as they are in the address, in any order; empty without a query. */
  readonly query: string;
  /** Further headers to sign, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

const algorithm = "AWS4-HMAC-SHA256";

/** The headers that sign a request: Amazon's Signature Version 4 of all but its S3, which encodes paths once only. */
export const signAws = (request: UnsignedRequest, credentials: AwsCredentials): Readonly<Record<string, string>> => {
  const { region, service, accessKeyId, sessionToken } = credentials;
  const time = new Date(request.nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const scope = [time.slice(0, 8), region, service, "aws4_request"].join("/");
  const added = {
    "x-amz-date": time,
    ...(sessionToken === null ? {} : { "x-amz-security-token": sessionToken }),
  };
  const signed = Object.entries({ ...request.headers, ...added, host: request.host }).toSorted(byName);
  const names = signed.map(([name]) => name).join(";");
  const canonical = [
    request.method,
    request.path.split("/").map(encodeSegment).join("/"),
    request.query.split("&").toSorted(byBytes).join("&"),
    ...signed.map(([name, value]) => `${name}:${value.trim().replaceAll(/ +/g, " ")}`),
    "",
    names,
    sha256(request.body),
  ].join("\n");
  const text = [algorithm, time, scope, sha256(canonical)].join("\n");
  const signature = createHmac("sha256", signingKey(scope, credentials)).update(text).digest("hex");
  const authorization = `${algorithm} Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...added, authorization };
};

/** The key is derived anew for each day, region and service: what is under way never holds the secret itself. */
const signingKey = (scope: string, { secretAccessKey }: AwsCredentials): Buffer =>
  scope
    .split("/")
    .reduce<Buffer>(
      (key, part) => createHmac("sha256", key).update(part).digest(),
      Buffer.from(`AWS4${secretAccessKey}`),
    );

const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");

/** A percent-encoded segment encoded once more, as signatures want it. */
const encodeSegment = (segment: string): string =>
  encodeURIComponent(segment).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => byBytes(a, b);

const byBytes = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
