// A function's clock: the machine's, and what the cloud's was moved on by. Whatever asks `Date` for the time gets the
// cloud's, as on AWS; timers, time-outs and `performance` go on with the machine, which is what the process lives by.
const MachineDate = Date;
let offset = 0;

/** Milliseconds since 1970, by the machine. */
export const machineNow = MachineDate.now;

/** Takes effect at once. Nobody moves the clock while a function runs. */
export const setClockOffset = (ms) => {
  offset = Number(ms) || 0;
};

const now = () => machineNow() + offset;

export function shiftDate() {
  globalThis.Date = new Proxy(MachineDate, {
    apply: () => new MachineDate(now()).toString(),
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
    get: (target, property) => (property === "now" ? now : Reflect.get(target, property)),
  });
  MachineDate.prototype.constructor = globalThis.Date;
}
