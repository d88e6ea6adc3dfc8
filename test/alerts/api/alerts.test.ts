import { describe, expect, test } from "vitest";
import { allAlerts, isFiring } from "../../../alerts/delivery/group.ts";
import { startMs as earlier } from "../delivery/alerts.ts";
import { setUpDelivery } from "../delivery/set-up-delivery.ts";
import { setUpDesk } from "../desk.ts";
import { useApi } from "./use-api.ts";

const bench = setUpDesk();
const open = useApi(bench);

const outage = { alertname: "DiskFull", severity: "page", host: "db1" };

/** What an Alertmanager sends of one alert. */
const sent = (status: "firing" | "resolved", more: object = {}) => ({
  version: "4",
  groupKey: "{}:{}",
  status,
  receiver: "plumbline",
  groupLabels: {},
  commonLabels: outage,
  commonAnnotations: {},
  externalURL: "http://am.example:9093",
  alerts: [
    {
      status,
      labels: outage,
      annotations: { summary: "the disk of db1 is full" },
      startsAt: new Date(earlier).toISOString(),
      endsAt: status === "firing" ? "0001-01-01T00:00:00Z" : new Date(earlier + 60_000).toISOString(),
      generatorURL: "http://prometheus.example/graph",
      ...more,
    },
  ],
});

const events = () =>
  bench.store().store.query("SELECT rule, state, reason, labels['host'] AS host FROM alerts ORDER BY at");
const asked = {
  matchers: [{ name: "severity", operator: "=", value: "page" }],
  author: "ann",
  comment: "planned work",
};

describe("what an Alertmanager tells", () => {
  test("of a thousand alerts at once is taken, and told of as one group", async () => {
    const api = await open();
    const [one] = sent("firing").alerts;
    const alerts = Array.from({ length: 1_000 }, (_, index) => ({
      ...one,
      labels: { ...outage, host: `db${index}`, cluster: "eu-central-1", job: "node-exporter" },
      annotations: { summary: `the disk of db${index} is full`, runbook: "https://runbooks.example/disk-full" },
    }));
    const payload = { ...sent("firing"), alerts };
    expect(JSON.stringify(payload).length).toBeGreaterThan(300_000);
    expect(await api.post("/hooks/alertmanager", payload)).toEqual({ status: 200, body: { taken: 1_000, own: 0 } });
    const groups = [...api.delivery.groups().values()];
    expect(groups.map((group) => group.alerts.length)).toEqual([1_000]);
    expect(await api.post("/hooks/alertmanager", payload)).toEqual({ status: 200, body: { taken: 1_000, own: 0 } });
    expect(
      await bench.store().store.query("SELECT count() AS n, uniqExact(fingerprint) AS alerts FROM alerts"),
    ).toEqual([{ n: "1000", alerts: "1000" }]);
  });

  test("is stored once, told through the tree, and over when it says so", async () => {
    const api = await open();
    expect(await api.post("/hooks/alertmanager", sent("firing"))).toEqual({ status: 200, body: { taken: 1, own: 0 } });
    const groups = [...api.delivery.groups().values()];
    expect(groups.map(({ receiver, alerts }) => [receiver, alerts.map(({ action }) => action)])).toEqual([
      ["log", ["notify"]],
    ]);
    bench.clock().advance(4 * 3_600_000);
    await api.post("/hooks/alertmanager", sent("firing"));
    expect(await api.get("/api/alerts")).toMatchObject({
      body: {
        alerts: [{ labels: { ...outage, plumbline_origin: "alertmanager" }, status: "firing", silencedBy: null }],
      },
    });
    bench.clock().advance(60_000);
    await api.post("/hooks/alertmanager", sent("resolved"));
    await api.post("/hooks/alertmanager", sent("resolved"));
    const reason = "an Alertmanager says so";
    expect(await events()).toEqual([
      { rule: "DiskFull", state: "firing", reason, host: "db1" },
      { rule: "DiskFull", state: "resolved", reason, host: "db1" },
    ]);
  });

  test("is believed over a restart for as long as before: nobody tells it again soon", async () => {
    const api = await open();
    await api.post("/hooks/alertmanager", sent("firing"));
    const next = setUpDelivery({}, { store: bench.store().store, clock: bench.clock() });
    await next.delivery.start();
    const firing = () => allAlerts(next.delivery.groups()).filter((alert) => isFiring(alert, bench.clock().nowMs()));
    bench.clock().advance(4 * 3_600_000);
    expect(firing()).toHaveLength(1);
    bench.clock().advance(2 * 3_600_000);
    expect(firing()).toEqual([]);
    await next.stop();
  });

  test("is left alone where it is our own, come back", async () => {
    const api = await open();
    const own = sent("firing", { generatorURL: "http://console.example/?route=chat" });
    expect(await api.post("/hooks/alertmanager", own)).toEqual({ status: 200, body: { taken: 0, own: 1 } });
    expect([await events(), api.delivery.groups().size]).toEqual([[], 0]);
  });

  test("must be its payload, and needs the token", async () => {
    const api = await open({ api: { token: "s3cret" } });
    const withToken = { authorization: `Basic ${Buffer.from("am:s3cret").toString("base64")}` };
    expect(await api.post("/hooks/alertmanager", sent("firing"))).toMatchObject({ status: 401 });
    expect(await api.post("/hooks/alertmanager", { version: "3" }, withToken)).toMatchObject({
      status: 400,
      body: { error: { code: "http.invalid_request", message: expect.stringContaining("version") } },
    });
    expect(await api.post("/hooks/alertmanager", sent("firing"), withToken)).toMatchObject({ status: 200 });
  });
});

