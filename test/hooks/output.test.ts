// When a command has colours.
import { expect } from "chai";
import { wantsColour } from "../../hooks/output.ts";

it("a command has colours on a terminal that has some, and nowhere else", () => {
  const on = (isTTY: boolean, colours: boolean) => wantsColour({ isTTY, hasColors: () => colours });
  expect([on(true, true), on(true, false), on(false, true)]).to.deep.equal([true, false, false]);
});
