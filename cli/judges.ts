/* What a thread judges by that plays cases on its own. */
export { requirements } from "../scenarios/catalogue.ts";
export { ownSipFaults as ownFaults } from "../scenarios/requirements/sip/own-sip-faults.ts";
