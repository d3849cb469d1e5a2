/** The end of a process whose device may have left something running: a hung call keeps timers, sockets and threads alive. */

/** Longer than what is written takes to reach a reader. */
const graceMs = 1000;

/** Ends the process with its exit code once the command's result is out, if it does not end by itself. */
export function endSoon(): void {
  const end = (): void => {
    if (process.stdout.writableLength === 0) process.exit();
    setTimeout(end, graceMs).unref();
  };
  setTimeout(end, graceMs).unref();
}
