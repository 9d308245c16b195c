import type { Page } from 'playwright-core'
import type { Looks } from './scenes.ts'

/** UX.md's measures, taken in the page as it stands. Each answer names what breaks one, and by how much. */
export async function measure(
  page: Page,
  looks: Looks,
  role: 'terminal' | 'pad' = 'terminal',
): Promise<string[]> {
  return page.evaluate(
    ({ leastContrast, leastCapital, touchableBelow }) => {
      const LEAST_TOUCH_MM = 20
      const LEAST_GAP_MM = 3
      const ROUNDING_MM = 0.15
      const CAPITAL_OF_EM = 0.733
      const faults: string[] = []
      const root = getComputedStyle(document.documentElement)
      const mm = Number.parseFloat(root.getPropertyValue('--mm'))
      const panel = document.querySelector('#panel')?.getBoundingClientRect()
      if (panel === undefined) return ['no panel']

      type Colour = [number, number, number, number]
      const canvas = document.createElement('canvas')
      canvas.width = 1
      canvas.height = 1
      const brush = canvas.getContext('2d', { willReadFrequently: true })
      const colour = (text: string): Colour => {
        if (brush === null) return [0, 0, 0, 1]
        brush.clearRect(0, 0, 1, 1)
        brush.fillStyle = text
        brush.fillRect(0, 0, 1, 1)
        const [r = 0, g = 0, b = 0, a = 0] = brush.getImageData(0, 0, 1, 1).data
        return [r, g, b, a / 255]
      }
      const over = (top: Colour, below: Colour): Colour => {
        const mix = (i: 0 | 1 | 2) => top[i] * top[3] + below[i] * (1 - top[3])
        return [mix(0), mix(1), mix(2), 1]
      }
      const backgrounds = (element: Element): Colour[] => {
        const layers: Colour[][] = []
        for (let one: Element | null = element; one !== null; one = one.parentElement) {
          const style = getComputedStyle(one)
          const stops = style.backgroundImage.match(/rgba?\([^)]*\)/g)
          const found = stops === null ? [colour(style.backgroundColor)] : stops.map(colour)
          layers.push(found)
          if (found.every((each) => each[3] === 1)) break
        }
        return layers.reduceRight<Colour[]>(
          (below, tops) => tops.flatMap((top) => below.map((each) => over(top, each))),
          [[255, 255, 255, 1]],
        )
      }
      const luminance = ([r, g, b]: Colour) => {
        const linear = (value: number) =>
          value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4
        return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
      }
      const contrast = (a: Colour, b: Colour) => {
        const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
        return (light + 0.05) / (dark + 0.05)
      }

      const visible = (element: Element) =>
        element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
      const covered = (element: Element) => element.closest('[inert]') !== null
      const named = (element: Element) => (element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 24)

      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const element = node.parentElement
        if (element === null || node.textContent?.trim() === '' || !visible(element) || covered(element))
          continue
        if (element.closest('.unseen, script, style, svg') !== null) continue
        const range = document.createRange()
        range.selectNodeContents(node)
        const box = range.getBoundingClientRect()
        if (box.width === 0) continue
        const style = getComputedStyle(element)
        const capital = (Number.parseFloat(style.fontSize) * CAPITAL_OF_EM) / mm
        if (capital < leastCapital - 0.05) faults.push(`capital ${capital.toFixed(2)} mm: ${named(element)}`)
        const text = colour(style.color)
        const least = Math.min(...backgrounds(element).map((ground) => contrast(over(text, ground), ground)))
        if (least < leastContrast) faults.push(`contrast ${least.toFixed(2)}: ${named(element)}`)
        // A page of a long text, or the first lines of one: what is cut off is cut off on purpose.
        const paged = element.closest('.frame, .clamped')
        if (
          paged === null &&
          (box.right > panel.right + 1 || box.left < panel.left - 1 || box.bottom > panel.bottom + 1)
        ) {
          faults.push(`outside the panel: ${named(element)}`)
        }
        for (let box2: Element | null = element; box2 !== null && paged === null; box2 = box2.parentElement) {
          if (!box2.classList.contains('button') && !box2.classList.contains('page')) continue
          const around = box2.getBoundingClientRect()
          if (box.right > around.right + 1 || box.bottom > around.bottom + 1 || box.top < around.top - 1) {
            faults.push(`spills from its button: ${named(element)}`)
          }
        }
      }

      const buttons = [...document.querySelectorAll('button')].filter((one) => visible(one) && !covered(one))
      const boxes = buttons.map((button) => ({ button, box: button.getBoundingClientRect() }))
      for (const { button, box } of boxes) {
        if (button.classList.contains('wake')) continue
        const [width, height] = [box.width / mm, box.height / mm]
        if (Math.min(width, height) < LEAST_TOUCH_MM - ROUNDING_MM) {
          faults.push(`target ${width.toFixed(1)} × ${height.toFixed(1)} mm: ${named(button)}`)
        }
        if (box.top < panel.top + panel.height * touchableBelow - 1) {
          faults.push(
            `touchable at ${(((box.top - panel.top) / panel.height) * 100).toFixed(1)} %: ${named(button)}`,
          )
        }
        for (const other of boxes) {
          if (other.button === button || other.button.classList.contains('wake')) continue
          const across = Math.max(other.box.left - box.right, box.left - other.box.right)
          const down = Math.max(other.box.top - box.bottom, box.top - other.box.bottom)
          const gap = Math.max(across, down) / mm
          if (gap < LEAST_GAP_MM - ROUNDING_MM)
            faults.push(`gap ${gap.toFixed(2)} mm: ${named(button)} / ${named(other.button)}`)
        }
      }

      for (const element of document.querySelectorAll(
        '.shell, .touched, .stage, .sheet, .paged-list, .lead, .told, .hero, .pad-page, .card',
      )) {
        if (covered(element) || !visible(element)) continue
        if (
          element.scrollHeight > element.clientHeight + 1 &&
          getComputedStyle(element).display !== 'inline'
        ) {
          faults.push(`overflows by ${element.scrollHeight - element.clientHeight} px: .${element.className}`)
        }
      }
      for (const element of document.querySelectorAll('h1, h2, p, span, dd, small')) {
        if (
          visible(element) &&
          element.closest('.frame, .unseen, .clamped') === null &&
          element.scrollWidth > element.clientWidth + 2 &&
          element.clientWidth > 0
        ) {
          faults.push(`too wide by ${element.scrollWidth - element.clientWidth} px: ${named(element)}`)
        }
      }
      return [...new Set(faults)]
    },
    {
      leastContrast: looks.preferences.highContrast ? 10 : 7,
      leastCapital: looks.preferences.largeType ? 6.4 : 4.8,
      // A pad is within reach as a whole.
      touchableBelow: role === 'pad' ? 0 : looks.preferences.reach ? 0.55 : 0.4,
    },
  )
}
