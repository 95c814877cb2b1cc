// Text that comes from messages and names. It is never markup; its direction stays its own, and what can't be seen
// (controls, overrides of direction) is shown as what it is.
import type { ComponentChildren } from "preact";

/** Controls but tab and newline, and what changes the direction of what follows (Unicode: Bidi_Control). */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export const visible = (text: string): string =>
  text.replace(UNSEEN, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

export const Text = ({ children }: { readonly children: ComponentChildren }) => (
  <bdi>{typeof children === "string" ? visible(children) : children}</bdi>
);

/** JSON on lines of its own; other text as it is. */
export function pretty(text: string): string {
  try {
    return visible(JSON.stringify(JSON.parse(text), undefined, 2));
  } catch {
    return visible(text);
  }
}
