import type { Log } from "../../core/log.ts";
import { alertmanagerReceiver } from "./alertmanager-receiver.ts";
import { emailReceiver } from "./email-receiver.ts";
import { logReceiver } from "./log-receiver.ts";
import { pagerdutyReceiver } from "./pagerduty-receiver.ts";
import type { PostDeps } from "./post.ts";
import type { Receiver } from "./receiver.ts";
import type { ReceiverConfig } from "./receiver-config.ts";
import { slackReceiver } from "./slack-receiver.ts";
import { webhookReceiver } from "./webhook-receiver.ts";

/** What receivers are made with. */
export interface ReceiverDeps extends PostDeps {
  readonly log: Log;
  readonly externalUrl: string;
}

/** Makes a receiver from its settings. */
export const makeReceiver = (config: ReceiverConfig, deps: ReceiverDeps): Receiver => {
  switch (config.kind) {
    case "log":
      return logReceiver(config, deps);
    case "webhook":
      return webhookReceiver(config, deps);
    case "alertmanager":
      return alertmanagerReceiver(config, deps);
    case "slack":
      return slackReceiver(config, deps);
    case "pagerduty":
      return pagerdutyReceiver(config, deps);
    case "email":
      return emailReceiver(config, deps);
  }
};
