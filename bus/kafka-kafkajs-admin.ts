import type { Kafka } from "kafkajs";
import { asBusError } from "./kafka-errors.ts";

/** The client's administrative connection. */
export type Admin = ReturnType<Kafka["admin"]>;

/** Lends a connected admin; one whose call has failed is replaced, so that brokers that come back are found. */
export class AdminLender {
  readonly #kafka: Kafka;
  #admin: Promise<Admin> | null = null;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  /** Runs a call on a connected admin; rejects with an error of the bus. */
  run<T>(call: (admin: Admin) => Promise<T>): Promise<T> {
    return asBusError(async () => {
      const connecting = this.#admin ?? this.#connect();
      this.#admin = connecting;
      try {
        return await call(await connecting);
      } catch (error) {
        if (this.#admin === connecting) this.#admin = null;
        await connecting.then((admin) => admin.disconnect()).catch(() => {});
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    const connecting = this.#admin;
    this.#admin = null;
    await connecting?.then((admin) => admin.disconnect()).catch(() => {});
  }

  async #connect(): Promise<Admin> {
    const admin = this.#kafka.admin();
    await admin.connect();
    return admin;
  }
}
