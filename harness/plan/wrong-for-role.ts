import type { Role } from "../trace/run-facts.ts";
import type { Action, AnchorName, Phone, Plan } from "./plan.ts";
import { anchorsOf } from "./anchors-of.ts";
import { signallingOf } from "./signalling-of.ts";
import type { Wrong } from "./wrong.ts";

/** Actions that only the player of one role acts out; all others are of both. */
const actionsOf: Readonly<Partial<Record<Action["kind"], Role>>> = {
  "caller.fork": "client",
  "caller.reinvite": "client",
  "caller.options": "client",
  "push.send": "client",
  "registrar.answer": "client",
  "phone.register": "server",
  "phone.background": "client",
  "phone.suspend": "client",
  "phone.log-in": "client",
  "phone.regain-network": "client",
  "phone.change-network": "client",
  "phone.invalidate-token": "client",
  "phone.reset-provider": "client",
  "phone.remove-task": "client",
  "phone.change": "client",
  "user.hold": "client",
};

/** Fields of actions that both roles know, which only one of them does. */
const fieldsOf: Readonly<Record<string, Role>> = {
  form: "client",
  others: "client",
  through: "client",
  status: "server",
};

/** Anchors whose events come in one role alone. */
const anchorRoles: Readonly<Partial<Record<AnchorName, Role>>> = {
  "push.received": "server",
  "push.accepted": "server",
  "push.rejected": "server",
  "audio.activated": "client",
  "media.started": "client",
};

/** What only the player of the other role could act out, or what no phone of this role can be like. */
export function wrongForRole(plan: Plan): Wrong | undefined {
  return plan.role === "client" ? wrongForClient(plan) : wrongForServer(plan);
}

function wrongForServer(plan: Plan): Wrong | undefined {
  const settings = plan.phones.findIndex((phone) => phone.settings !== undefined);
  if (settings >= 0) return [`phones[${settings}].settings`, "only a plan for a client target has them"];
  const special = plan.calls.findIndex(({ invite }) => invite !== undefined);
  if (special >= 0) return [`calls[${special}].invite`, "only a plan for a client target has it"];
  return wrongStep(plan);
}

function wrongForClient(plan: Plan): Wrong | undefined {
  for (const [i, phone] of plan.phones.entries()) {
    const wrong = wrongPhone(phone, `phones[${i}]`);
    if (wrong !== undefined) return wrong;
    const same = plan.phones.findIndex(({ account }) => account === phone.account);
    if (same < i) return [`phones[${i}].account`, `phones[${same}] has it: phones of a client target share none`];
  }
  return wrongStep(plan);
}

function wrongPhone({ app, signalling, pushes }: Phone, path: string): Wrong | undefined {
  if (pushes.length > 0) return [`${path}.pushes`, "a plan for a client target sends pushes by steps (push.send)"];
  const expected = signallingOf[app];
  if (signalling === expected || signalling === "logged-out") return undefined;
  return [`${path}.signalling`, `an app that is ${app} is ${expected}, or logged-out`];
}

function wrongStep({ role, steps }: Plan): Wrong | undefined {
  for (const [i, { after, do: action }] of steps.entries()) {
    const isForeign = (owner: Role | undefined): boolean => owner !== undefined && owner !== role;
    const only = role === "client" ? "server" : "client";
    for (const [path, { on }] of anchorsOf(`steps[${i}].after`, after)) {
      if (isForeign(anchorRoles[on])) return [`${path}.on`, `${on} comes in plans for ${only} targets alone`];
    }
    if (isForeign(actionsOf[action.kind])) {
      return [`steps[${i}].do.kind`, `${action.kind} is for plans for ${only} targets alone`];
    }
    if (action.kind === "push.send") continue;
    const field = Object.keys(action).find((key) => Object.hasOwn(fieldsOf, key) && isForeign(fieldsOf[key]));
    if (field !== undefined) {
      return [`steps[${i}].do.${field}`, `${action.kind} has it in plans for ${only} targets alone`];
    }
  }
  return undefined;
}
