import { z } from "zod";
import { describeIssues } from "../../../harness/config/describe-issue.ts";
import { account } from "../../device-link/process-messages.ts";
import type { PushServiceName } from "../../push/push-hooks.ts";
import type { ApnsMock } from "../apns-mock.ts";
import type { FcmMock } from "../fcm-mock.ts";
import { given } from "../given.ts";
import type { MockDevices } from "../mock-devices.ts";
import type { PushLog } from "../push-log.ts";
import { AdminRefusal, type AdminAnswer, type AdminRequest } from "./admin-request.ts";
import { apnsAnswerSchema, fcmAnswerSchema } from "./answer-schema.ts";

/** What the admin API works on. */
export interface AdminSubject {
  readonly apns?: ApnsMock;
  readonly fcm?: FcmMock;
  /** Of both. */
  readonly log: PushLog;
  /** Absent: no devices were asked for. */
  readonly devices?: MockDevices;
  /** What `GET /world` gives: addresses and files. */
  readonly world: () => unknown;
}

const LONGEST_WAIT_MS = 60_000;
const services = ["apns", "fcm"] as const;

const answersBody = z.strictObject({
  service: z.enum(services),
  token: z.string().min(1),
  answer: z.unknown(),
  times: z.int().min(1).optional(),
});
const tokensBody = z.strictObject({
  service: z.enum(services),
  topic: z.string().min(1).optional(),
  environment: z.enum(["production", "sandbox"]).optional(),
  replaces: z.string().min(1).optional(),
});
const devicesBody = z.strictObject({
  platform: z.enum(["ios", "android"]),
  account: account.nullable().exactOptional(),
});
const sinceBody = z.strictObject({ sinceMs: z.int().min(0).optional() });
const pushesQuery = z.strictObject({
  token: z.string().optional(),
  service: z.enum(services).optional(),
  after: z.coerce.number().int().min(0).default(0),
  waitMs: z.coerce.number().int().min(0).max(LONGEST_WAIT_MS).default(0),
});
const findingsQuery = z.strictObject({ service: z.enum(services).optional() });

type Route = (request: AdminRequest, subject: AdminSubject) => Promise<AdminAnswer> | AdminAnswer;

/** Method and path, `*` for one segment that is chosen by the caller. */
const routes: Readonly<Record<string, Route>> = {
  "GET /": () => ok({ routes: Object.keys(routes) }),
  "GET /world": (_, { world }) => ok(world()),
  "GET /pushes": async ({ query }, { log }) => {
    const { after, waitMs, ...filter } = read(pushesQuery, Object.fromEntries(query));
    const pushes = await log.since(after, given(filter), waitMs);
    return ok({ pushes, last: pushes.at(-1)?.number ?? after });
  },
  "DELETE /pushes": (_, { log }) => {
    log.clear();
    return ok({});
  },
  "GET /findings": ({ query }, { log }) => {
    const { service } = read(findingsQuery, Object.fromEntries(query));
    const isMeant = (one: { readonly service: PushServiceName }): boolean => (service ?? one.service) === one.service;
    return ok({
      findings: [
        ...log
          .pushes()
          .filter(isMeant)
          .flatMap(({ number, findings }) => findings.map((one) => ({ push: number, ...one }))),
        ...log
          .problems()
          .filter(isMeant)
          .flatMap(({ connection, findings }) => findings.map((one) => ({ connection, ...one }))),
      ],
    });
  },
  "POST /answers": ({ body }, subject) => {
    const { service, token, answer, times } = read(answersBody, body);
    if (service === "apns") {
      serviceOf(subject, service).answer(token, read(apnsAnswerSchema, answer, "answer"), times);
    } else {
      serviceOf(subject, service).answer(token, read(fcmAnswerSchema, answer, "answer"), times);
    }
    return created({});
  },
  "GET /answers": (_, subject) =>
    ok({
      answers: running(subject).flatMap(([service, mock]) => mock.answers.map((one) => ({ service, ...one }))),
    }),
  "DELETE /answers": (_, subject) => {
    for (const [, mock] of running(subject)) mock.clearAnswers();
    return ok({});
  },
  "POST /tokens": ({ body }, subject) => {
    const { service, ...options } = read(tokensBody, body);
    if (service === "fcm" && (options.topic ?? options.environment) !== undefined) {
      const field = options.topic === undefined ? "environment" : "topic";
      throw new AdminRefusal(400, "bad-field", `${field}: tokens of FCM have none.`, field);
    }
    const token =
      service === "apns"
        ? serviceOf(subject, service).issueToken(given(options))
        : serviceOf(subject, service).issueToken(given({ replaces: options.replaces }));
    return created({ service, token });
  },
  "POST /tokens/*/unregister": ({ path, body }, subject) => {
    const { sinceMs } = read(sinceBody, body ?? {});
    mockOf(subject, path[1]!).unregister(path[1]!, sinceMs);
    return ok({});
  },
  "POST /tokens/*/unreachable": ({ path }, subject) => {
    mockOf(subject, path[1]!).unreachable(path[1]!);
    return ok({});
  },
  "POST /tokens/*/reachable": ({ path }, subject) =>
    ok({
      delivered: mockOf(subject, path[1]!)
        .reachable(path[1]!)
        .map(({ number }) => number),
    }),
  "GET /devices": (_, subject) => ok({ devices: devicesOf(subject).list() }),
  "POST /devices": async ({ body }, subject) => {
    const { platform, account: login } = read(devicesBody, body);
    return created(await devicesOf(subject).launch(platform, login));
  },
  "POST /devices/*/terminate": async ({ path }, subject) => {
    if (!(await devicesOf(subject).terminate(path[1]!))) throw noSuchDevice(path[1]!);
    return ok({});
  },
  "POST /devices/*/rotate-token": async ({ path }, subject) => {
    const token = await devicesOf(subject).rotateToken(path[1]!);
    if (token === undefined) throw noSuchDevice(path[1]!);
    return ok({ token });
  },
  "GET /provider-token": (_, subject) => ok(serviceOf(subject, "apns").providerToken()),
  "GET /access-token": async (_, subject) => ok(await serviceOf(subject, "fcm").accessToken()),
};

