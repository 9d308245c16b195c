import { describe, expect, it } from 'vitest'
import { panelBox, pixelsPerMillimetre } from '../../ui/shared/units.ts'

const terminal = { width: 1080, height: 1920 }
const pad = { width: 1280, height: 800 }

describe('a millimetre on a panel', () => {
  it('follows from its diagonal and resolution', () => {
    expect(pixelsPerMillimetre(terminal, 27)).toBeCloseTo(3.2123, 3)
    expect(pixelsPerMillimetre(terminal, 21.5)).toBeCloseTo(4.034, 3)
    expect(pixelsPerMillimetre(pad, 10.1)).toBeCloseTo(5.8838, 3)
  })

  it('is larger on a smaller panel of the same resolution', () => {
    expect(pixelsPerMillimetre(terminal, 21.5)).toBeGreaterThan(pixelsPerMillimetre(terminal, 32))
  })
})

describe('the panel', () => {
  it('is the whole viewport on a device', () => {
    expect(panelBox(terminal, 'portrait')).toEqual(terminal)
    expect(panelBox({ width: 1200, height: 1600 }, 'portrait')).toEqual({ width: 1200, height: 1600 })
    expect(panelBox(pad, 'landscape')).toEqual(pad)
  })

  it('keeps the device’s shape inside a desk’s monitor', () => {
    expect(panelBox({ width: 1920, height: 1080 }, 'portrait')).toEqual({ width: 607.5, height: 1080 })
    expect(panelBox({ width: 800, height: 1200 }, 'landscape')).toEqual({ width: 800, height: 500 })
  })
})
