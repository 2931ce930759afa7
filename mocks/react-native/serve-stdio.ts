import { Console } from "node:console";
import { createInterface } from "node:readline";
import { createReactNativeAdapter, type ReactNativeAdapterOptions } from "./react-native-adapter.ts";

/**
 * Serves an app over standard streams, for `processTarget` of a config: run the file that calls it with
 * `node --import ringtrue/react-native/register`. What the app logs goes to stderr, as stdout carries messages only. Ends the
 * process when RingTrue closes stdin.
 */
export function serveReactNativeApp(options: ReactNativeAdapterOptions): void {
  globalThis.console = new Console(process.stderr, process.stderr);
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  // To React Native a warning, to Node the end of the process.
  process.on("unhandledRejection", (reason) => log(`Unhandled promise rejection: ${String(reason)}`));
  const adapter = createReactNativeAdapter(options, (text) => void process.stdout.write(`${text}\n`), {
    onEvent(event) {
      if (event.kind === "native.log") log(event.message);
      if (event.kind === "app.crashed") log(`The app crashed: ${event.message}`);
    },
  });
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => adapter.receive(line));
  lines.on("close", () => {
    adapter.close();
    process.exit();
  });
}
