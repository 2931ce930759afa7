import { plainProfile } from "../profile.ts";
import type { ClientOptions } from "./client-options.ts";
import { type Answer, codes, DONE, type Params, recordOf, refused, type RpcLink, rpcLink } from "./json-rpc.ts";
import type { LinkProfile } from "./link-profile.ts";
import { platformOfMethod } from "./methods.ts";
import { newDisk, type Disk, type Launch, type PhoneProcess, startPhone } from "./phone-process.ts";

/** The version of the device link it speaks. */
const PROTOCOL = "ringtrue.device/1";

/** An app at its end of a device link. */
export interface AppAdapter {
  /** One message of RingTrue's. */
  receive(text: string): void;
  /** Every simulated phone is gone, with its sockets and timers. */
  close(): void;
}

/** Hosts one app on any number of simulated phones, of both platforms. */
export function appAdapter(options: ClientOptions, send: (text: string) => void): AppAdapter {
  const phones = new Map<string, PhoneProcess>();
  /** What outlives a process, by device. */
  const disks = new Map<string, Disk>();
  let profile: LinkProfile = plainProfile;

  const link: RpcLink = rpcLink(send, (method, params, answer) => {
    if (method === "initialize") {
      const given = recordOf(params["profile"]);
      if (Object.keys(given).length > 0) profile = given as unknown as LinkProfile;
      answer({ result: introduction(options) });
      return;
    }
    if (platformOfMethod(method) === undefined) {
      answer(refused(codes.methodNotFound, `There is no method ${method}.`));
      return;
    }
    const device = params["device"];
    if (typeof device !== "string" || device === "") {
      answer(refused(codes.invalidParams, "params.device is no name."));
      return;
    }
    deviceRequest(method, device, params, answer);
  });

  function deviceRequest(method: string, device: string, params: Params, answer: (answer: Answer) => void): void {
    const phone = phones.get(device);
    if (method === "device.launch") {
      if (phone === undefined) launch(device, params as unknown as Launch, answer);
      else answer(refused(codes.invalidParams, "The device is launched already."));
      return;
    }
    if (phone === undefined) {
      answer(refused(codes.notLaunched, "The device is not launched."));
      return;
    }
    if (method === "device.terminate") {
      phone.terminate();
      phones.delete(device);
      answer(DONE);
      return;
    }
    phone.handle(method, params, answer);
  }

  function launch(device: string, given: Launch, answer: (answer: Answer) => void): void {
    const disk = disks.get(device) ?? newDisk();
    disks.set(device, disk);
    const [oldest] = disks.keys();
    if (disks.size > DISKS_KEPT && oldest !== undefined && !phones.has(oldest)) disks.delete(oldest);
    phones.set(
      device,
      startPhone(given, {
        options,
        profile,
        disk,
        request: (method, params, onReply) => link.request(method, { device, ...params }, onReply),
        notify: (method, params) => link.notify(method, { device, ...params }),
        crash(message) {
          phones.get(device)?.terminate();
          phones.delete(device);
          link.notify("device.died", { device, message });
        },
      }),
    );
    answer(DONE);
  }

  return {
    receive: (text) => link.receive(text),
    close() {
      for (const phone of phones.values()) phone.terminate();
      phones.clear();
    },
  };
}

/** Devices whose storage is remembered: names are not used again, and nothing says when one is forgotten. */
const DISKS_KEPT = 5000;

function introduction({ answerFulfil, telecom }: ClientOptions): object {
  return {
    protocol: PROTOCOL,
    app: { name: `RingTrue reference client (${answerFulfil})`, version: "1", vendor: "RingTrue" },
    platforms: ["ios", "android"],
    transports: ["udp", "tcp", "tls", "ws"],
    telecom,
    features: ["video"],
  };
}
