import type { PostDeps } from "./post.ts";
import { post } from "./post.ts";
import type { Receiver } from "./receiver.ts";
import type { ReceiverConfigOf } from "./receiver-config.ts";
import { deliveryHeaders, signatureOf } from "./signature.ts";
import { payloadOf } from "./webhook-payload.ts";

/** Posts notifications in Alertmanager's webhook format, signed when there is a secret. */
export const webhookReceiver = (
  config: ReceiverConfigOf<"webhook">,
  deps: PostDeps & { readonly externalUrl: string },
): Receiver => ({
  sendsResolved: config.sendsResolved,
  resendMs: null,
  send: (notification) => {
    const { externalUrl, clock } = deps;
    const body = JSON.stringify(payloadOf(notification, { externalUrl, maxAlerts: config.maxAlerts }));
    const timestamp = String(Math.floor(clock.nowMs() / 1_000));
    const idempotencyKey = notification.id;
    const signed = config.secret === undefined ? null : { secret: config.secret, timestamp, idempotencyKey, body };
    const headers = {
      [deliveryHeaders.timestamp]: timestamp,
      [deliveryHeaders.idempotencyKey]: idempotencyKey,
      ...(signed === null ? {} : { [deliveryHeaders.signature]: signatureOf(signed) }),
      ...(config.bearerToken === undefined ? {} : { authorization: `Bearer ${config.bearerToken}` }),
    };
    return post(deps, { url: config.url, headers, body });
  },
  close: () => {},
});
