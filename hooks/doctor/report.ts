// What doctor found, for a person.
import { printable } from "../printable.ts";
import type { Finding, Report, Severity } from "./finding.ts";

const MARKS: Readonly<Record<Severity, string>> = { broken: "✗", risk: "!", note: "·" };

/** Whether somebody has to look at it. */
export const needsAttention = ({ findings }: Report): boolean => findings.some(({ severity }) => severity !== "note");

const line = (text: string): string => printable(text, 600);

const found = ({ side, id, severity, what, why, mend }: Finding): string =>
  [`${MARKS[severity]} ${side}: ${line(what)}  [${id}]`, `    ${line(why)}`, `    mend: ${line(mend)}`].join("\n");

export function reportText(report: Report): string {
  const { findings, unseen, checks } = report;
  const count = (severity: Severity) => findings.filter((one) => one.severity === severity).length;
  const sections = [
    ...findings.map(found),
    ...(unseen.length === 0
      ? []
      : [
          [
            "Not looked at, so that nothing is known about it:",
            ...unseen.map(
              ({ side, what, needed, because }) =>
                `? ${side}: ${line(what)}\n    needed: ${line(needed)} (${line(because)})`,
            ),
          ].join("\n"),
        ]),
    `${checks} checks: ${count("broken")} broken, ${count("risk")} at risk, ${count("note")} to know; ` +
      `${unseen.length} things not looked at.`,
  ];
  return sections.join("\n\n");
}
