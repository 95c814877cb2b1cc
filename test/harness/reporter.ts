// What mocha prints here: failures and a summary. Of the tests that pass, only their number; on a terminal it counts
// up while they run.
import Mocha from "mocha";

const { EVENT_RUN_END, EVENT_TEST_END } = Mocha.Runner.constants;

class Summary extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const terminal = process.stdout.isTTY;
    let ended = 0;
    runner.on(EVENT_TEST_END, () => {
      ended++;
      if (terminal) process.stdout.write(`\r  ${ended} tests, ${this.failures.length} failed`);
    });
    runner.once(EVENT_RUN_END, () => {
      if (terminal) process.stdout.write("\r\x1b[K");
      this.epilogue();
    });
  }
}

// Mocha loads reporters by require(), which gives a module's export of this name.
export { Summary as "module.exports" };
