/** The page's own style: light and dark by the reader's preference, one column on a phone. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #1b2430; --soft: #5a6675; --line: #dde2e9; --code: #f0f3f7;
  --pass: #17754a; --pass-tint: #e0f3e9; --fail: #b3261e; --fail-tint: #fdeceb; --open: #8a5a00; --open-tint: #fdf3dc;
  --mute: #566170; --mute-tint: #e9edf2; --link: #0b5cad;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10151b; --card: #181f28; --ink: #e4e9ef; --soft: #9aa7b6; --line: #2c3743; --code: #111820;
    --pass: #5fd39a; --pass-tint: #12332a; --fail: #ff8a80; --fail-tint: #3b1b1d; --open: #f2c14e; --open-tint: #362a10;
    --mute: #a4b0be; --mute-tint: #26303b; --link: #7db8ff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 0 20px 64px; }
code, pre, .time { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { font-size: .93em; overflow-wrap: anywhere; }
a { color: var(--link); }
h1, h2, h3, h4, p { margin: 0; }
h2 { font-size: 1.15rem; margin: 40px 0 12px; }
h4 { font-size: .8rem; text-transform: uppercase; letter-spacing: .06em; color: var(--soft); margin: 22px 0 8px; }
[hidden] { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.hint { color: var(--soft); font-size: .87rem; }

.verdict { background: var(--card); border-bottom: 1px solid var(--line); border-top: 6px solid var(--mute); }
.verdict > div { max-width: 1080px; margin: 0 auto; padding: 28px 20px 26px; }
.verdict .tool { color: var(--soft); font-size: .87rem; }
.verdict h1 { font-size: clamp(1.5rem, 5vw, 2.1rem); line-height: 1.2; letter-spacing: -.01em; margin: 4px 0 6px; }
.verdict .target { font-size: 1.05rem; overflow-wrap: anywhere; }
.verdict.pass { border-top-color: var(--pass); } .verdict.pass h1 { color: var(--pass); }
.verdict.fail, .verdict.error { border-top-color: var(--fail); } .verdict.fail h1, .verdict.error h1 { color: var(--fail); }
.verdict.inconclusive, .verdict.pass-with-waivers { border-top-color: var(--open); }
.verdict.inconclusive h1, .verdict.pass-with-waivers h1 { color: var(--open); }
.bar { display: flex; height: 10px; border-radius: 5px; overflow: hidden; gap: 2px; margin: 20px 0 10px; background: var(--card); }
.bar span { min-width: 4px; background: var(--mute); opacity: .45; }
.bar .pass { background: var(--pass); opacity: 1; } .bar .fail { background: var(--fail); opacity: 1; }
.bar .waived, .bar .inconclusive { background: var(--open); opacity: 1; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; margin: 0; padding: 0; font-size: .93rem; }
.legend b { font-variant-numeric: tabular-nums; }
.legend .pass b { color: var(--pass); } .legend .fail b { color: var(--fail); }
.legend .waived b, .legend .inconclusive b { color: var(--open); }
.reasons { margin: 18px 0 0; padding-left: 1.2em; overflow-wrap: anywhere; }
.reasons.warnings { color: var(--soft); margin-top: 8px; }
.reasons.warnings li::after { content: " (does not count)"; }

.chip { display: inline-block; justify-self: start; border-radius: 4px; padding: 1px 8px; font-size: .8rem; font-weight: 600; white-space: nowrap; color: var(--mute); background: var(--mute-tint); }
.chip.pass { color: var(--pass); background: var(--pass-tint); }
.chip.fail { color: var(--fail); background: var(--fail-tint); }
.chip.waived, .chip.inconclusive { color: var(--open); background: var(--open-tint); }
.level { color: var(--soft); font-size: .87rem; }

.failure { background: var(--card); border: 1px solid var(--line); border-left: 5px solid var(--fail); border-radius: 8px; padding: 20px 22px 22px; margin: 0 0 22px; }
.failure.waived { border-left-color: var(--open); }
.failure h3 { font-size: 1.15rem; margin-top: 6px; }
.failure .title { font-size: 1.02rem; overflow-wrap: anywhere; }
blockquote { margin: 14px 0; padding: 2px 0 2px 14px; border-left: 3px solid var(--line); overflow-wrap: anywhere; }
blockquote p { font-style: italic; }
blockquote p::before { content: "“"; } blockquote p::after { content: "”"; }
blockquote footer { color: var(--soft); font-size: .87rem; }
.compare { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; margin: 16px 0; }
.compare > div { border-radius: 6px; padding: 10px 14px; }
.compare .expected { background: var(--pass-tint); } .compare .actual { background: var(--fail-tint); }
.compare dt { font-size: .8rem; font-weight: 600; } .compare .expected dt { color: var(--pass); } .compare .actual dt { color: var(--fail); }
.compare dd { margin: 2px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.pairs { display: grid; grid-template-columns: max-content 1fr; gap: 5px 18px; margin: 0; }
.pairs dt { color: var(--soft); } .pairs dd { margin: 0; overflow-wrap: anywhere; }
.plan { margin: 0; padding-left: 1.2em; overflow-wrap: anywhere; }
.plan li { margin: 2px 0; }
pre { margin: 0; padding: 12px 14px; background: var(--code); border: 1px solid var(--line); border-radius: 6px; font-size: 12.5px; line-height: 1.5; overflow-x: auto; tab-size: 4; }
.command { white-space: pre-wrap; overflow-wrap: anywhere; user-select: all; }

.ladder { margin-top: 8px; border: 1px solid var(--line); border-radius: 6px; font-size: 13px; }
.ladder .row > summary, .ladder div.row { display: grid; grid-template-columns: 62px minmax(0, calc(var(--lanes) * 72px)) minmax(150px, 1fr); column-gap: 12px; align-items: center; min-height: 27px; padding: 0 12px 0 9px; border-left: 3px solid transparent; }
.ladder .head { position: sticky; top: 0; z-index: 2; background: var(--card); border-bottom: 1px solid var(--line); border-radius: 6px 6px 0 0; color: var(--soft); }
.ladder .lanes { position: relative; align-self: stretch; min-height: 27px;
  background: linear-gradient(to right, transparent calc(50% - .5px), var(--line) calc(50% - .5px), var(--line) calc(50% + .5px), transparent calc(50% + .5px)) 0 0 / calc(100% / var(--lanes)) 100% repeat-x; }
.ladder .head .lanes { display: flex; background: none; }
.ladder .head .lanes span { flex: 1 1 0; min-width: 0; text-align: center; align-self: center; font-weight: 600; }
.ladder .time { color: var(--soft); font-size: 11.5px; text-align: right; font-variant-numeric: tabular-nums; }
.ladder .label { padding: 3px 0; min-width: 0; overflow-wrap: anywhere; }
.ladder summary { cursor: pointer; list-style: none; }
.ladder summary::-webkit-details-marker { display: none; }
.ladder summary .what { text-decoration: underline dotted var(--soft); text-underline-offset: 3px; }
.ladder summary:hover { background: var(--mute-tint); }
.ladder details > pre { margin: 2px 12px 12px; white-space: pre-wrap; overflow-wrap: anywhere; }
.arrow { position: absolute; top: 50%; border-top: 1.5px solid var(--ink); }
.arrow::after { content: ""; position: absolute; top: -5.25px; border: 4.5px solid transparent; }
.arrow.right::after { right: 0; border-left: 7px solid var(--ink); border-right: 0; }
.arrow.left::after { left: 0; border-right: 7px solid var(--ink); border-left: 0; }
.dot { position: absolute; top: 50%; width: 7px; height: 7px; margin: -3.5px 0 0 -3.5px; border-radius: 50%; background: var(--soft); }
.ladder .violation > summary, .ladder div.row.violation { background: var(--fail-tint); border-left-color: var(--fail); }
.ladder .violation .what { font-weight: 700; }
.ladder .violation .arrow, .ladder .violation .arrow::after { border-top-color: var(--fail); }
.ladder .violation .arrow::after { border-top-color: transparent; }
.ladder .violation .arrow.right::after { border-left-color: var(--fail); }
.ladder .violation .arrow.left::after { border-right-color: var(--fail); }
.ladder .violation .dot { background: var(--fail); }
.ladder .evidence > summary, .ladder div.row.evidence { background: var(--open-tint); border-left-color: var(--open); }
.tag { margin-left: 4px; font-size: 11.5px; font-weight: 700; white-space: nowrap; color: var(--open); }
.violation .tag { color: var(--fail); }
.mark { display: inline-block; margin-left: 4px; padding: 0 6px; border-radius: 4px; font-size: 11.5px; color: var(--mute); background: var(--mute-tint); overflow-wrap: anywhere; }
.left-out { padding: 6px 12px; color: var(--soft); }

.filter { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 12px; }
.filter input { flex: 1 1 200px; min-width: 0; }
.filter input, .filter button { font: inherit; font-size: .9rem; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 5px 12px; min-height: 36px; }
.filter button { cursor: pointer; }
.filter button[aria-pressed="true"] { border-color: var(--ink); background: var(--ink); color: var(--page); }
.filter :focus-visible, summary:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.requirements { background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.requirement + .requirement { border-top: 1px solid var(--line); }
.requirement > summary { display: grid; grid-template-columns: 142px minmax(0, 1fr) 52px 64px; gap: 12px; align-items: baseline; padding: 8px 14px; cursor: pointer; list-style: none; }
.requirement > summary::-webkit-details-marker { display: none; }
.requirement > summary:hover { background: var(--mute-tint); }
.requirement .name code { font-weight: 600; margin-right: 6px; }
.requirement .name .title { color: var(--soft); overflow-wrap: anywhere; }
.requirement .tally { text-align: right; color: var(--soft); font-variant-numeric: tabular-nums; }
.requirement .more { padding: 2px 18px 14px 168px; }
.requirement .reason { overflow-wrap: anywhere; }
#none { padding: 14px; color: var(--soft); }

.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 7px 14px; vertical-align: baseline; }
th { color: var(--soft); font-weight: 600; font-size: .87rem; }
tbody tr { border-top: 1px solid var(--line); }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.bad { color: var(--fail); font-weight: 700; } .open { color: var(--open); font-weight: 700; }
.fold { margin-top: 16px; }
.fold > summary { cursor: pointer; color: var(--link); margin-bottom: 8px; }

@media (max-width: 640px) {
  main { padding: 0 12px 48px; }
  .verdict > div { padding: 20px 12px; }
  .failure { padding: 16px 14px; }
  .compare { grid-template-columns: 1fr; }
  .pairs { grid-template-columns: 1fr; gap: 0; }
  .pairs dd { margin-bottom: 8px; }
  .requirement > summary { grid-template-columns: 1fr auto auto; gap: 4px 12px; padding: 10px 12px; }
  .requirement .chip { justify-self: start; }
  .requirement .name { grid-column: 1 / -1; grid-row: 2; }
  .requirement .name .title { display: block; }
  .requirement .more { padding: 0 12px 14px; }
  .ladder { margin-left: -8px; margin-right: -8px; }
  .ladder .row > summary, .ladder div.row { grid-template-columns: 50px minmax(0, 1fr); column-gap: 6px; padding: 3px 6px 0 3px; }
  .ladder .label { grid-column: 2; grid-row: 1; padding-bottom: 0; }
  .ladder .lanes { grid-column: 1 / -1; grid-row: 2; min-height: 18px; }
  .ladder .time { grid-row: 1; align-self: start; padding-top: 4px; }
  .ladder .head { padding: 4px 6px 4px 3px !important; }
  .ladder .head .time, .ladder .head .label { display: none; }
  .ladder .head .lanes { grid-row: 1; font-size: 12px; }
  .ladder .row + .row { border-top: 1px solid var(--line); }
  th, td { padding: 7px 10px; }
}
@media print { .filter { display: none; } .failure { break-inside: avoid-page; } body { background: none; } }
`;
