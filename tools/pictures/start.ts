// README's recording of `npm start -- --once`, from a real run in a terminal of 80 columns: `npm run pictures` writes
// it. Lines scroll through a window when they came in the run; who wants less motion sees the end.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");
const COLUMNS = 80;
const WINDOW = 34;
const LINE = { height: 18, width: 8.43 };
const MARGIN = 16;
/**
 * Seconds that the end stays before it begins again, and that a pause takes at most: nobody reads while nothing
 * comes.
 */
const END_SECONDS = 8;
const PAUSE_SECONDS = 1.2;

/** SGR codes of node:util's styleText, in the colours of a dark terminal. */
const COLOURS: Readonly<Record<string, string>> = {
  31: "#ff7b72",
  32: "#7ee787",
  33: "#f2cc60",
  34: "#79c0ff",
  35: "#d2a8ff",
  36: "#a5d6ff",
  90: "#8b949e",
};

interface Line {
  readonly text: string;
  /** Seconds since the start. */
  readonly at: number;
}

async function recorded(): Promise<Line[]> {
  // A terminal, without a native module: util-linux's script.
  const command = `stty cols ${COLUMNS} && node start/main.ts --once`;
  const child = spawn("script", ["--quiet", "--return", "--flush", "--command", command, "/dev/null"], {
    cwd: ROOT,
    env: { ...process.env, TERM: "xterm-256color" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: Line[] = [];
  const began = performance.now();
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest + chunk).split(/\r?\n/);
    rest = parts.pop() ?? "";
    for (const text of parts) lines.push({ text, at: (performance.now() - began) / 1000 });
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`npm start -- --once ended with ${code ?? "a signal"}: no picture was written.`);
  return lines;
}

const escaped = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

/** A line's runs of one look. */
function spans(text: string): string {
  let classes = "";
  let fill = "";
  return text
    .split(/(\x1b\[[\d;]*m)/)
    .map((part) => {
      const codes = /^\x1b\[([\d;]*)m$/.exec(part)?.[1];
      if (codes === undefined) {
        const look = `${classes}${fill}`;
        return part === "" ? "" : look === "" ? escaped(part) : `<tspan${look}>${escaped(part)}</tspan>`;
      }
      for (const code of codes.split(";")) {
        if (code === "1") classes = ' font-weight="700"';
        else if (code === "2") fill = ` fill="${COLOURS[90] ?? ""}"`;
        else if (code === "22") [classes, fill] = ["", ""];
        else if (code === "39" || code === "0" || code === "") fill = "";
        else if (COLOURS[code] !== undefined) fill = ` fill="${COLOURS[code]}"`;
      }
      return "";
    })
    .join("");
}

/** The same lines with no pause longer than {@link PAUSE_SECONDS}. */
function hurried(lines: readonly Line[]): Line[] {
  let cut = 0;
  return lines.map(({ text, at }, index) => {
    const before = lines[index - 1]?.at ?? 0;
    cut += Math.max(0, at - before - PAUSE_SECONDS);
    return { text, at: at - cut };
  });
}

function picture(lines: readonly Line[]): string {
  const total = (lines.at(-1)?.at ?? 0) + END_SECONDS;
  const width = Math.round(COLUMNS * LINE.width + 2 * MARGIN);
  const height = WINDOW * LINE.height + 2 * MARGIN;
  const scrolled = (shown: number) => Math.max(0, shown - WINDOW) * LINE.height;
  // Lines that came together scroll together.
  const steps = lines.flatMap(({ at }, index) => {
    const next = lines[index + 1];
    const together = next !== undefined && next.at - at < 0.02;
    return together ? [] : [{ at, shown: index + 1 }];
  });
  const frames = steps.map(
    ({ at, shown }) =>
      `${((at / total) * 100).toFixed(2)}%{transform:translateY(${-scrolled(shown)}px);` +
      `clip-path:inset(0 0 ${(lines.length - shown) * LINE.height}px 0)}`,
  );
  const texts = lines.map(
    ({ text }, index) => `<text x="0" y="${(index + 0.75) * LINE.height}" xml:space="preserve">${spans(text)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="npm start">
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #e6edf3 }
.lines { transform: translateY(${-scrolled(lines.length)}px); transform-box: fill-box;
  animation: run ${total.toFixed(1)}s step-end infinite }
@keyframes run {0%{transform:none;clip-path:inset(0 0 100% 0)}
${frames.join("\n")}
100%{transform:translateY(${-scrolled(lines.length)}px)}}
@media (prefers-reduced-motion: reduce) { .lines { animation: none } }
</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
<svg x="${MARGIN}" y="${MARGIN}" width="${width - 2 * MARGIN}" height="${height - 2 * MARGIN}">
<g class="lines"><rect width="1" height="${lines.length * LINE.height}" fill="none"/>
${texts.join("\n")}
</g></svg>
</svg>
`;
}

await writeFile(join(ROOT, "docs", "pictures", "start.svg"), picture(hurried(await recorded())));
