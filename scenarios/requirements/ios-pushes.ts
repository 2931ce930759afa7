import { iosPhoneOf, type IosCall, type IosReport } from "../../harness/judge/client-view-ios.ts";
import { uuidIn } from "../../harness/judge/client-view-payload.ts";
import type { ClientPush } from "../../harness/judge/client-view-pushes.ts";
import { clientPhonesOf, type ClientPhone } from "../../harness/judge/client-view.ts";
import { eventsOf } from "../../harness/trace/query.ts";
import type { EventOf } from "../../harness/trace/trace-event.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { Trace } from "../../harness/trace/trace.ts";

export function iosOnly({ features }: RunFacts): true | string {
  return features.platforms.includes("ios") || "the target has no iOS app";
}

/** A push whose delegate method was called. */
export interface HandedPush extends ClientPush {
  readonly handed: EventOf<"push.received">;
  readonly on: ClientPhone;
}

/** The pushes that iPhones handed over to their app, in order. */
export function handedPushes(trace: Trace): readonly HandedPush[] {
  return clientPhonesOf(trace, "ios").flatMap((on) =>
    on.pushes.flatMap((push) => (push.handed?.kind === "push.received" ? [{ ...push, handed: push.handed, on }] : [])),
  );
}

/**
 * The reports made between the call of the delegate method and its return, which are those for the push: the phone hands over one push
 * at a time. Where the method never returned, those until the end of the process.
 */
export function reportsFor(trace: Trace, push: HandedPush): readonly IosReport[] {
  const from = push.handed.seq;
  const end = push.on.life.find(({ state, event }) => state === "not-running" && event.seq > from)?.event.seq;
  const until = push.returned?.seq ?? end ?? Infinity;
  return iosPhoneOf(trace, push.phone).reports.filter(
    ({ request: { event } }) => event.seq > from && event.seq < until,
  );
}

/** The report the system took for the push: the first that names a UUID, one of the payload's own before any other. */
export function reportOf(trace: Trace, push: HandedPush): IosReport | undefined {
  const reports = reportsFor(trace, push).filter(
    (report) => report.callUUID !== undefined && !isForOtherInvite(push, report),
  );
  const own = uuidIn(push.reading.callUUID);
  return (
    reports.find(({ callUUID }) => callUUID === own) ??
    reports.find(({ call }) => call !== undefined && call === push.call) ??
    reports[0]
  );
}

/** Its call is not the push's, and came by its INVITE, which may have been reported while the push was handed over. */
function isForOtherInvite(push: HandedPush, { call, request }: IosReport): boolean {
  return (
    call !== undefined &&
    call !== push.call &&
    push.on.legs.some((leg) => leg.call === call && (leg.invite.arrived?.seq ?? Infinity) < request.event.seq)
  );
}

/** The call the phone showed for a report; undefined where it refused. */
export function callFrom(trace: Trace, report: IosReport | undefined): IosCall | undefined {
  const outcome = report?.outcome;
  if (outcome?.kind !== "ringing.shown") return undefined;
  return iosPhoneOf(trace, report?.request.event.phone ?? "phone:0").calls.find(({ since }) => since === outcome);
}

/** The push's call had been reported on this phone before it was handed over, for whatever reason. */
export function wasReportedBefore(trace: Trace, push: HandedPush): boolean {
  const own = uuidIn(push.reading.callUUID);
  return iosPhoneOf(trace, push.phone).reports.some(
    ({ request, callUUID, call }) =>
      request.event.seq < push.handed.seq &&
      ((own !== undefined && callUUID === own) || (call !== undefined && call === push.call)),
  );
}

/** The INVITE of the push's call had come when that report was made: the report may be for the INVITE. */
export function inviteCameBefore(push: HandedPush, report: IosReport): boolean {
  return push.on.legs.some(
    ({ call, invite }) =>
      call !== undefined && call === push.call && (invite.arrived?.seq ?? Infinity) < report.request.event.seq,
  );
}

/** The first report after the return, before the next push was handed over or the app was launched again. */
export function lateReportOf(trace: Trace, push: HandedPush): EventOf<"link.request"> | undefined {
  const after = push.returned?.seq ?? Infinity;
  const next = [
    ...push.on.pushes.map(({ handed }) => handed?.seq ?? -1),
    ...eventsOf(trace, "app.launched")
      .filter(({ phone }) => phone === push.phone)
      .map(({ seq }) => seq),
  ].filter((seq) => seq > after);
  const until = Math.min(Infinity, ...next);
  return iosPhoneOf(trace, push.phone).reports.find(({ request: { event } }) => event.seq > after && event.seq < until)
    ?.request.event;
}
