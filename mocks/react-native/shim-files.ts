/** What stands in for a module of React Native's, by the name it is imported under. Beside the compiled file, or the source. */
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";

export const shimFiles: ReadonlyMap<string, URL> = new Map([
  ["react-native", new URL(`shim/react-native.${extension}`, import.meta.url)],
  ["react-native/Libraries/vendor/emitter/EventEmitter", new URL(`shim/event-emitter.${extension}`, import.meta.url)],
  ["react-native/Libraries/Utilities/binaryToBase64", new URL(`shim/binary-to-base64.${extension}`, import.meta.url)],
]);