describe("a silence", () => {
  test("begins at once when it names no start, mutes what it matches, and is ended once", async () => {
    const api = await open();
    await api.post("/hooks/alertmanager", sent("firing"));
    const endsAtMs = bench.clock().nowMs() + 3_600_000;
    const made = await api.post("/api/silences", { ...asked, endsAtMs });
    expect(made).toMatchObject({ status: 201, body: { ...asked, startsAtMs: bench.clock().nowMs(), endsAtMs } });
    const [{ id } = { id: "" }] = api.delivery.silences();
    expect(await api.get("/api/alerts")).toMatchObject({ body: { alerts: [{ silencedBy: id }] } });
    expect(await api.get("/api/silences")).toMatchObject({ body: { silences: [{ id, comment: "planned work" }] } });
    expect(await api.post(`/api/silences/${id}/end`, {})).toEqual({ status: 200, body: {} });
    expect(await api.post(`/api/silences/${id}/end`, {})).toMatchObject({
      status: 404,
      body: { error: { code: "delivery.unknown" } },
    });
  });

  test("that is over before it begins, or would silence everything, is refused", async () => {
    const api = await open();
    const endsAtMs = bench.clock().nowMs();
    expect(await api.post("/api/silences", { ...asked, endsAtMs })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining("endsAtMs: ") } },
    });
    const all = [{ name: "severity", operator: "!=", value: "x" }];
    expect(await api.post("/api/silences", { ...asked, matchers: all, endsAtMs: endsAtMs + 1 })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining("everything would be silent") } },
    });
  });
});

describe("a dead letter", () => {
  test("is listed with why, and sent again when somebody asks for it", async () => {
    const told = {
      receivers: {},
      route: { receiver: "log", groupBy: ["alertname"], groupWaitSeconds: 0 },
      queueLimit: 1,
    };
    const api = await open({ delivery: told });
    // The queue is not started: of two notifications the first gives way.
    await api.post("/hooks/alertmanager", sent("firing"));
    await api.post("/hooks/alertmanager", sent("firing", { labels: { alertname: "Other" } }));
    const [letter] = api.delivery.deadLetters();
    expect(await api.get("/api/dead-letters")).toMatchObject({
      body: { deadLetters: [{ id: letter?.notification.id, receiver: "log", reason: "queue_full", tries: 0 }] },
    });
    expect(await api.post(`/api/dead-letters/${letter?.notification.id}/redeliver`, {})).toMatchObject({ status: 200 });
    expect(await api.post("/api/dead-letters/none/redeliver", {})).toMatchObject({ status: 404 });
  });
});
