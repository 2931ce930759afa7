import { UsageError } from "../../harness/errors.ts";
import { apnsReasons, FIELD_SPELLING, type ApnsReason } from "../../mocks/apns/apns-reason.ts";
import type { ApnsMock } from "../../mocks/standalone/apns-mock.ts";
import { checkApnsAnswer, type ApnsMockAnswer } from "../../mocks/standalone/apns-scripted.ts";
import type { FcmMock } from "../../mocks/standalone/fcm-mock.ts";
import { checkFcmAnswer, fcmErrorStatus, type FcmMockAnswer } from "../../mocks/standalone/fcm-scripted.ts";

/** A scripted answer of the command line, for the services that have such an answer. */
export interface CommandLineAnswer {
  readonly token: string;
  readonly times?: number;
  readonly apns?: ApnsMockAnswer;
  readonly fcm?: FcmMockAnswer;
}

const FORM = "--answer must be like TOKEN=410:Unregistered, any=UNAVAILABLE or TOKEN=reset*2";
const EXAMPLES =
  "an APNs reason, an FCM error code, STATUS:REASON, reset, no-answer, delay:MS, goaway:REASON, sticky-429, " +
  "refuse-stream, idle-close, goaway-too-many-streams";

/** Reads `TOKEN=ANSWER` or `TOKEN=ANSWER*TIMES`. @throws UsageError that says what is wrong */
export function readScriptedAnswer(text: string): CommandLineAnswer {
  const [, token, what, count] = /^([^=]+)=([^*]+)(?:\*(\d+))?$/.exec(text) ?? [];
  if (token === undefined || what === undefined) throw new UsageError("bad-answer", `${FORM}, not ${text}.`);
  const answers = answersFor(what);
  if (answers === undefined) {
    throw new UsageError("bad-answer", `--answer ${text}: ${what} is no answer. There are: ${EXAMPLES}.`);
  }
  if (count !== undefined && Number(count) < 1)
    throw new UsageError("bad-answer", `--answer ${text}: 0 times is never.`);
  return { token, ...(count === undefined ? {} : { times: Number(count) }), ...answers };
}

/** Puts an answer to the mocks that have it. @throws UsageError where none does that is running */
export function script(
  { token, times, apns: toApns, fcm: toFcm }: CommandLineAnswer,
  { apns, fcm }: { readonly apns?: ApnsMock; readonly fcm?: FcmMock },
): void {
  const isForApns = toApns !== undefined && apns !== undefined;
  const isForFcm = toFcm !== undefined && fcm !== undefined;
  if (isForApns) apns.answer(token, toApns, times);
  if (isForFcm) fcm.answer(token, toFcm, times);
  if (isForApns || isForFcm) return;
  const service = toApns === undefined ? "FCM" : "APNs";
  throw new UsageError("bad-answer", `--answer for ${token}: it is an answer of ${service}, which is not started.`);
}

function answersFor(what: string): Pick<CommandLineAnswer, "apns" | "fcm"> | undefined {
  const [name = "", detail] = what.split(":", 2);
  if (/^\d{3}$/.test(name)) return statusAnswers(Number(name), detail);
  switch (name) {
    case "reset":
    case "no-answer":
      return { apns: { kind: name }, fcm: { kind: name } };
    case "delay": {
      if (detail === undefined || !/^\d{1,8}$/.test(detail)) return undefined;
      const delay = { kind: name, delayMs: Number(detail) } as const;
      return { apns: delay, fcm: delay };
    }
    case "goaway": {
      const reason = detail ?? "Shutdown";
      return isReason(reason) ? { apns: { kind: name, reason } } : undefined;
    }
    case "sticky-429":
    case "refuse-stream":
    case "idle-close":
    case "goaway-too-many-streams":
      return { apns: { kind: name } };
    default:
      if (isReason(name)) return { apns: name };
      return isErrorCode(name) ? { fcm: name } : undefined;
  }
}

function statusAnswers(
  status: number,
  reason: string | undefined,
): Pick<CommandLineAnswer, "apns" | "fcm"> | undefined {
  if (reason === undefined) return { fcm: checkedFcm({ kind: "status", status }) };
  if (isReason(reason) || reason === FIELD_SPELLING) {
    const answer = { kind: "status", status, reason } as const;
    checkApnsAnswer(answer);
    return { apns: answer };
  }
  // Google's own names of a status are in the same form as FCM's error codes.
  return /^[A-Z_]+$/.test(reason) ? { fcm: checkedFcm({ kind: "status", status, reason }) } : undefined;
}

function checkedFcm(answer: FcmMockAnswer): FcmMockAnswer {
  checkFcmAnswer(answer);
  return answer;
}

function isReason(text: string): text is ApnsReason {
  return apnsReasons.some(({ reason }) => reason === text);
}

function isErrorCode(text: string): text is keyof typeof fcmErrorStatus {
  return Object.hasOwn(fcmErrorStatus, text);
}
