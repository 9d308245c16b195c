/**
 * The technician's way from a device's own page to `/setup/`: five touches in the upper left corner within three
 * seconds, or Ctrl+Alt+S where touch is dead. Nobody finds it by chance, since nothing is to be touched in that corner;
 * and whoever finds it stands before a PIN. It opens at rest alone: a citizen's session or a question is nobody's to
 * take away.
 */

const TOUCHES = 5
const WITHIN_MS = 3_000
/** A finger's breadth and a half from each edge. */
const CORNER_MM = 25
const SETUP = '/setup/'

/** `begins`: nobody is served here; `goes-on`: nobody is, but for what the touches themselves have woken. */
export type Quiet = 'begins' | 'goes-on' | 'no'

/** @returns tells whether this touch completes the gesture; places are millimetres from the panel's upper left corner */
export const cornerCount = (): ((touch: {
  xMm: number
  yMm: number
  atMs: number
  quiet: Quiet
}) => boolean) => {
  let times: number[] = []
  return ({ xMm, yMm, atMs, quiet }) => {
    const inCorner = xMm >= 0 && yMm >= 0 && xMm <= CORNER_MM && yMm <= CORNER_MM
    if (!inCorner || quiet === 'no' || (quiet === 'goes-on' && times.length === 0)) {
      times = []
      return false
    }
    times = [...times.filter((time) => atMs - time < WITHIN_MS), atMs]
    // What has begun at rest goes on at rest's heels only.
    if (times.length === 1 && quiet === 'goes-on') times = []
    if (times.length < TOUCHES) return false
    times = []
    return true
  }
}

export interface WayToSetup {
  quiet: () => Quiet
  /** Ends what the touches have woken; the page is left when it is over. */
  end: () => Promise<unknown>
}

/** @returns how to stop */
export const openWayToSetup = ({ quiet, end }: WayToSetup): (() => void) => {
  const completes = cornerCount()
  let going = false
  const go = async (): Promise<void> => {
    if (going) return
    going = true
    await end()
    location.assign(SETUP)
  }
  const touched = (event: PointerEvent): void => {
    if (!event.isPrimary) return
    const panel = document.querySelector('#panel')?.getBoundingClientRect()
    const mm = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--mm'))
    if (panel === undefined || !(mm > 0)) return
    const xMm = (event.clientX - panel.left) / mm
    const yMm = (event.clientY - panel.top) / mm
    if (completes({ xMm, yMm, atMs: event.timeStamp, quiet: quiet() })) void go()
  }
  const keyed = (event: KeyboardEvent): void => {
    if (!event.ctrlKey || !event.altKey || event.code !== 'KeyS' || quiet() === 'no') return
    event.preventDefault()
    void go()
  }
  // Before any button hears of it: a page that changes beneath the finger must not lose one.
  window.addEventListener('pointerdown', touched, { capture: true })
  window.addEventListener('keydown', keyed, { capture: true })
  return () => {
    window.removeEventListener('pointerdown', touched, { capture: true })
    window.removeEventListener('keydown', keyed, { capture: true })
  }
}
