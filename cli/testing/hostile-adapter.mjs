// The reference client as an adapter that misbehaves in the way its first argument names. A second argument: the method of the device
// link whose request makes it do so, or a number, the launch that does; without one it does so at once.
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
let launches = 0;
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
  floods() {
    for (let nth = 0; nth < 30_000; nth += 1) write('{"jsonrpc":"2.0","method":"log","params":{}}');
  },
  "closes-stdin"() {
    closeSync(0);
    setInterval(() => {}, 1000);
  },
  "closes-stdout"() {
    closeSync(1);
    setInterval(() => {}, 1000);
  },
};
const act = () => acts[how]();

// Nothing but SIGKILL ends it.
process.on("SIGTERM", () => {});
if (when === undefined && how !== "agrees") act();

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { id, method } = JSON.parse(line);
    if (method === "device.launch") launches += 1;
    if (when === method || (method === "device.launch" && when === String(launches))) act();
    if (isDeaf) return;
    if (how === "agrees" && method?.startsWith("probe.")) write(JSON.stringify({ jsonrpc: "2.0", id, result: {} }));
    else app.receive(line);
  })
  .on("close", () => {
    if (how !== "closes-stdin" && how !== "closes-stdout") process.exit(0);
  });
