import { createTransport } from "nodemailer";
import { z } from "zod";
import { cutTo, textOf, titleOf } from "./describe-notification.ts";
import type { Receiver, SendResult } from "./receiver.ts";
import { sent } from "./receiver.ts";
import type { ReceiverConfigOf } from "./receiver-config.ts";

/** Longest subject, in characters: more than any program shows. */
const longestSubject = 200;

/** Sends notifications as plain text by SMTP. */
export const emailReceiver = (
  config: ReceiverConfigOf<"email">,
  { externalUrl, timeoutMs }: { readonly externalUrl: string; readonly timeoutMs: number },
): Receiver => {
  const { username, password } = config;
  const transport = createTransport({
    host: config.host,
    port: config.port,
    secure: config.tls === "implicit",
    requireTLS: config.tls === "required",
    ignoreTLS: config.tls === "none",
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    ...(username === undefined ? {} : { auth: { user: username, pass: password ?? "" } }),
    // Nothing of a message may name a file or an address to load.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    sendsResolved: config.sendsResolved,
    resendMs: null,
    send: async (notification) => {
      try {
        await transport.sendMail({
          from: config.from,
          to: config.to,
          subject: cutTo(titleOf(notification), longestSubject),
          text: textOf(notification, externalUrl),
          // The same at every try, so that mailboxes can drop a repeat.
          messageId: `<${notification.id}@plumbline.invalid>`,
          headers: { "auto-submitted": "auto-generated" },
        });
        return sent;
      } catch (error) {
        return judgeSmtp(error);
      }
    },
    close: () => transport.close(),
  };
};

const smtpError = z.object({ responseCode: z.int().optional(), code: z.string().optional() });

/** Tells what a failure of SMTP means: answers from 500 on are for good, all else may pass. */
const judgeSmtp = (error: unknown): SendResult => {
  const found = smtpError.safeParse(error);
  const { responseCode, code } = found.success ? found.data : {};
  const says = `the mail server answered ${responseCode ?? code ?? "nothing"}`;
  return responseCode !== undefined && responseCode >= 500
    ? { kind: "refused", code: "delivery.refused", says }
    : { kind: "retry", code: "delivery.unreachable", says, afterMs: null };
};
