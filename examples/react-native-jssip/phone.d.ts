import type { ReactNativeAppOptions } from "../../mocks/react-native/index.ts";

export const callingApp: ReactNativeAppOptions;
