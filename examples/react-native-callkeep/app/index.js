// The entry file: what Metro bundles. Everything a call needs is set up here, not in a component, as a push starts the app without
// anything to see.
import { setUpCalls } from "./calls";
import { setUpPushes } from "./push";
import { createSipPhone } from "./sip-phone";

const calls = setUpCalls(createSipPhone);
setUpPushes(calls);
