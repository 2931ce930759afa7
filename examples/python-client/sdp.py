"""Session descriptions (RFC 4566, RFC 3264). There is no media engine behind them: the port is the discard port."""

import ipaddress

AUDIO = ["m=audio 9 RTP/AVP 0 8", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000"]
VIDEO = ["m=video 9 RTP/AVP 96", "a=rtpmap:96 H264/90000"]
REVERSED = {"sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive", "sendrecv": "sendrecv"}


def offer(host: str, version: int, video: bool, direction: str = "sendrecv") -> bytes:
    streams = [[*AUDIO, f"a={direction}"]] + ([[*VIDEO, f"a={direction}"]] if video else [])
    return _described(host, version, streams)


def answer(offered: bytes, host: str, version: int, direction: str = "sendrecv") -> bytes | None:
    """As many streams in the same order; None where none of them can be taken. `direction` is what this end wants."""
    session, *sections = _sections(offered.decode("utf-8", "replace"))
    streams = []
    for section in sections:
        kind, _, protocol, *formats = (section[0] + "   ").split(" ")
        taken = AUDIO if kind == "m=audio" else VIDEO if kind == "m=video" else None
        known = [one for one in formats if _codec(section, one) in ("PCMU", "PCMA", "H264")]
        if taken is None or protocol != "RTP/AVP" or not known:
            streams.append([" ".join([kind, "0", protocol, *formats]).rstrip()])
            continue
        theirs = REVERSED[_direction(section) or _direction(session) or "sendrecv"]
        ours = theirs if direction == "sendrecv" else "sendonly" if theirs in ("sendrecv", "sendonly") else "inactive"
        maps = [line for line in section if line.startswith(f"a=rtpmap:{known[0]} ")]
        streams.append([f"{kind} 9 {protocol} {known[0]}", *maps, f"a={ours}"])
    return _described(host, version, streams) if any(" 9 " in stream[0] for stream in streams) else None


def _described(host: str, version: int, streams: list[list[str]]) -> bytes:
    family = f"IP{ipaddress.ip_address(host).version}"
    session = ["v=0", f"o=- 1 {version} IN {family} {host}", "s=-", f"c=IN {family} {host}", "t=0 0"]
    return "".join(f"{line}\r\n" for line in [*session, *(line for stream in streams for line in stream)]).encode()


def _sections(text: str) -> list[list[str]]:
    sections: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.startswith("m="):
            sections.append([])
        if line:
            sections[-1].append(line)
    return sections


def _direction(section: list[str]) -> str | None:
    return next((line[2:] for line in section if line[2:] in REVERSED), None)


def _codec(section: list[str], number: str) -> str:
    static = {"0": "PCMU", "8": "PCMA"}
    named = (line.split(" ", 1)[1] for line in section if line.startswith(f"a=rtpmap:{number} "))
    return next(named, static.get(number, "")).split("/")[0].upper()
