import type { Unit } from "../panel.ts";

/** Grafana's name of a unit. */
export const grafanaUnit = (unit: Unit): string => {
  switch (unit) {
    case "calls":
    case "gateways":
    case "count":
    case "tokens":
      return "short";
    case "nanodollars":
      return "currencyUSD";
    case "milliseconds":
      return "ms";
    case "seconds":
      return "s";
    case "ratio":
      return "percentunit";
    case "nats":
    case "score":
      return "none";
    case "timestamp":
      return "dateTimeAsIso";
    case "none":
      return "none";
  }
};
