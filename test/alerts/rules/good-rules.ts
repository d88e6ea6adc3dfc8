/** A file of one rule. */
export const goodRules = `rules:
  - name: own_rule
    question: models
    by: [model]
    window: 5m
    threshold: { column: p95_ms, op: ">", value: 3000, least: { column: calls, count: 20 } }
    for: 2m
    keep_firing_for: 5m
    no_data: { policy: keep_last, at_most: 10m }
    labels: { severity: ticket }
    annotations: { summary: "{{ model }} takes {{ value }}, of {{ calls }} calls" }
`;
