// The picture of README: `npm run pictures` writes it in two colourings. A row is a step of the flow, on the side
// where it happens.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HOPS, type Hop } from "embedded-aws";

const FOLDER = join(import.meta.dirname, "..", "..", "docs", "pictures");

interface Colours {
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly box: string;
  readonly customer: string;
  readonly partner: string;
}
const COLOURS: Readonly<Record<"light" | "dark", Colours>> = {
  light: {
    text: "#1f2328",
    quiet: "#59636e",
    line: "#818b98",
    box: "#ffffff",
    customer: "#ddf4ff",
    partner: "#dafbe1",
  },
  dark: {
    text: "#f0f6fc",
    quiet: "#9198a1",
    line: "#656c76",
    box: "#0d1117",
    customer: "#0c2d6b",
    partner: "#033a16",
  },
};

const WIDTH = 860;
const BOX = { width: 300, height: 52, gap: 26 };
const SIDES = { customer: { x: 20, title: "customer's account" }, partner: { x: 480, title: "partner's account" } };
const SIDE = { width: 360, top: 16, title: 36 };
const ROWS = 6;
const HEIGHT = SIDE.top * 2 + SIDE.title + ROWS * (BOX.height + BOX.gap);

const xOf = ({ side }: Hop): number => SIDES[side].x + (SIDE.width - BOX.width) / 2;
const yOf = ({ row }: Hop): number => SIDE.top + SIDE.title + row * (BOX.height + BOX.gap);
const escaped = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

function sideOf(side: "customer" | "partner", colours: Colours): string {
  const { x, title } = SIDES[side];
  return (
    `<rect x="${x}" y="${SIDE.top}" width="${SIDE.width}" height="${HEIGHT - 2 * SIDE.top}" rx="10" ` +
    `fill="${colours[side]}"/><text x="${x + 16}" y="${SIDE.top + 24}" class="side">${title}</text>`
  );
}

function boxOf(step: Hop): string {
  const [x, y] = [xOf(step), yOf(step)];
  return (
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" class="box"/>` +
    `<text x="${x + 14}" y="${y + 22}">${escaped(step.title)}</text>` +
    `<text x="${x + 14}" y="${y + 41}" class="quiet">${escaped(step.below)}</text>`
  );
}

/** From each step to the next: down within a side, across from one account to the other. */
function arrowTo(step: Hop, from: Hop): string {
  if (step.side === from.side) {
    const x = xOf(step) + BOX.width / 2;
    return `<path d="M${x} ${yOf(from) + BOX.height} V${yOf(step) - 2}" class="arrow"/>`;
  }
  const y = yOf(step) + BOX.height / 2;
  const [start, end] = [xOf(from) + BOX.width, xOf(step)];
  return (
    `<path d="M${start} ${y} H${end - 2}" class="arrow"/>` +
    `<text x="${(start + end) / 2}" y="${y - 8}" class="quiet label">sts:AssumeRole,</text>` +
    `<text x="${(start + end) / 2}" y="${y + 18}" class="quiet label">iot:Publish</text>`
  );
}

function picture(colours: Colours): string {
  const arrows = HOPS.flatMap((step, index) => {
    const from = HOPS[index - 1];
    return from ? [arrowTo(step, from)] : [];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="The flow">
<style>
text { font: 15px system-ui, sans-serif; fill: ${colours.text} }
.quiet { font-size: 13px; fill: ${colours.quiet} }
.side { font-weight: 600 }
.label { text-anchor: middle }
.box { fill: ${colours.box}; stroke: ${colours.line} }
.arrow { fill: none; stroke: ${colours.text}; stroke-width: 1.5; marker-end: url(#head) }
</style>
<marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
<path d="M0 0 8 4 0 8z" fill="${colours.text}"/></marker>
${(["customer", "partner"] as const).map((side) => sideOf(side, colours)).join("\n")}
${HOPS.map(boxOf).join("\n")}
${arrows.join("\n")}
</svg>
`;
}

for (const name of ["light", "dark"] as const)
  await writeFile(join(FOLDER, `flow-${name}.svg`), picture(COLOURS[name]));
