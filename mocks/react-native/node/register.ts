import { register } from "node:module";
import { installModuleGraphs } from "../fresh-modules.ts";

/** For `node --import ringtrue/react-native/register`: React Native packages and the app's own files load as under Metro. */
const graph = new Int32Array(new SharedArrayBuffer(4));
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";

register(new URL(`loader.${extension}`, import.meta.url), {
  data: { graph, platform: process.env["RINGTRUE_REACT_NATIVE_PLATFORM"] === "android" ? "android" : "ios" },
});
installModuleGraphs({ begin: () => void Atomics.add(graph, 0, 1) });