/** Answers a request to the admin API of stand-alone mocks. @throws AdminRefusal */
export async function answerAdminRequest(request: AdminRequest, subject: AdminSubject): Promise<AdminAnswer> {
  const path = request.path;
  const found = Object.entries(routes).filter(([route]) => fits(route.split(" ")[1] ?? "", path));
  const route = found.find(([name]) => name.startsWith(`${request.method} `))?.[1];
  if (route !== undefined) return await route(request, subject);
  if (found.length === 0)
    throw new AdminRefusal(404, "no-such-path", `There is no /${path.join("/")}. GET / lists what there is.`);
  const methods = found.map(([name]) => name.split(" ")[0]).join(", ");
  throw new AdminRefusal(405, "method", `/${path.join("/")} takes ${methods}.`);
}

function fits(pattern: string, path: readonly string[]): boolean {
  const segments = pattern.split("/").filter((segment) => segment !== "");
  return segments.length === path.length && segments.every((segment, at) => segment === "*" || segment === path[at]);
}

function ok(body: unknown): AdminAnswer {
  return { status: 200, body };
}

function created(body: unknown): AdminAnswer {
  return { status: 201, body };
}

function running({ apns, fcm }: AdminSubject): readonly (readonly [PushServiceName, ApnsMock | FcmMock])[] {
  return [
    ...(apns === undefined ? [] : [["apns", apns] as const]),
    ...(fcm === undefined ? [] : [["fcm", fcm] as const]),
  ];
}

function serviceOf<S extends PushServiceName>(subject: AdminSubject, service: S): NonNullable<AdminSubject[S]> {
  const mock = subject[service];
  if (mock === undefined) throw new AdminRefusal(409, "not-running", `service: ${service} is not running.`, "service");
  return mock;
}

function devicesOf({ devices }: AdminSubject): MockDevices {
  if (devices === undefined)
    throw new AdminRefusal(409, "not-running", "There are no devices: `ringtrue mock device` has them.");
  return devices;
}

function noSuchDevice(name: string): AdminRefusal {
  return new AdminRefusal(404, "no-such-device", `There is no device ${name}. GET /devices lists them.`);
}

/** Whose token it is, where both run by its form: APNs tokens are hexadecimal, those of FCM never. */
function mockOf(subject: AdminSubject, token: string): ApnsMock | FcmMock {
  const [[, only] = [], ...others] = running(subject);
  if (only !== undefined && others.length === 0) return only;
  return serviceOf(subject, /^[\da-f]+$/i.test(token) ? "apns" : "fcm");
}

/** @param below the field the value is in, where it is not the whole body */
function read<T>(schema: z.ZodType<T>, value: unknown, below?: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => ({
    ...issue,
    path: [...(below === undefined ? [] : [below]), ...issue.path],
  }));
  const [message = "The request cannot be read."] = describeIssues(issues, schema);
  // Each message begins with the path of its field.
  const field = /^[\w.]+(?=[: ])/.exec(message)?.[0];
  throw new AdminRefusal(
    400,
    "bad-field",
    message.replace(/^the config/, "The body"),
    field === "the" ? "body" : field,
  );
}
