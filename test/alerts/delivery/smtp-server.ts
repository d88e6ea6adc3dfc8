import { once } from "node:events";
import type { Socket } from "node:net";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

/** A mail as the server has received it. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
}

/** A mail server on loopback that keeps what it is sent; it speaks as much SMTP as a client needs. */
export interface SmtpServer {
  readonly port: number;
  readonly mails: () => readonly Mail[];
  /** Sets what it answers to the sender's address from now on; it begins with `250 ok`. */
  readonly answers: (line: string) => void;
  readonly close: () => Promise<void>;
}

/** Opens a mail server on a port that the system gives. */
export const openSmtpServer = async (): Promise<SmtpServer> => {
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  let answer = "250 ok";
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    const say = (line: string): void => {
      socket.write(`${line}\r\n`);
    };
    let mail = emptyMail();
    const read = (lines: string[], line: string): void => {
      if (line !== ".") {
        lines.push(line);
        return;
      }
      mails.push({ from: mail.from, to: mail.to, text: lines.join("\n") });
      mail = emptyMail();
      say("250 kept");
    };
    const obey = (line: string): string => {
      const [verb = ""] = line.toUpperCase().split(/[ :]/);
      switch (verb) {
        case "MAIL":
          mail.from = addressOf(line);
          return answer;
        case "RCPT":
          mail.to.push(addressOf(line));
          return "250 ok";
        case "DATA":
          mail.lines = [];
          return "354 go on";
        default:
          return verb === "QUIT" ? "221 bye" : "250 ok";
      }
    };
    const hear = (line: string): void => {
      if (mail.lines === null) say(obey(line));
      else read(mail.lines, line);
    };
    createInterface({ input: socket }).on("line", hear);
    say("220 ready");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    mails: () => mails,
    answers: (line) => {
      answer = line;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

interface MailBegun {
  from: string;
  readonly to: string[];
  /** Null until its text begins. */
  lines: string[] | null;
}

const emptyMail = (): MailBegun => ({ from: "", to: [], lines: null });

const addressOf = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? "";
