// The reference client as an adapter that misbehaves in the way its first argument names: at once, or whenever it is asked for the
// method of the device link that its second argument names.
import { closeSync, existsSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { appAdapter } from "../../dist/mocks/reference/client/adapter.js";

const [how, when] = process.argv.slice(2);
process.stdout.on("error", () => {});
const write = (text) => void process.stdout.write(`${text}\n`);
const app = appAdapter(
  { answerFulfil: "connected", telecom: "self-managed", inviteWaitMs: 1500, fault: "none", ca: undefined },
  write,
);
let isDeaf = false;

const acts = {
  agrees: () => {},
  hangs: () => void (isDeaf = true),
  garbage: () => write("Welcome to the app!"),
  dies() {
    process.stderr.write("no licence\n");
    process.exit(3);
  },
  // Whoever starts it again finds that it has been here.
  "dies-once"() {
    const been = `${process.env.RINGTRUE_DIRECTORY}/been`;
    if (existsSync(been)) return;
    writeFileSync(been, "");
    process.exit(3);
  },
  "closes-stdout"() {
    closeSync(1);
    setInterval(() => {}, 1000);
  },
};

// Nothing but SIGKILL ends it.
process.on("SIGTERM", () => {});
if (when === undefined) acts[how]();

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { id, method } = JSON.parse(line);
    if (when === method) acts[how]();
    if (isDeaf) return;
    if (how === "agrees" && method?.startsWith("probe.")) write(JSON.stringify({ jsonrpc: "2.0", id, result: {} }));
    else app.receive(line);
  })
  .on("close", () => {
    if (how !== "closes-stdout") process.exit(0);
  });
