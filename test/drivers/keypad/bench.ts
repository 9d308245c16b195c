/** A keypad's driver with its unit's other end. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { superviseKeypad } from '../../../drivers/keypad/driver.ts'
import { KEYPAD_TIMINGS, type KeypadTimings } from '../../../drivers/keypad/timings.ts'
import { type KeypadSimulatorOptions, startKeypadSimulator } from '../../../drivers/simulators/keypad.ts'
import { closing, ready, until } from '../support.ts'

/** Long against the debounce: what has not been told by then never will be. */
const SETTLED_MS = 3 * KEYPAD_TIMINGS.debounceMs
export const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SETTLED_MS))

export const TCP = 'tcp://127.0.0.1:0'

/** A stable name in a folder of its own, as /dev/serial/by-id has them. */
export function pty(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keypad-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return `pty:${join(folder, 'usb-evaluator')}`
}

interface Given extends Partial<KeypadSimulatorOptions> {
  timings?: Partial<KeypadTimings>
}

export async function bench({ timings, ...given }: Given = {}) {
  const simulator = closing(await startKeypadSimulator({ listen: TCP, ...given }))
  const { profile } = given
  const driver = profile === 'example-table' ? 'table' : 'ff68'
  const keypad = closing(
    superviseKeypad({ driver, port: simulator.port, profile }, { ...KEYPAD_TIMINGS, ...timings }),
  )
  const keys: number[] = []
  keypad.onKey((key) => keys.push(key))
  await ready(keypad)
  /** Asks, and waits until the unit does. */
  const ask = async (): Promise<void> => {
    const before = simulator.starts()
    keypad.startRating()
    await until('the unit asks', () => simulator.asking() && simulator.starts() > before)
  }
  const told = (count = 1): Promise<void> => until(`${count} keys are told`, () => keys.length === count)
  return { simulator, keypad, keys, ask, told }
}
