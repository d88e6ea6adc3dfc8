import { z } from "zod";
import { secret } from "../../config/secret.ts";

/** Settings of the API of canaries and of its hooks. */
export const apiConfig = z
  .strictObject({
    token: secret()
      .optional()
      .describe(
        "What callers who change something send as bearer token, or as password of basic authentication; absent asks for none. Write `${VAR}` to take it from the environment.",
      ),
    origins: z
      .array(z.url({ protocol: /^https?$/ }))
      .max(100)
      .default([])
      .describe(
        "Origins under which the console is opened besides loopback and addresses of the Internet Protocol, such as https://plumbline.example.com; pages of other origins cannot move traffic.",
      ),
    changesPerSecond: z
      .int()
      .min(1)
      .max(1_000)
      .default(20)
      .describe(
        "Changes a second, on average, above which callers are told to come back; what changes nothing is not bounded.",
      ),
  })
  .prefault({});

/** Settings of the API of canaries and of its hooks. */
export type ApiConfig = z.infer<typeof apiConfig>;
