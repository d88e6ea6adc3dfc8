import { userInfo } from "node:os";
import type { Command } from "commander";
import { parseMatcher } from "../../alerts/delivery/matcher.ts";
import { systemClock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import { parseDuration } from "../ask/parse-duration.ts";
import { consoleAddress } from "../console-client.ts";
import type { AlertsClient } from "./alerts-client.ts";
import { createAlertsClient } from "./alerts-client.ts";
import { alertsText, deadLettersText, silencesText } from "./alerts-text.ts";

interface AlertsFlags {
  readonly json?: boolean;
  readonly url?: string;
  readonly config?: string;
}

interface SilenceFlags extends AlertsFlags {
  readonly for: string;
  readonly comment: string;
  readonly author?: string;
}

/** Adds `plumbline alerts list`, `silence`, `silences`, `unsilence`, `dead-letters` and `redeliver`. */
export const addAlertsCommand = (program: Command): void => {
  const alerts = program.command("alerts").description("alerts, and who is told of them; asks the running system");
  addLists(alerts);
  addSilence(alerts);
  withCommon(alerts.command("unsilence").description("end a silence").argument("<id>", "id of the silence")).action(
    async (id: string, flags: AlertsFlags) => {
      await clientOf(flags).unsilence(id);
      print(flags, { ended: id }, `the silence ${id} has ended\n`);
    },
  );
  withCommon(
    alerts.command("redeliver").description("send a dead letter again").argument("<id>", "id of the dead letter"),
  ).action(async (id: string, flags: AlertsFlags) => {
    await clientOf(flags).redeliver(id);
    print(flags, { redelivered: id }, `${id} is sent again\n`);
  });
};

const addLists = (alerts: Command): void => {
  withCommon(alerts.command("list").description("list the alerts that are told, or were a short while ago")).action(
    async (flags: AlertsFlags) => {
      const listed = await clientOf(flags).alerts();
      print(flags, { alerts: listed }, alertsText(listed));
    },
  );
  withCommon(alerts.command("silences").description("list silences, also those of the last days")).action(
    async (flags: AlertsFlags) => {
      const silences = await clientOf(flags).silences();
      print(flags, { silences }, silencesText(silences));
    },
  );
  withCommon(
    alerts.command("dead-letters").description("list notifications that were not sent and are not tried any more"),
  ).action(async (flags: AlertsFlags) => {
    const deadLetters = await clientOf(flags).deadLetters();
    print(flags, { deadLetters }, deadLettersText(deadLetters));
  });
};

const addSilence = (alerts: Command): void => {
  withCommon(
    alerts
      .command("silence")
      .description("tell nobody of alerts that satisfy every condition, from now on")
      .argument("<conditions...>", "conditions on labels, such as 'route=\"chat\"' 'severity=~\"page|ticket\"'")
      .requiredOption("--for <duration>", "how long, such as 30m, 2h or 1d")
      .requiredOption("--comment <text>", "why")
      .option("--author <name>", "who says so (default: the user of this shell)"),
  ).action(async (conditions: readonly string[], flags: SilenceFlags) => {
    const asked = {
      matchers: conditions.map(matcherOf),
      endsAtMs: systemClock.nowMs() + parseDuration(flags.for),
      author: flags.author ?? userInfo().username,
      comment: flags.comment,
    };
    const made = await clientOf(flags).silence(asked);
    print(flags, { silences: [made] }, silencesText([made]));
  });
};

const matcherOf = (text: string) => {
  const parsed = parseMatcher(text);
  if (!parsed.ok) {
    throw new PlumblineError("cli.usage", `"${text}": ${parsed.message}`);
  }
  return parsed.matcher;
};

const withCommon = (command: Command): Command =>
  command
    .option("--json", "print one JSON object")
    .option("--url <address>", "address of the console (default: from the configuration)")
    .option("--config <file>", "configuration file (default: plumbline.yaml when it exists)");

const clientOf = (flags: AlertsFlags): AlertsClient => createAlertsClient(consoleAddress(flags));

const print = ({ json }: AlertsFlags, value: object, text: string): void => {
  process.stdout.write(json === true ? `${JSON.stringify(value)}\n` : text);
};
