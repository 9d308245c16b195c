import { describe, expect, it } from 'vitest'
import { cornerCount, type Quiet } from '../../ui/shared/way-to-setup.ts'

const CORNER = { xMm: 4, yMm: 6 }

/** Touches in the corner at these moments, in milliseconds; whether each has opened the way. */
const touches = (times: number[], quiet: (place: number) => Quiet = () => 'begins'): boolean[] => {
  const completes = cornerCount()
  return times.map((atMs, place) => completes({ ...CORNER, atMs, quiet: quiet(place) }))
}

describe('the way to setup', () => {
  it('opens at the fifth touch in the corner within three seconds, and begins anew then', () => {
    expect(touches([0, 500, 1000, 1500, 2000])).toEqual([false, false, false, false, true])
    expect(touches([0, 100, 200, 300, 400, 500])).toEqual([false, false, false, false, true, false])
  })

  it('does not open for touches that take longer', () => {
    expect(touches([0, 800, 1600, 2400, 3200])).not.toContain(true)
    expect(touches([0, 800, 1600, 2400, 3100, 3200])).toContain(true)
  })

  it('does not open when one of them is elsewhere', () => {
    const completes = cornerCount()
    const places = [CORNER, CORNER, { xMm: 60, yMm: 6 }, CORNER, CORNER, CORNER]
    const opened = places.map((place, at) => completes({ ...place, atMs: at * 100, quiet: 'begins' }))
    expect(opened).not.toContain(true)
  })

  it('begins at rest alone, goes on where the first touch has woken the page, and never in a session', () => {
    expect(touches([0, 100, 200, 300, 400], (place) => (place === 0 ? 'begins' : 'goes-on'))).toContain(true)
    expect(touches([0, 100, 200, 300, 400, 500], () => 'goes-on')).not.toContain(true)
    expect(touches([0, 100, 200, 300, 400, 500], (place) => (place === 3 ? 'no' : 'begins'))).not.toContain(
      true,
    )
    // What began at rest long ago does not count at home.
    const late = [0, 100, 200, 5000, 5100, 5200, 5300, 5400]
    expect(touches(late, (place) => (place < 3 ? 'begins' : 'goes-on'))).not.toContain(true)
  })
})
