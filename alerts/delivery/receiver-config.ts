import { z } from "zod";
import { secret } from "../../config/secret.ts";

const webAddress = (): z.ZodType<string> => z.url({ protocol: /^https?$/, error: "expected an http or https address" });

const mailAddress = () => z.string().regex(/^[^\s<>@,]+@[^\s<>@,]+$/, "expected an address such as name@example.org");

const sendsResolved = z.boolean().default(true).describe("Whether it is told that an alert has ended.");

/** Writes a line to Plumbline's own log. */
const logReceiver = z.strictObject({ kind: z.literal("log"), sendsResolved });

/** Posts Alertmanager's webhook payload, version 4. */
const webhookReceiver = z.strictObject({
  kind: z.literal("webhook"),
  url: webAddress().describe("Where notifications are posted; redirections are not followed."),
  secret: secret()
    .optional()
    .describe("Key of the `HMAC-SHA256` in the header `plumbline-signature`; absent leaves notifications unsigned."),
  bearerToken: secret().optional().describe("Token of the header authorization; absent sends none."),
  maxAlerts: z.int().min(0).max(100_000).default(0).describe("Alerts of one notification; 0 sends all of them."),
  sendsResolved,
});

/** Posts alerts to an Alertmanager, which groups, silences and tells them by itself. */
const alertmanagerReceiver = z.strictObject({
  kind: z.literal("alertmanager"),
  url: webAddress().describe("Base address, to which /api/v2/alerts is added."),
  bearerToken: secret().optional().describe("Token of the header authorization; absent sends none."),
  resendSeconds: z
    .int()
    .min(1)
    .max(3_600)
    .default(60)
    .describe(
      "Seconds after which an alert that fires is posted again; it counts as over when four of them were missed.",
    ),
});

/** Posts to an incoming webhook of Slack, or of what accepts the same. */
const slackReceiver = z.strictObject({
  kind: z.literal("slack"),
  url: secret()
    .refine((url) => webAddress().safeParse(url).success, "expected an http or https address")
    .describe("Address of the incoming webhook, which is a secret of its own."),
  sendsResolved,
});

/** Triggers and resolves incidents of PagerDuty, one for each group. */
const pagerdutyReceiver = z.strictObject({
  kind: z.literal("pagerduty"),
  url: webAddress()
    .default("https://events.pagerduty.com/v2/enqueue")
    .describe("Address of the Events API, version 2."),
  routingKey: secret().describe("Integration key of the service."),
  sendsResolved,
});

/** Sends e-mail. */
const emailReceiver = z.strictObject({
  kind: z.literal("email"),
  host: z.string().min(1).describe("Name of the mail server."),
  port: z.int().min(1).max(65_535).default(587).describe("Its port."),
  tls: z
    .enum(["implicit", "required", "none"])
    .default("required")
    .describe("Encryption from the first byte, by STARTTLS before anything is sent, or none at all."),
  username: z.string().min(1).optional().describe("Name to log in with; absent does not log in."),
  password: secret().optional().describe("Its password."),
  from: mailAddress().describe("Address of the sender."),
  to: z.array(mailAddress()).min(1).max(100).describe("Addresses of those who are told."),
  sendsResolved,
});

/** A receiver: how somebody or something is told. */
export const receiverConfig = z.discriminatedUnion("kind", [
  logReceiver,
  webhookReceiver,
  alertmanagerReceiver,
  slackReceiver,
  pagerdutyReceiver,
  emailReceiver,
]);

/** A receiver. */
export type ReceiverConfig = z.infer<typeof receiverConfig>;

/** The settings of one kind of receiver. */
export type ReceiverConfigOf<Kind extends ReceiverConfig["kind"]> = Extract<ReceiverConfig, { kind: Kind }>;
