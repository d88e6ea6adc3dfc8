import type { Alert } from "../../core/alert.ts";
import { fingerprintOf } from "../rules/fingerprint.ts";

/** Label of alerts that came from outside: the routing tree, silences and questions tell them from our own by it. */
const originLabel = "plumbline_origin";
const origin = "alertmanager";

/** Whether an alert came from outside. */
export const isFromOutside = ({ labels }: Pick<Alert, "labels">): boolean => labels[originLabel] === origin;

/** An alert of somebody else's as we hold it: it can never be taken for one of our own rules'. */
export const fromOutside = (alert: Alert): Alert => {
  const labels = { ...alert.labels, [originLabel]: origin };
  return { ...alert, labels, fingerprint: fingerprintOf(labels) };
};
