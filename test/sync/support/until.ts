/** Waits for something that a listener or a server brings about; the test's own time-out ends a wait in vain. */
const LOOK_EVERY_MS = 5

export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
}
