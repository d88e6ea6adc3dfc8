import { PlumblineError } from "../../core/errors.ts";

/** The roles of the one program, in the order in which data reaches them. */
export const roleNames = ["gateway", "processors", "alerts", "console"] as const;

/** A role of the program. */
export type RoleName = (typeof roleNames)[number];

/** Parses `gateway,console`; absent means every role. Throws `cli.usage` on an unknown one. */
export const parseRoles = (text: string | undefined): readonly RoleName[] => {
  if (text === undefined) {
    return roleNames;
  }
  const named = text.split(",").map((part) => part.trim());
  const unknown = named.filter((name) => !roleNames.some((role) => role === name));
  if (unknown.length > 0) {
    throw new PlumblineError("cli.usage", `unknown role ${unknown.join(", ")}; the roles are ${roleNames.join(", ")}`);
  }
  return roleNames.filter((role) => named.includes(role));
};
