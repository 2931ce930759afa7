import { fork } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { HarnessFault } from "../../../harness/errors.ts";
import { redirectEnvironment } from "../../redirect/redirect-environment.ts";
import type { ApnsMock } from "../../standalone/apns-mock.ts";
import type { FcmMock } from "../../standalone/fcm-mock.ts";

export interface Mocks {
  readonly apns?: ApnsMock;
  readonly fcm?: FcmMock;
}

/** A program in a process of its own that has the vendors' addresses built in, pointed at mocks from outside. */
export interface VendorProgram {
  /** Calls one of its functions; rejects with what it threw. */
  call<T>(name: string, ...args: readonly unknown[]): Promise<T>;
  close(): Promise<void>;
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** @param file beside this one */
export async function startVendorProgram(file: string, { apns, fcm }: Mocks): Promise<VendorProgram> {
  const directory = await mkdtemp(join(tmpdir(), "ringtrue-vendor-"));
  const caFile = join(directory, "ca.pem");
  await writeFile(caFile, `${apns?.caPem ?? ""}${fcm?.caPem ?? ""}`);
  const { environment } = redirectEnvironment({
    caFile,
    ...(apns === undefined ? {} : { apns }),
    ...(fcm === undefined ? {} : { fcm }),
  });
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
    env: { ...process.env, ...environment },
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const waiting = new Map<number, (reply: Reply) => void>();
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => {
      for (const [id, settle] of waiting) settle({ id, error: `${file} ended` });
      resolve();
    });
  });
  let calls = 0;
  child.on("message", (message) => {
    const reply = message as Reply;
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  return {
    call: async <T>(name: string, ...args: readonly unknown[]) =>
      await new Promise<T>((resolve, reject) => {
        const id = ++calls;
        waiting.set(id, ({ value, error }) => {
          if (error === undefined) resolve(value as T);
          else reject(new HarnessFault("vendor-program", error));
        });
        child.send({ id, name, args });
      }),
    async close() {
      if (child.connected) child.disconnect();
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
