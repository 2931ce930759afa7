import { readNameAddress } from "./name-address.ts";
import type { ReadNameAddress } from "./name-address.ts";
import type { ParameterOddities } from "./parameters.ts";
import type { HeaderField, NameAddress, Via, WireFinding } from "./sip-message.ts";
import { splitTopLevel } from "./split-top-level.ts";
import { readVia } from "./via.ts";
import { wireFinding } from "./wire-rules.ts";

export interface CSeq {
  readonly number: number;
  readonly method: string;
}

/** The header fields everybody asks for, taken apart once per message. */
export interface InspectedHeaders {
  readonly vias: readonly Via[];
  readonly from: NameAddress | undefined;
  readonly to: NameAddress | undefined;
  readonly fromTag: string | undefined;
  readonly toTag: string | undefined;
  readonly contacts: readonly (NameAddress | "*")[];
  readonly cseq: CSeq | undefined;
  readonly callId: string | undefined;
  readonly maxForwards: number | undefined;
  readonly expires: number | undefined;
}

const decimal = /^[0-9]+$/;
const callIdPattern = /^[^\s,;=@]+(?:@[^\s,;=@]+)?$/;

/**
 * Reads the headers of a message (`requestMethod` undefined: of a response) and notes into `findings` what is wrong with them.
 * The first of a repeated single header counts.
 */
export function inspectHeaders(
  headers: readonly HeaderField[],
  requestMethod: string | undefined,
  findings: WireFinding[],
): InspectedHeaders {
  const vias: Via[] = [];
  const contacts: (NameAddress | "*")[] = [];
  let from: ReadNameAddress | undefined;
  let to: ReadNameAddress | undefined;
  let cseq: CSeq | undefined;
  let callId: string | undefined;
  let maxForwards: number | undefined;
  let expires: number | undefined;
  for (const field of headers) {
    switch (field.name) {
      case "via":
        inspectVias(field, vias, findings);
        break;
      case "from":
        from ??= inspectNameAddress(field.value, "from", findings);
        break;
      case "to":
        to ??= inspectNameAddress(field.value, "to", findings);
        break;
      case "contact":
        inspectContacts(field, contacts, findings);
        break;
      case "cseq":
        cseq ??= inspectCSeq(field.value, requestMethod, findings);
        break;
      case "call-id":
        if (callId === undefined && !callIdPattern.test(field.value))
          findings.push(wireFinding("bad-call-id", field.value));
        callId ??= field.value;
        break;
      case "max-forwards":
        maxForwards ??= decimalUpTo(field.value, 255);
        if (decimalUpTo(field.value, 255) === undefined)
          findings.push(wireFinding("max-forwards-invalid", field.value));
        break;
      case "expires":
        expires ??= decimalUpTo(field.value, 2 ** 32 - 1);
        if (decimalUpTo(field.value, 2 ** 32 - 1) === undefined)
          findings.push(wireFinding("expires-invalid", field.value));
        break;
    }
  }
  return {
    vias,
    from: from?.address,
    to: to?.address,
    fromTag: from?.params.get("tag") ?? undefined,
    toTag: to?.params.get("tag") ?? undefined,
    contacts,
    cseq,
    callId,
    maxForwards,
    expires,
  };
}

function inspectVias(field: HeaderField, into: Via[], findings: WireFinding[]): void {
  for (const value of splitTopLevel(field.value, ",")) {
    const { via, oddities } = readVia(value);
    if (via === undefined || oddities.empty) findings.push(wireFinding("bad-via", value));
    noteRepeated(oddities, value, findings);
    if (via !== undefined) into.push(via);
  }
}

function inspectContacts(field: HeaderField, into: (NameAddress | "*")[], findings: WireFinding[]): void {
  if (field.value === "*") {
    into.push("*");
    return;
  }
  for (const value of splitTopLevel(field.value, ",")) {
    const read = inspectNameAddress(value, "contact", findings);
    const equals = read.headerOddities.equals ?? read.uriOddities.equals;
    if (equals !== undefined) findings.push(wireFinding("contact-param-equals", `${equals} in ${value}`));
    if (read.address !== undefined) into.push(read.address);
  }
}

function inspectNameAddress(value: string, name: "from" | "to" | "contact", findings: WireFinding[]): ReadNameAddress {
  const read = readNameAddress(value);
  if (read.address === undefined || read.headerOddities.empty || read.uriOddities.empty) {
    findings.push(wireFinding(`bad-${name}`, value === "" ? "the value is empty" : value));
  }
  noteRepeated(read.headerOddities, value, findings);
  noteRepeated(read.uriOddities, value, findings);
  if (read.unquotedDisplayName) findings.push(wireFinding("name-address-unquoted-display-name", value));
  if (read.bracketsMissing) findings.push(wireFinding("name-address-without-brackets", value));
  return read;
}

function noteRepeated(oddities: ParameterOddities, value: string, findings: WireFinding[]): void {
  if (oddities.repeated !== undefined)
    findings.push(wireFinding("duplicate-parameter", `${oddities.repeated} in ${value}`));
}

function inspectCSeq(value: string, requestMethod: string | undefined, findings: WireFinding[]): CSeq | undefined {
  const match = /^([0-9]+)\s+([^\s]+)$/.exec(value);
  if (match?.[1] === undefined || match[2] === undefined) {
    findings.push(wireFinding("cseq-invalid", value));
    return undefined;
  }
  const cseq: CSeq = { number: Number(match[1]), method: match[2] };
  if (cseq.number >= 2 ** 31) findings.push(wireFinding("cseq-too-large", value));
  if (requestMethod !== undefined && requestMethod !== cseq.method) {
    findings.push(wireFinding("cseq-method-differs", `CSeq ${value} in a ${requestMethod} request`));
  }
  return cseq;
}

function decimalUpTo(value: string, most: number): number | undefined {
  if (!decimal.test(value)) return undefined;
  const number = Number(value);
  return number <= most ? number : undefined;
}
