/** The style of the report page: light and dark by the reader's setting, plain on paper. */
export const htmlStyle = `
:root { color-scheme: light dark; --text: #1a1d21; --quiet: #5b6470; --page: #fff; --panel: #f5f6f8; --line: #d5d9df;
  --pass: #1a7f37; --fail: #b3261e; --inconclusive: #8a5a00; --unsupported: #5b6470; --observed: #7aa5d8; --expected: #1a1d21; }
@media (prefers-color-scheme: dark) { :root { --text: #e7eaee; --quiet: #a3acb8; --page: #14171b; --panel: #1d2127; --line: #363c45;
  --pass: #5fc27e; --fail: #ff8a80; --inconclusive: #e5b567; --unsupported: #a3acb8; --observed: #41719f; --expected: #e7eaee; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 2rem 1.25rem 4rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.75rem; margin: 0 0 .25rem; } h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; } h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p { margin: .5rem 0; } .quiet { color: var(--quiet); }
code, pre { font: .875em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.claim { display: block; background: var(--panel); border: 1px solid var(--line); border-left: .375rem solid currentColor; padding: .75rem 1rem; margin: 1rem 0; }
.claim code { color: var(--text); font-size: 1rem; }
.pass { color: var(--pass); } .fail { color: var(--fail); } .inconclusive { color: var(--inconclusive); } .unsupported { color: var(--unsupported); }
.verdict { font-weight: 600; white-space: nowrap; } h1 + p .verdict { border: 2px solid currentColor; border-radius: .375rem; padding: .125rem .625rem; letter-spacing: .03em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .125rem 1.25rem; margin: .5rem 0; } dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } table.counts { width: auto; }
table { font-size: .9375rem; } caption { text-align: left; color: var(--quiet); }
th, td { text-align: left; vertical-align: top; padding: .3125rem .75rem .3125rem 0; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
details { border: 1px solid var(--line); border-radius: .375rem; margin: .5rem 0; padding: .5rem .875rem; } summary { cursor: pointer; }
summary:focus-visible, a:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
pre { white-space: pre-wrap; background: var(--panel); padding: .75rem; margin: .5rem 0; }
a { color: inherit; } th code { white-space: nowrap; overflow-wrap: normal; } th a { text-underline-offset: .2em; }
svg.plot { width: 100%; max-width: 40rem; height: auto; display: block; margin: .5rem 0; } svg.effect { width: 7.5rem; height: 1rem; vertical-align: middle; }
svg text { fill: var(--quiet); font: 11px system-ui, sans-serif; } .observed { fill: var(--observed); }
.expected { stroke: var(--expected); stroke-width: 2; } .axis { stroke: var(--quiet); stroke-width: 1; }
.interval { stroke: var(--pass); stroke-width: 3; } .value { fill: var(--pass); } .off .interval { stroke: var(--inconclusive); } .off .value { fill: var(--inconclusive); }
@media print { :root { color-scheme: light; --text: #000; --quiet: #444; --page: #fff; --panel: #fff; --line: #bbb; --pass: #0b5d23; --fail: #8c1d18;
  --inconclusive: #6b4600; --unsupported: #444; --observed: #9db7d3; --expected: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; } details { break-inside: avoid; border: 0; padding: 0; }
  details::details-content { content-visibility: visible; display: block; } tr, svg { break-inside: avoid; } .screen { display: none; } }
`;
