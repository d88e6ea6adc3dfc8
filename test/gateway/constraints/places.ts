/** Targets of one upstream, told apart by their models, that answer in different places. */
export const placedTargets = [
  { provider: "up", model: "eu-plain", region: "eu" },
  { provider: "up", model: "eu-hipaa", region: "eu", compliance: ["hipaa"] },
  { provider: "up", model: "us-hipaa", region: "us", compliance: ["hipaa", "soc2"] },
  { provider: "up", model: "us-plain", region: "us" },
  { provider: "up", model: "nowhere" },
].map((target) => ({ ...target, class: "any" }));

/** The model of a request that one of them got. */
export const placeAsked = (body: Buffer): string => String(JSON.parse(body.toString()).model);
