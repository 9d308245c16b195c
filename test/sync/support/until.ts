/** Waits for something that a listener or a server brings about; the test's own time-out ends a wait in vain. */
const LOOK_EVERY_MS = 5

/** Long enough for what must not happen to have happened on this machine's own loopback. */
const MOMENT_MS = 50

export async function moment(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, MOMENT_MS))
}

export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
}
